import SafeText

/// Builds the text of a CSV file row by row, with commas, LF, and quotes only where a field needs them.
///
/// Fields are made safe (`SafeText.csvField`): control characters are escaped, and what a spreadsheet would evaluate is
/// prefixed with an apostrophe.
public struct CSVWriter: Sendable {
  /// The header and the rows so far, each ending in LF.
  public private(set) var text = ""

  /// Starts with the column names.
  public init(header: [String]) { add(header) }

  /// Adds a row.
  public mutating func add(_ fields: [String]) { Self.append(fields, to: &text) }

  /// One row including its LF, for files written piece by piece.
  public static func line(_ fields: [String]) -> String {
    var text = ""
    append(fields, to: &text)
    return text
  }

  /// A number in Swift's shortest round-trip form; empty for a missing value.
  public static func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private static func append(_ fields: [String], to text: inout String) {
    var isFirst = true
    for field in fields {
      if !isFirst { text += "," }
      isFirst = false
      text += isPlain(field) ? field : quoted(SafeText.csvField(field))
    }
    text += "\n"
  }

  /// Whether a field needs no escaping or quotes. A fast path: most fields are numbers, and recordings have hundreds of
  /// thousands of them.
  private static func isPlain(_ field: String) -> Bool {
    guard let first = field.utf8.first else { return true }
    // A sign followed by a number is not a formula.
    let begins =
      first == UInt8(ascii: "-")
      ? field.utf8.dropFirst().first.map { (0x30...0x39).contains($0) } ?? true
      : first != UInt8(ascii: "+") && first != UInt8(ascii: "=") && first != UInt8(ascii: "@")
    return begins
      && field.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"),
          UInt8(ascii: "|"):
          false
        default: (0x20...0x7e).contains(byte)
        }
      }
  }

  /// Works on bytes: as a `Character`, a quotation mark with a combining accent would not be found.
  private static func quoted(_ field: String) -> String {
    let quote = UInt8(ascii: "\"")
    guard field.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == quote }) else { return field }
    let doubled = field.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
  }
}
