/// The text of a CSV file, row by row: comma, LF, quotes only where a field needs them.
public struct CSVWriter: Sendable {
  /// The header and the rows so far, LF at the end of each.
  public private(set) var text = ""

  /// Begins with the names of the columns.
  public init(header: [String]) { add(header) }

  /// Adds a row.
  public mutating func add(_ fields: [String]) { text += Self.line(fields) }

  /// One row with its LF, for files that are written piece by piece.
  public static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\n" }

  /// A number as Swift's shortest round trip; empty for a value that is not there.
  public static func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  /// By bytes: to `Character`, CR LF is neither CR nor LF, and a quote under an accent is no quote.
  private static func quoted(_ field: String) -> String {
    let quote = UInt8(ascii: "\"")
    let needsQuotes = field.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == quote || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes else { return field }
    let doubled = field.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
  }
}
