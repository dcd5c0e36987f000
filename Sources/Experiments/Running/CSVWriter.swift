/// Rows of a CSV file: comma, LF, numbers as Swift's shortest round trip (C locale), quotes only where they are needed.
struct CSVWriter {
  private(set) var text = ""

  init(header: [String]) { add(header) }

  mutating func add(_ fields: [String]) { text += Self.line(fields) }

  static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\n" }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}

/// Fields of a CSV row by the names of its header.
struct CSVRow {
  private let values: [String: String]

  /// The first row of a file's text; nil if there is none or it has another number of fields than the header.
  init?(firstOf text: String) {
    let records = Self.records(text, atMost: 2)
    guard records.count == 2, records[0].count == records[1].count else { return nil }
    values = Dictionary(zip(records[0], records[1]), uniquingKeysWith: { first, _ in first })
  }

  subscript(name: String) -> String? { values[name] }

  /// Quoted fields may hold commas, quotes and line breaks.
  private static func records(_ text: String, atMost limit: Int) -> [[String]] {
    var (records, fields, field): ([[String]], [String], String) = ([], [], "")
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending = scalars.next()
    while let scalar = pending, records.count < limit {
      pending = scalars.next()
      switch (scalar, isQuoted) {
      case ("\"", true) where pending == "\"":
        field.unicodeScalars.append(scalar)
        pending = scalars.next()
      case ("\"", _): isQuoted.toggle()
      case (",", false):
        fields.append(field)
        field = ""
      case ("\n", false):
        records.append(fields + [field])
        (fields, field) = ([], "")
      default: field.unicodeScalars.append(scalar)
      }
    }
    return records
  }
}

/// An empty field for a value that is not there.
func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
