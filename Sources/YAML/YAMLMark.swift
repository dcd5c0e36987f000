/// A position in a YAML text, counted from 1; columns count Unicode scalars.
public struct YAMLMark: Hashable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
