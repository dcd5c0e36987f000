import Engine
import KernelTable

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
  /// Spikes that fell beyond the last bin.
  public let droppedSpikes: Int
  private let blocks: [EventBlock]

  init(
    name: String, binning: Binning, labels: [Int], speakers: [Int]?, classNames: [String]?, droppedSpikes: Int,
    blocks: [EventBlock]
  ) {
    self.name = name
    self.binning = binning
    self.labels = labels
    classes = (labels.max() ?? -1) + 1
    self.speakers = speakers
    self.classNames = classNames
    self.droppedSpikes = droppedSpikes
    self.blocks = blocks
  }

  public var count: Int { labels.count }

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

/// The events of up to `samples` samples in one allocation each, so that loading never moves what is loaded.
final class EventBlock: Sendable {
  static let samples = 64

  private let block: SampleEventsBlock
  let eventCount: Int

  var spikeCount: Int { block.spikeCount }
  var bytes: Int { block.bytes }

  /// - Parameters:
  ///   - bins, channels: the spikes of all samples one after the other, in any order.
  ///   - ends: where each sample ends in them.
  init(bins: [UInt16], channels: [UInt16], ends: [Int], binning: Binning) {
    let (steps, lines) = (binning.timeBins, binning.channels)
    var builder = SampleEventsBuilder(timeBins: steps, channels: lines)
    var eventCount = 0
    var events: [CountedEvent] = []
    var eventEnds = [Int](repeating: 0, count: steps)
    var sortedBins: [UInt16] = []
    var sortedChannels: [UInt16] = []
    var position = [UInt32](repeating: 0, count: max(steps, lines) + 1)
    var begin = 0
    for end in ends {
      let count = end - begin
      if sortedBins.count < count {
        sortedBins = [UInt16](repeating: 0, count: count)
        sortedChannels = [UInt16](repeating: 0, count: count)
      }
      // Stable counting sorts: by channel, then by bin, so that channels ascend within a bin and repeats are neighbours.
      Self.offsets(channels, begin..<end, keys: lines, into: &position)
      for e in begin..<end {
        let channel = Int(channels[e])
        sortedBins[Int(position[channel])] = bins[e]
        sortedChannels[Int(position[channel])] = channels[e]
        position[channel] += 1
      }
      Self.offsets(bins, begin..<end, keys: steps, into: &position)
      var order = [UInt16](repeating: 0, count: count)
      for e in 0..<count {
        let t = Int(sortedBins[e])
        order[Int(position[t])] = sortedChannels[e]
        position[t] += 1
      }
      // `position[t]` is now the end of bin t.
      events.removeAll(keepingCapacity: true)
      var e = 0
      for t in 0..<steps {
        let end = Int(position[t])
        while e < end {
          let channel = order[e]
          var repeats = 1
          while e + repeats < end, repeats < CountedEvent.largestCount, order[e + repeats] == channel { repeats += 1 }
          if binning.duplicates == .binary {
            while e + repeats < end, order[e + repeats] == channel { repeats += 1 }
            events.append(CountedEvent(index: Int(channel), count: 1))
          } else {
            events.append(CountedEvent(index: Int(channel), count: repeats))
          }
          e += repeats
        }
        eventEnds[t] = events.count
      }
      builder.add(events, ends: eventEnds)
      eventCount += events.count
      begin = end
    }
    block = builder.block()
    self.eventCount = eventCount
  }

  /// Exclusive sums of the counts of each key.
  private static func offsets(_ values: [UInt16], _ range: Range<Int>, keys: Int, into offsets: inout [UInt32]) {
    for key in 0...keys { offsets[key] = 0 }
    for e in range { offsets[Int(values[e]) + 1] += 1 }
    for key in 0..<keys { offsets[key + 1] += offsets[key] }
  }

  func events(_ sample: Int) -> SampleEvents { block.events(sample) }
}
