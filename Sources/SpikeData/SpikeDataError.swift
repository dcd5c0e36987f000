import SafeText

/// A fault in a spike file: the sample, the field, what was found and what was expected.
public struct SpikeDataError: Error, CustomStringConvertible, Sendable {
  public var file: String
  public var sample: Int?
  public var field: String?
  public var problem: String

  /// On one line: names and text in a file may contain anything.
  public var description: String {
    SafeText.line(
      ([file] + [sample.map { "sample \($0)" }, field].compactMap { $0 } + [problem]).joined(separator: ": "))
  }

  /// A file is no longer the one from which a run's identity was computed.
  static func changed(_ path: String) -> SpikeDataError {
    SpikeDataError(
      file: path,
      problem: "it has changed since the runs were planned: their names would no longer match their numbers; "
        + "run the command again")
  }
}
