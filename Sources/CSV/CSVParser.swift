/// Parses a CSV file into records and notes what is wrong with it.
///
/// Works on bytes, not characters: a recording has hundreds of thousands of short fields.
struct CSVParser {
  /// The first record is the header.
  private(set) var records: [[String]] = []
  /// See `CSVTable.damage`.
  private(set) var damage: [String] = []
  /// Whether parsing stopped because there are too many fields.
  private(set) var hasTooMany = false

  /// The most faulty rows to describe; further ones are only counted.
  private static let mostFaults = 5
  private var omitted = 0

  /// The most empty fields to pad short rows with: a very wide header and many short rows make a large table from a
  /// small file.
  private static let mostFilled = 1 << 22

  init(_ bytes: [UInt8], mostFields: Int) {
    let comma = UInt8(ascii: ","), quote = UInt8(ascii: "\"")
    let lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
    var record: [String] = []
    var field: [UInt8] = []
    var inQuotes = false, wasQuoted = false, hasZero = false
    // Where the current record starts, and the current line.
    var start = 1, line = 1
    var fields = 0, filled = 0
    var next = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0  // a byte order mark, as spreadsheets write it
    func endField() {
      record.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    func endRecord() {
      defer {
        start = line
        hasZero = false
      }
      if record.isEmpty && field.isEmpty && !wasQuoted { return }
      endField()
      fields += record.count
      filled += max(0, (records.first?.count ?? 0) - record.count)
      hasTooMany = fields > mostFields || filled > Self.mostFilled
      if hasZero { add("line \(start) has a zero byte") }
      if let header = records.first, header.count != record.count {
        add("line \(start) has \(record.count) fields where the header has \(header.count)")
      }
      records.append(record)
      // Growing incrementally would take up to twice the memory.
      record = []
      record.reserveCapacity(records[0].count)
      wasQuoted = false
    }
    while next < bytes.count && !hasTooMany {
      let byte = bytes[next]
      next += 1
      if byte == lineFeed { line += 1 }
      if byte == 0 { hasZero = true }
      if inQuotes {
        if byte != quote {
          field.append(byte)
        } else if next < bytes.count && bytes[next] == quote {
          field.append(quote)
          next += 1
        } else {
          inQuotes = false
        }
      } else if byte == quote && field.isEmpty {
        inQuotes = true
        wasQuoted = true
      } else if byte == comma {
        endField()
        if record.count > mostFields { hasTooMany = true }
      } else if byte == lineFeed {
        endRecord()
      } else if byte != carriageReturn || next == bytes.count || bytes[next] != lineFeed {
        field.append(byte)
      }
    }
    let isOpen = inQuotes ? start : nil
    if !hasTooMany { endRecord() }
    if hasTooMany { damage.append("it has more fields than a table may have; the rest is left out") }
    if omitted > 0 { damage.append("and \(omitted) more such rows") }
    if let isOpen {
      damage.append("the quotation mark of the last row, which begins in line \(isOpen), is never closed")
    }
    if let last = bytes.last, last != lineFeed {
      damage.append("the last line does not end with a line feed: the file may have been cut")
    }
    if bytes.contains(where: { $0 >= 0x80 }) && String(validating: bytes, as: UTF8.self) == nil {
      damage.append("it has bytes that are not UTF-8")
    }
    describeHeader()
  }

  private mutating func describeHeader() {
    guard let header = records.first else { return damage.append("it is empty, not even a header") }
    var seen: Set<String> = []
    let twice = header.filter { !seen.insert($0).inserted }
    guard let first = twice.first else { return }
    damage.append(
      "its header has the column \(Self.short(first)) twice\(twice.count > 1 ? ", and \(twice.count - 1) others" : "")")
  }

  private mutating func add(_ fault: String) {
    if damage.count < Self.mostFaults { damage.append(fault) } else { omitted += 1 }
  }

  private static func short(_ name: String) -> String {
    name.unicodeScalars.count > 40 ? String(String.UnicodeScalarView(name.unicodeScalars.prefix(40))) + "…" : name
  }
}
