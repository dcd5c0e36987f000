/// A value in a YAML document with its position; aliases are expanded.
public struct YAMLNode: Sendable {
  /// What the node is.
  public indirect enum Content: Sendable {
    /// `isPlain` is false for quoted and block scalars, which are strings whatever they look like.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// In text order.
    case mapping([Entry])
  }

  /// A key and its value in a mapping.
  public struct Entry: Sendable {
    public var key: String
    public var keyMark: YAMLMark
    public var value: YAMLNode

    public init(key: String, keyMark: YAMLMark, value: YAMLNode) {
      self.key = key
      self.keyMark = keyMark
      self.value = value
    }
  }

  public var content: Content
  public var mark: YAMLMark

  public init(content: Content, mark: YAMLMark) {
    self.content = content
    self.mark = mark
  }

  /// The value of `key`; nil if this is not a mapping or has no such key.
  public subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }
}
