import Files

/// A CSV file in memory: a header and rows with the same number of fields. Fields may be quoted; a missing value is an
/// empty field.
public struct CSVTable: Sendable, Equatable {
  /// The column names, in file order.
  public private(set) var header: [String]
  /// The rows, each with as many fields as there are columns.
  public private(set) var rows: [[String]]
  /// What is wrong with the file the table was read from, one clause per fault, with its line: rows whose length
  /// differs from the header's, a missing end. Empty for a sound file. The table contains whatever could be read.
  public private(set) var damage: [String] = []
  private var positions: [String: Int]

  /// The most bytes a file may have unless the caller says otherwise, and the most fields.
  public static let mostBytes = 512 << 20
  static let mostFields = 3 << 23

  /// A table with the given columns. Short rows are padded with empty fields, long ones truncated.
  public init(header: [String], rows: [[String]] = []) {
    self.header = header
    self.rows = rows.map { row in
      row.count == header.count
        ? row : (0..<header.count).map { $0 < row.count ? row[$0] : "" }
    }
    positions = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Parses a file's text. LF and CRLF both end a line; blank lines are skipped.
  ///
  /// Fields beyond the first 25,165,824 are left out, which `damage` then says.
  public init(text: String) {
    self.init(CSVParser(Array(text.utf8), mostFields: Self.mostFields))
  }

  /// Reads a regular file of limited size.
  /// - Throws: `FileReadError`, also if there are more than 25,165,824 fields.
  public init(path: String, limit: Int = CSVTable.mostBytes) throws(FileReadError) {
    try self.init(bytes: RegularFile.contents(of: path, limit: limit), path: path)
  }

  /// Parses the bytes of a file that has been read; `path` is for messages.
  /// - Throws: `FileReadError` if there are more than 25,165,824 fields.
  public init(bytes: [UInt8], path: String) throws(FileReadError) {
    let parser = CSVParser(bytes, mostFields: Self.mostFields)
    guard !parser.hasTooMany else {
      throw FileReadError(
        path: path,
        reason: .system("it has more fields than a table may have (\(Self.mostFields), or 4194304 missing ones)"))
    }
    self.init(parser)
  }

  private init(_ parser: CSVParser) {
    self.init(header: parser.records.first ?? [], rows: Array(parser.records.dropFirst()))
    damage = parser.damage
  }

  /// The index of a column; nil if there is none with that name.
  public func position(of column: String) -> Int? { positions[column] }

  /// The fields of a column; empty if there is none with that name.
  public func column(_ name: String) -> [String] {
    guard let position = positions[name] else { return [] }
    return rows.map { $0[position] }
  }

  /// The numbers in a column, nil where a field is not a finite number; empty if there is no such column.
  public func numbers(_ name: String) -> [Double?] {
    column(name).map { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  /// The table as text, as `CSVWriter` writes it.
  public var text: String {
    var writer = CSVWriter(header: header)
    for row in rows { writer.add(row) }
    return writer.text
  }
}
