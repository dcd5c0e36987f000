/// How spike times (seconds) become time bins, and spikes of one channel in one bin become counts.
///
/// Which rule computes what, in which precision, is in `TimeBinner`.
public struct Binning: Hashable, Sendable {
  /// The expression that turns a time into a bin; `T` is `timeBins`, later bins are dropped.
  public enum Rule: String, CaseIterable, Sendable {
    /// `floor(t * (T - 1) / maxTime)`, in the precision of the file's times, as numpy evaluates SpyTorch tutorial 4.
    case notebook
    /// `notebook` plus one, as the published SpyTorch code: bin 0 stays empty.
    case spytorch
    /// `floor(t * T / maxTime)` in double precision: every bin has the same width.
    case uniform
  }

  /// What several spikes of one channel in one bin are.
  public enum Duplicates: String, CaseIterable, Sendable {
    /// They add up, as in the notebook.
    case count
    /// They are one spike.
    case binary
  }

  public var channels: Int
  public var timeBins: Int
  /// Seconds.
  public var maxTime: Double
  public var rule: Rule
  public var duplicates: Duplicates

  public init(
    channels: Int = 700, timeBins: Int = 100, maxTime: Double = 1.0, rule: Rule = .notebook,
    duplicates: Duplicates = .count
  ) {
    self.channels = channels
    self.timeBins = timeBins
    self.maxTime = maxTime
    self.rule = rule
    self.duplicates = duplicates
  }

  /// Width of a bin in seconds: `maxTime / (T - 1)`, with `uniform` `maxTime / T`.
  public var binWidth: Double {
    rule == .uniform ? maxTime / Double(timeBins) : maxTime / Double(max(1, timeBins - 1))
  }
}
