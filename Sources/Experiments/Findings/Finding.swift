/// Something a reader of the results must know: what a file, key or value loses, ignores or assumes.
///
/// `check` and `run` print it once, `run --json` emits it as an event, and the `run.json` of each affected run stores
/// it.
public struct Finding: Hashable, Codable, Sendable, CustomStringConvertible {
  /// A machine-readable name, in snake_case.
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
