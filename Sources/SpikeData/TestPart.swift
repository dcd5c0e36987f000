/// What tests: a part of the samples, drawn with the run's seed, or a second file.
public enum TestPart: Hashable, Sendable {
  case fraction(Double)
  /// Absolute path.
  case file(String)
}
