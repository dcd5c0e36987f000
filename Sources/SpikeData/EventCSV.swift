import Files
import SafeText

/// Reads events from a CSV file: a header with the columns `sample`, `time`, `channel`, `label` and optionally `speaker`
/// in any order, then a line per event, with numbers only. Works on pieces of the file: it may have millions of lines.
struct EventCSV {
  private let path: String
  private let unit: EventTimeUnit
  private(set) var columns = EventTable.Columns()
  private var header: [EventTable.Column] = []
  private var field: [UInt8] = []
  /// From 1.
  private var line = 1
  private var column = 0
  private var blankLine: Int?
  private var endedWithReturn = false

  /// Longer fields are no numbers.
  private static let longestField = 64

  init(path: String, unit: EventTimeUnit) { (self.path, self.unit) = (path, unit) }

  /// The line of an event.
  static func line(ofEvent event: Int) -> Int { event + 2 }

  private func failure(_ problem: String, field: String? = nil) -> SpikeDataError {
    SpikeDataError(
      file: path, field: (["line \(line)"] + [field].compactMap { $0 }).joined(separator: ", "), problem: problem)
  }

  /// - Throws: `SpikeDataError`.
  mutating func add(_ bytes: UnsafeRawBufferPointer) throws {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: ","): try endField()
      case UInt8(ascii: "\n"): try endLine()
      case UInt8(ascii: "\r"): endedWithReturn = true
      default:
        guard !endedWithReturn else { throw failure("a carriage return within a line") }
        guard field.count < Self.longestField else {
          let format =
            line == 1 && column == 0 ? "; an event file is CSV, with commas between \(Self.wanted)" : ""
          throw failure("a field of more than \(Self.longestField) characters\(format)")
        }
        field.append(byte)
      }
    }
  }

  /// To be called after the last byte.
  /// - Throws: `SpikeDataError`.
  mutating func finish() throws {
    if !field.isEmpty || column > 0 { try endLine() }
    guard !header.isEmpty else {
      throw SpikeDataError(file: path, problem: "it is empty; an event file has \(Self.wanted)")
    }
  }

  private static let wanted = "the columns sample, time, channel and label"

  private mutating func endLine() throws {
    defer {
      line += 1
      (column, endedWithReturn) = (0, false)
    }
    if column == 0, field.allSatisfy({ $0 == UInt8(ascii: " ") }) {
      field.removeAll(keepingCapacity: true)
      blankLine = blankLine ?? line
      return
    }
    if let blankLine { throw SpikeDataError(file: path, field: "line \(blankLine)", problem: "it is blank") }
    try endField()
    if line == 1 { return try checkHeader() }
    guard column == header.count else {
      throw failure("\(column) fields where the header has \(header.count)")
    }
  }

  private mutating func endField() throws {
    defer {
      column += 1
      field.removeAll(keepingCapacity: true)
    }
    var text = field[...]
    // A byte order mark, as spreadsheets write it.
    if line == 1, column == 0, text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    while let last = text.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { text.removeLast() }
    text = text.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    if text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
      text = text.dropFirst().dropLast()
    }
    if line == 1 { return try addToHeader(String(decoding: text, as: UTF8.self)) }
    guard column < header.count else { throw failure("more fields than the header has, \(header.count)") }
    try add(text, to: header[column])
  }

  private mutating func addToHeader(_ name: String) throws {
    guard let known = EventTable.Column(rawValue: name) else {
      throw failure(
        "unknown column \(SafeText.excerpt(name, limit: 40)): \(Self.remedy(unknown: name))",
        field: "column \(column + 1)")
    }
    guard !header.contains(known) else { throw failure("the column \(name) twice", field: "column \(column + 1)") }
    header.append(known)
    if known == .speaker { columns.speakers = [] }
  }

  /// What to do about a name that is no column's.
  private static func remedy(unknown name: String) -> String {
    func known(_ name: some StringProtocol) -> EventTable.Column? {
      EventTable.Column(rawValue: name.lowercased().filter { $0 != " " && $0 != "\"" })
    }
    for (separator, words) in [(Character(";"), "semicolons"), ("\t", "tabs"), (" ", "blanks")] {
      let parts = name.split(separator: separator)
      if parts.count > 1, parts.contains(where: { known($0) != nil }) {
        return "its fields are separated by \(words), but must be by commas"
      }
    }
    if let known = known(name) { return "did you mean \(known.rawValue)?" }
    if Double(name) != nil { return "the first line must name the columns, as sample,time,channel,label" }
    if name.hasPrefix("#") { return "remove the line: the first one must name the columns" }
    return "remove it: an event file has \(wanted), and may have speaker, nothing else"
  }

  private func checkHeader() throws {
    for column in EventTable.Column.required where !header.contains(column) {
      throw failure("there is no column \(column.rawValue); an event file has \(Self.wanted)")
    }
  }

  @inline(__always) private mutating func add(_ text: ArraySlice<UInt8>, to column: EventTable.Column) throws {
    guard let value = Self.number(text) else {
      let shown = text.isEmpty ? "an empty field" : SafeText.excerpt(String(decoding: text, as: UTF8.self), limit: 40)
      throw failure("\(shown) is not a number", field: column.rawValue)
    }
    guard let largest = column.largest else {
      columns.times.append(unit.seconds(value))
      return
    }
    guard let number = Int(exactly: value), (0...largest).contains(number) else {
      throw failure(
        "\(SafeText.excerpt(String(decoding: text, as: UTF8.self), limit: 40)) is not a whole number from 0 to \(largest)",
        field: column.rawValue)
    }
    switch column {
    case .sample: columns.samples.append(Int32(number))
    case .channel: columns.channels.append(UInt16(number))
    case .label: columns.labels.append(UInt16(number))
    case .speaker: columns.speakers?.append(UInt16(number))
    case .time: break
    }
  }

  /// A decimal number, rounded to nearest; nil if the text is none.
  static func number(_ text: ArraySlice<UInt8>) -> Double? {
    // Up to 15 digits and a power of ten up to 10^22 are exact, so that one division rounds as it should.
    var (mantissa, digits, decimals, hasPoint) = (0, 0, 0, false)
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        mantissa = mantissa * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
        if hasPoint { decimals += 1 }
      case UInt8(ascii: ".") where !hasPoint: hasPoint = true
      default: return general(text)
      }
      guard digits <= 15 else { return general(text) }
    }
    return digits == 0 ? nil : Double(mantissa) / powers[decimals]
  }

  private static let powers = (0...15).map { n in (0..<n).reduce(1.0) { power, _ in power * 10 } }

  private static func general(_ text: ArraySlice<UInt8>) -> Double? {
    // No hexadecimal numbers, no infinity.
    let isDecimal = text.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
    }
    guard isDecimal, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }
}
