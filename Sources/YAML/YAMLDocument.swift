/// A text with exactly one YAML document.
///
/// The text may come from anyone: limits are enforced while reading, and the time is linear in its length.
public struct YAMLDocument: Sendable {
  public var root: YAMLNode
  /// Keys that occur twice in a mapping; the tree keeps the first. Unlike other errors they do not end parsing, so that
  /// all of them can be reported at once. At most `maximumDuplicateKeys`.
  public var duplicateKeys: [YAMLError]
  /// The number of further duplicate keys.
  public var furtherDuplicateKeys: Int

  /// Deeper documents are refused.
  public static let maximumDepth = 100
  /// Documents with more nodes after expanding aliases are refused.
  public static let maximumNodes = 100_000
  /// Further ones are only counted.
  public static let maximumDuplicateKeys = 50

  /// Parses UTF-8 text; a leading byte order mark is skipped.
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
