import Foundation

/// A CSV file in memory: a header, and rows of as many fields. Fields may be quoted; a missing value is an empty field.
public struct CSVTable: Sendable, Equatable {
  /// The names of the columns, in the file's order.
  public private(set) var header: [String]
  /// The rows, each with as many fields as the header.
  public private(set) var rows: [[String]]
  private var positions: [String: Int]

  /// A table of the given columns. Short rows are filled with empty fields, long ones are cut.
  public init(header: [String], rows: [[String]] = []) {
    self.header = header
    self.rows = rows.map { row in
      row.count == header.count
        ? row : (0..<header.count).map { $0 < row.count ? row[$0] : "" }
    }
    positions = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Parses a file's text. LF and CRLF both end a line; blank lines are no rows.
  public init(text: String) {
    let records = CSVTable.records(Array(text.utf8))
    self.init(header: records.first ?? [], rows: Array(records.dropFirst()))
  }

  /// Reads a file.
  public init(path: String) throws {
    self.init(text: String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self))
  }

  /// The position of a column, nil if there is none of that name.
  public func position(of column: String) -> Int? { positions[column] }

  /// The fields of a column, empty if there is none of that name.
  public func column(_ name: String) -> [String] {
    guard let position = positions[name] else { return [] }
    return rows.map { $0[position] }
  }

  /// The column's numbers, nil for what is not a finite number; empty if there is no such column.
  public func numbers(_ name: String) -> [Double?] {
    column(name).map { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  /// The file's text, as `CSVWriter` writes it.
  public var text: String {
    var writer = CSVWriter(header: header)
    for row in rows { writer.add(row) }
    return writer.text
  }

  /// Bytes, not characters: a recording has hundreds of thousands of short fields.
  private static func records(_ bytes: [UInt8]) -> [[String]] {
    let comma = UInt8(ascii: ","), quote = UInt8(ascii: "\"")
    let lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var inQuotes = false, wasQuoted = false
    var next = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0  // a byte order mark, as spreadsheets write it
    func endField() {
      record.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    func endRecord() {
      if record.isEmpty && field.isEmpty && !wasQuoted { return }
      endField()
      records.append(record)
      record.removeAll(keepingCapacity: true)
      wasQuoted = false
    }
    while next < bytes.count {
      let byte = bytes[next]
      next += 1
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
      } else if byte == lineFeed {
        endRecord()
      } else if byte != carriageReturn || next == bytes.count || bytes[next] != lineFeed {
        field.append(byte)
      }
    }
    endRecord()
    return records
  }
}
