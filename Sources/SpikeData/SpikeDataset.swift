/// Binned spikes of many samples, with their labels. Immutable; safe to use from several threads.
public final class SpikeDataset: Sendable {
  /// The file or the generator the samples come from.
  public let name: String
  public let binning: Binning
  /// The class of each sample, in `0..<classes`.
  public let labels: [Int]
  /// Number of classes.
  public let classes: Int
  /// The speaker of each sample, if known.
  public let speakers: [Int]?
  /// The word of each class, if known; may be fewer or more than `classes`.
  public let classNames: [String]?
  /// Number of events of all samples.
  public let eventCount: Int
  /// Number of spikes later than the last bin, which were left out.
  public let droppedSpikes: Int
  private let blocks: [EventBlock]

  /// Number of samples.
  public var count: Int { labels.count }

  init(
    name: String, binning: Binning, labels: [Int], classes: Int, speakers: [Int]?, classNames: [String]?,
    blocks: [EventBlock]
  ) {
    self.name = name
    self.binning = binning
    self.labels = labels
    self.classes = classes
    self.speakers = speakers
    self.classNames = classNames
    self.blocks = blocks
    eventCount = blocks.reduce(0) { $0 + $1.eventCount }
    droppedSpikes = blocks.reduce(0) { $0 + $1.droppedSpikes }
  }

  /// The events of a sample; its pointers are valid as long as the dataset lives.
  public func events(_ sample: Int) -> SampleEvents {
    precondition(sample >= 0 && sample < count, "no such sample")
    return blocks[sample / EventBlock.samples].events(sample % EventBlock.samples)
  }

  /// Bytes the events take in memory.
  public var byteCount: Int { blocks.reduce(0) { $0 + $1.byteCount } }
}
