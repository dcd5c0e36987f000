/// Something that a reader of the numbers must know: what a file, a key or a value loses, ignores or assumes.
///
/// `check` and `run` print it once, `run --json` sends it as an event, and `run.json` of each run it holds for keeps it.
public struct Finding: Hashable, Codable, Sendable, CustomStringConvertible {
  /// A name that programs can tell it by, in snake_case.
  public var code: String
  /// What was found, with numbers.
  public var message: String
  /// What it does to the results.
  public var consequence: String
  /// What to do about it.
  public var remedy: String

  public init(_ code: String, _ message: String, consequence: String, remedy: String) {
    (self.code, self.message, self.consequence, self.remedy) = (code, message, consequence, remedy)
  }

  /// `message: consequence; remedy`
  public var description: String { "\(message): \(consequence); \(remedy)" }
}
