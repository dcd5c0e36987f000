/// What tests: a part of the samples, drawn with the run's seed, or a second file.
public enum TestPart: Hashable, Sendable {
  case fraction(Double)
  /// Absolute path.
  case file(String)

  /// The part of the samples; nil for a second file.
  public var fraction: Double? {
    switch self {
    case .fraction(let fraction): fraction
    case .file: nil
    }
  }

  /// The path of the second file; nil for a part of the samples.
  public var path: String? {
    switch self {
    case .fraction: nil
    case .file(let path): path
    }
  }
}
