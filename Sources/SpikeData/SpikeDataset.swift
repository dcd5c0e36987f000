import Engine
import Files

/// The binned samples of one file, immutable.
public final class SpikeDataset: @unchecked Sendable {
  /// The file's path, or what else the samples are.
  public let name: String
  public let binning: Binning
  public let labels: [Int]
  /// Largest label plus one.
  public let classes: Int
  public let speakers: [Int]?
  /// The word of each label.
  public let classNames: [String]?
  /// What is worth knowing of the spikes before they were binned.
  public let facts: SpikeFacts
  /// Time bins that some time can fall into. Coarse times leave some empty; `spytorch`'s bin 0, which is empty by rule,
  /// counts as one.
  public let reachableBins: Int
  /// The hash of the file, if it was to be checked.
  public let contentHash: ContentHash?
  private let blocks: [EventBlock]

  init(
    name: String, binning: Binning, labels: [Int], speakers: [Int]?, classNames: [String]?, facts: SpikeFacts,
    reachableBins: Int, contentHash: ContentHash? = nil, blocks: [EventBlock]
  ) {
    self.name = name
    self.binning = binning
    self.labels = labels
    classes = (labels.max() ?? -1) + 1
    self.speakers = speakers
    self.classNames = classNames
    self.facts = facts
    self.reachableBins = reachableBins
    self.contentHash = contentHash
    self.blocks = blocks
  }

  public var count: Int { labels.count }

  /// Spikes that fell beyond the last bin.
  public var droppedSpikes: Int { facts.droppedSpikes }

  /// Samples of each label in `0..<classes`.
  public var samplesPerClass: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
  }

  /// The word of a label; empty if the file has none for it.
  public func className(_ label: Int) -> String {
    classNames.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? ""
  }

  /// Spikes of all samples, without the dropped ones.
  public var spikeCount: Int { blocks.reduce(0) { $0 + $1.spikeCount } }

  /// Events of all samples: the spikes of one channel in one bin are one.
  public var eventCount: Int { blocks.reduce(0) { $0 + $1.eventCount } }

  /// Bytes of the events in memory.
  public var bytes: Int { blocks.reduce(0) { $0 + $1.bytes } }

  /// The events of a sample, valid as long as the dataset lives.
  public func events(_ sample: Int) -> SampleEvents {
    blocks[sample / EventBlock.samples].events(sample % EventBlock.samples)
  }
}
