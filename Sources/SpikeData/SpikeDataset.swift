import Engine
import Files

/// The samples of one file: binned spikes, or analog values; immutable.
public final class SpikeDataset: @unchecked Sendable {
  /// The file's path, or a description of the samples' other origin.
  public let name: String
  public let binning: Binning
  public let labels: [Int]
  /// Largest label plus one.
  public let classes: Int
  public let speakers: [Int]?
  /// The name of each label.
  public let classNames: [String]?
  /// Facts about the spikes before binning.
  public let facts: SpikeFacts
  /// The number of time bins that a spike time can fall into: times of low precision can't reach all of them. The first
  /// bin with `spytorch`, always empty, is counted too.
  public let reachableBins: Int
  /// The hash of the file, if it was checked.
  public let contentHash: ContentHash?
  let blocks: [EventBlock]
  /// The cache's file that holds the events, if they are not in memory of their own.
  private let source: TermCheck?
  /// Of a dataset without spikes; nil otherwise.
  private let values: AnalogValues?

  init(
    name: String, binning: Binning, labels: [Int], speakers: [Int]?, classNames: [String]?, facts: SpikeFacts,
    reachableBins: Int, contentHash: ContentHash? = nil, blocks: [EventBlock], source: TermCheck? = nil
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
    values = nil
    self.source = source
  }

  /// Analog values, with a time bin per step.
  init(
    name: String, labels: [Int], speakers: [Int]?, classNames: [String]?, facts: SpikeFacts,
    contentHash: ContentHash?, values: AnalogValues, channels: Int, steps: Int
  ) {
    self.name = name
    binning = Binning(channels: channels, timeBins: steps, rule: .uniform)
    self.labels = labels
    classes = (labels.max() ?? -1) + 1
    self.speakers = speakers
    self.classNames = classNames
    self.facts = facts
    reachableBins = steps
    self.contentHash = contentHash
    blocks = []
    self.values = values
    source = nil
  }

  /// Checks that the events are still what they were: they may be in a file that other programs can reach. Takes almost
  /// no time; call it before anything that was computed from the events is written.
  /// - Throws: `SpikeDataError`.
  public func verify() throws { try source?.verify() }

  public var count: Int { labels.count }

  /// The number of spikes after the last bin.
  public var droppedSpikes: Int { facts.droppedSpikes }

  /// The number of samples for each label in `0..<classes`.
  public var samplesPerClass: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
  }

  /// The name of a label; empty if the file has none.
  public func className(_ label: Int) -> String {
    classNames.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? ""
  }

  /// The number of spikes in all samples, without the dropped ones.
  public var spikeCount: Int { blocks.reduce(0) { $0 + $1.spikeCount } }

  /// The number of events in all samples; the spikes of one channel in one bin are one event.
  public var eventCount: Int { blocks.reduce(0) { $0 + $1.eventCount } }

  /// The bytes that the samples take in memory.
  public var bytes: Int { blocks.reduce(values?.bytes ?? 0) { $0 + $1.bytes } }

  /// Whether the samples are analog values rather than spikes.
  public var isAnalog: Bool { values != nil }

  /// A sample's analog values, `[timeBins, channels]`, valid as long as the dataset lives; nil for spikes.
  public func values(_ sample: Int) -> UnsafePointer<Float>? { values.map { UnsafePointer($0.sample(sample)) } }

  /// The same number for samples with the same spikes in the same bins, as counted before channels are grouped; for all
  /// others, almost certainly another one. Of analog samples, the same for equal values.
  public func fingerprint(_ sample: Int) -> UInt64 {
    if let values = values(sample) {
      var fingerprint = Fingerprint()
      let count = binning.timeBins * binning.channels
      fingerprint.combine(bytes: UnsafeRawBufferPointer(start: values, count: count * MemoryLayout<Float>.stride))
      return fingerprint.value
    }
    return blocks[sample / EventBlock.samples].fingerprints[sample % EventBlock.samples]
  }

  /// A sample's events, valid as long as the dataset lives.
  public func events(_ sample: Int) -> SampleEvents {
    blocks[sample / EventBlock.samples].events(sample % EventBlock.samples)
  }
}
