/// How spike times (in seconds) become time bins, and how several spikes of a channel in one bin are counted.
///
/// `TimeBinner` documents what each rule computes and in which precision.
public struct Binning: Hashable, Sendable {
  /// The expression that turns a time into a bin. `T` is `timeBins`; spikes in later bins are dropped.
  public enum Rule: String, CaseIterable, Sendable {
    /// `floor(t * (T - 1) / maxTime)` in the precision of the file's times, as numpy evaluates it in SpyTorch tutorial
    /// 4.
    case notebook
    /// `notebook` plus one, as in the published SpyTorch code: bin 0 stays empty.
    case spytorch
    /// `floor(t * T / maxTime)` in double precision: every bin has the same width.
    case uniform
  }

  /// How several spikes of one channel in one bin are counted.
  public enum Duplicates: String, CaseIterable, Sendable {
    /// They add up, as in the notebook.
    case count
    /// They count as one spike.
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

  /// The width of a bin in seconds: `maxTime / (T - 1)`, or `maxTime / T` with `uniform`.
  public var binWidth: Double {
    rule == .uniform ? maxTime / Double(timeBins) : maxTime / Double(max(1, timeBins - 1))
  }
}
