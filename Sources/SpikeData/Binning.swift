/// How spikes become network input: which times (in seconds) share a time bin, which channels share an input, and how
/// several spikes of an input in one bin are counted.
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

  /// What times are counted from.
  public enum Alignment: String, CaseIterable, Sendable {
    /// The zero of the file's times.
    case none
    /// The earliest spike of the sample, on any channel. Computed in double precision with every rule, see
    /// `TimeBinner`. A sample without spikes has nothing to align.
    case firstSpike = "first_spike"
  }

  /// How several spikes of one input in one bin are counted, after channels are grouped.
  public enum Duplicates: String, CaseIterable, Sendable {
    /// They add up, as in the notebook.
    case count
    /// They count as one spike.
    case binary
  }

  /// The channels of the file; a spike on another one is an error.
  public var channels: Int
  /// The number of neighbouring channels that share a network input: channel c feeds input c / channelGroup, rounded
  /// down. The last group is smaller if it does not divide `channels`.
  public var channelGroup: Int
  public var timeBins: Int
  /// Seconds.
  public var maxTime: Double
  public var rule: Rule
  public var duplicates: Duplicates
  public var alignment: Alignment

  public init(
    channels: Int = 700, channelGroup: Int = 1, timeBins: Int = 100, maxTime: Double = 1.0, rule: Rule = .notebook,
    duplicates: Duplicates = .count, alignment: Alignment = .none
  ) {
    self.channels = channels
    self.channelGroup = channelGroup
    self.timeBins = timeBins
    self.maxTime = maxTime
    self.rule = rule
    self.duplicates = duplicates
    self.alignment = alignment
  }

  /// The number of network inputs: groups of channels, the incomplete one included.
  public var inputs: Int { (channels + channelGroup - 1) / channelGroup }

  /// The network input that a channel feeds.
  func input(ofChannel channel: Int) -> Int { channel / channelGroup }

  /// For people: what it is, briefly, and where it is not the default.
  var summary: String {
    let usual = Binning()
    let parts = [
      "\(timeBins) bins", "\(maxTime) s", "\(channels) channels",
      channelGroup == 1 ? nil : "in groups of \(channelGroup)", rule == usual.rule ? nil : rule.rawValue,
      duplicates == usual.duplicates ? nil : duplicates.rawValue,
      alignment == usual.alignment ? nil : alignment.rawValue,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  /// The first bin that a spike can fall into: `spytorch` adds 1 to every bin.
  public var firstBin: Int { rule == .spytorch ? 1 : 0 }

  /// The width of a bin in seconds: `maxTime / (T - 1)`, or `maxTime / T` with `uniform`.
  public var binWidth: Double {
    rule == .uniform ? maxTime / Double(timeBins) : maxTime / Double(max(1, timeBins - 1))
  }
}
