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

/// An empty field for a value that is not there.
func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
