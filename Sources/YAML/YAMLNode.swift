/// A place in a YAML text, counted from 1; columns count Unicode scalars.
public struct YAMLMark: Hashable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// A value of a YAML document with the place it stands at; aliases are expanded.
public struct YAMLNode: Sendable {
  /// What the node is.
  public indirect enum Content: Sendable {
    /// `isPlain` is false for quoted and block scalars, which are strings whatever they look like.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// In the order of the text.
    case mapping([Entry])
  }

  /// A key of a mapping with its value.
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

  /// The value of `key`, nil if this is no mapping or has no such key.
  public subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }
}

/// Why a text is not a YAML document that this package accepts, and where.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
  public var message: String
  public var mark: YAMLMark
  /// What to write instead, if that is known.
  public var hint: String?

  public init(_ message: String, at mark: YAMLMark, hint: String? = nil) {
    self.message = message
    self.mark = mark
    self.hint = hint
  }

  public var description: String { "\(mark.line):\(mark.column): \(message)" }
}
