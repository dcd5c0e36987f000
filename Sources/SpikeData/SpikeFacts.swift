/// What the spikes of a dataset are like, before binning: what tells data that do not fit the experiment.
public struct SpikeFacts: Sendable, Equatable {
  /// All spikes, those that were dropped or merged too.
  public var spikes = 0
  /// Spikes beyond the last bin.
  public var droppedSpikes = 0
  /// Spikes that `duplicates: binary` made one with another.
  public var mergedSpikes = 0
  /// Samples that have no spike left.
  public var emptySamples = 0
  /// First and last time in seconds, of dropped spikes too; nil without spikes.
  public var times: ClosedRange<Double>?
  /// Channels that have spikes, dropped ones too.
  public var usedChannels = 0
  /// The highest of them; nil without spikes.
  public var highestChannel: Int?
}
