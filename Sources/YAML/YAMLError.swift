/// Why a text is not an acceptable YAML document, and where.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
  public var message: String
  public var mark: YAMLMark
  /// What to write instead, if known.
  public var hint: String?

  public init(_ message: String, at mark: YAMLMark, hint: String? = nil) {
    self.message = message
    self.mark = mark
    self.hint = hint
  }

  public var description: String { "\(mark.line):\(mark.column): \(message)" }
}
