/// Facts about a dataset's spikes before binning, which reveal data that do not fit the experiment.
public struct SpikeFacts: Sendable, Equatable, Codable {
  /// All spikes, including those that were dropped or merged.
  public var spikes = 0
  /// Spikes after the last bin.
  public var droppedSpikes = 0
  /// Spikes that `duplicates: binary` merged into another of the same input.
  public var mergedSpikes = 0
  /// Samples with no spikes left.
  public var emptySamples = 0
  /// First and last time in seconds, including dropped spikes, counted as `Binning.alignment` says; nil without spikes.
  public var times: ClosedRange<Double>?
  /// The number of channels with spikes, before grouping, including dropped spikes.
  public var usedChannels = 0
  /// The number of network inputs, which are groups of channels, with spikes.
  public var usedInputs = 0
  /// Of analog data: the channels, as the file counts them, that have one value throughout.
  public var constantChannels: [Int] = []
  /// The highest such channel; nil without spikes.
  public var highestChannel: Int?
}
