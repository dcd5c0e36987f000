import SafeText

/// The text of a CSV file, row by row: comma, LF, quotes only where a field needs them.
///
/// Fields are written safe (`SafeText.csvField`): control characters are escaped, and what a spreadsheet would compute
/// gets an apostrophe in front.
public struct CSVWriter: Sendable {
  /// The header and the rows so far, LF at the end of each.
  public private(set) var text = ""

  /// Begins with the names of the columns.
  public init(header: [String]) { add(header) }

  /// Adds a row.
  public mutating func add(_ fields: [String]) { Self.append(fields, to: &text) }

  /// One row with its LF, for files that are written piece by piece.
  public static func line(_ fields: [String]) -> String {
    var text = ""
    append(fields, to: &text)
    return text
  }

  /// A number as Swift's shortest round trip; empty for a value that is not there.
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

  /// Whether a field stands as it is: letters, digits, signs. Most are numbers, and recordings have hundreds of thousands.
  private static func isPlain(_ field: String) -> Bool {
    guard let first = field.utf8.first else { return true }
    // A sign is no formula where a number follows.
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

  /// By bytes: to `Character`, a quote under an accent is no quote.
  private static func quoted(_ field: String) -> String {
    let quote = UInt8(ascii: "\"")
    guard field.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == quote }) else { return field }
    let doubled = field.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
  }
}
