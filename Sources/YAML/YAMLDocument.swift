/// A text with exactly one YAML document.
///
/// The text may come from anybody: bounds hold while it is read, and the time is linear in its length.
public struct YAMLDocument: Sendable {
  public var root: YAMLNode
  /// Keys that a mapping has twice; the tree keeps the first. Apart from other errors, which end parsing, so that all
  /// of them can be reported at once. At most `maximumDuplicateKeys`.
  public var duplicateKeys: [YAMLError]
  /// How many more there are.
  public var furtherDuplicateKeys: Int

  /// Deeper documents are refused.
  public static let maximumDepth = 100
  /// Aliases make copies; documents with more nodes after that are refused.
  public static let maximumNodes = 100_000
  /// More are only counted.
  public static let maximumDuplicateKeys = 50

  /// Parses UTF-8 text; a byte order mark in front is skipped.
  public init(parsing bytes: [UInt8]) throws(YAMLError) {
    let text = try YAMLText(bytes)
    var composer = try YAMLComposer(text)
    root = try composer.document()
    duplicateKeys = composer.duplicateKeys
    furtherDuplicateKeys = composer.furtherDuplicateKeys
  }

  /// Parses a string.
  public init(parsing text: String) throws(YAMLError) {
    try self.init(parsing: Array(text.utf8))
  }
}
