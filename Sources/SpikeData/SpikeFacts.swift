/// Facts about a dataset's spikes before binning, which reveal data that do not fit the experiment.
public struct SpikeFacts: Sendable, Equatable {
  /// All spikes, including those that were dropped or merged.
  public var spikes = 0
  /// Spikes after the last bin.
  public var droppedSpikes = 0
  /// Spikes that `duplicates: binary` merged into another.
  public var mergedSpikes = 0
  /// Samples with no spikes left.
  public var emptySamples = 0
  /// First and last time in seconds, including dropped spikes; nil without spikes.
  public var times: ClosedRange<Double>?
  /// The number of channels with spikes, including dropped ones.
  public var usedChannels = 0
  /// The highest such channel; nil without spikes.
  public var highestChannel: Int?
}
