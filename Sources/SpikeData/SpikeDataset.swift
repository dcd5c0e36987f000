import Engine

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

  /// Events of all samples.
  public var eventCount: Int { blocks.reduce(0) { $0 + $1.eventCount } }

  /// The events of a sample, valid as long as the dataset lives.
  public func events(_ sample: Int) -> SampleEvents {
    blocks[sample / EventBlock.samples].events(sample % EventBlock.samples)
  }
}

/// The events of up to `samples` samples in one allocation each, so that loading never moves what is loaded.
final class EventBlock: Sendable {
  static let samples = 64

  private let channelsByTime: AlignedBuffer<UInt16>
  private let binsByChannel: AlignedBuffer<UInt16>
  private let timeOffsets: AlignedBuffer<UInt32>
  private let channelOffsets: AlignedBuffer<UInt32>
  private let starts: [Int]
  private let binning: Binning

  var eventCount: Int { starts[starts.count - 1] }

  /// - Parameters:
  ///   - bins, channels: the events of all samples one after the other; sorted and without repeats if `binary`.
  ///   - ends: where each sample ends in them.
  init(bins: [UInt16], channels: [UInt16], ends: [Int], binning: Binning) {
    self.binning = binning
    let (steps, lines) = (binning.timeBins, binning.channels)
    channelsByTime = AlignedBuffer(count: bins.count)
    binsByChannel = AlignedBuffer(count: bins.count)
    timeOffsets = AlignedBuffer(count: ends.count * (steps + 1))
    channelOffsets = AlignedBuffer(count: ends.count * (lines + 1))
    var starts = [0]
    var sortedBins = [UInt16](repeating: 0, count: 0)
    var position = [UInt32](repeating: 0, count: max(steps, lines) + 1)
    var begin = 0
    for (sample, end) in ends.enumerated() {
      let count = end - begin
      let start = starts[sample]
      let byTime = channelsByTime.pointer + start
      let byChannel = binsByChannel.pointer + start
      let timeEnds = timeOffsets.pointer + sample * (steps + 1)
      let channelEnds = channelOffsets.pointer + sample * (lines + 1)
      // Stable counting sorts: by channel, then by bin, so that channels ascend within a bin; then by channel again.
      Self.offsets(channels, begin..<end, keys: lines, into: channelEnds)
      if sortedBins.count < count { sortedBins = [UInt16](repeating: 0, count: count) }
      for channel in 0..<lines { position[channel] = channelEnds[channel] }
      for e in begin..<end {
        let channel = Int(channels[e])
        sortedBins[Int(position[channel])] = bins[e]
        position[channel] += 1
      }
      Self.offsets(bins, begin..<end, keys: steps, into: timeEnds)
      for t in 0..<steps { position[t] = timeEnds[t] }
      for channel in 0..<lines {
        for e in channelEnds[channel]..<channelEnds[channel + 1] {
          let t = Int(sortedBins[Int(e)])
          byTime[Int(position[t])] = UInt16(channel)
          position[t] += 1
        }
      }
      var kept = count
      if binning.duplicates == .binary { kept = Self.removeRepeats(byTime, timeEnds, steps: steps) }
      for channel in 0...lines { channelEnds[channel] = 0 }
      for e in 0..<kept { channelEnds[Int(byTime[e]) + 1] += 1 }
      for channel in 0..<lines {
        channelEnds[channel + 1] += channelEnds[channel]
        position[channel] = channelEnds[channel]
      }
      for t in 0..<steps {
        for e in timeEnds[t]..<timeEnds[t + 1] {
          let channel = Int(byTime[Int(e)])
          byChannel[Int(position[channel])] = UInt16(t)
          position[channel] += 1
        }
      }
      starts.append(start + kept)
      begin = end
    }
    self.starts = starts
  }

  /// Exclusive sums of the counts of each key.
  private static func offsets(
    _ values: [UInt16], _ range: Range<Int>, keys: Int, into offsets: UnsafeMutablePointer<UInt32>
  ) {
    for key in 0...keys { offsets[key] = 0 }
    for e in range { offsets[Int(values[e]) + 1] += 1 }
    for key in 0..<keys { offsets[key + 1] += offsets[key] }
  }

  /// Leaves one event of each channel in a bin; returns how many are left.
  private static func removeRepeats(
    _ channels: UnsafeMutablePointer<UInt16>, _ offsets: UnsafeMutablePointer<UInt32>, steps: Int
  ) -> Int {
    var (kept, begin) = (0, 0)
    for t in 0..<steps {
      let end = Int(offsets[t + 1])
      let first = kept
      for e in begin..<end where kept == first || channels[kept - 1] != channels[e] {
        channels[kept] = channels[e]
        kept += 1
      }
      begin = end
      offsets[t + 1] = UInt32(kept)
    }
    return kept
  }

  func events(_ sample: Int) -> SampleEvents {
    SampleEvents(
      channelsByTime: channelsByTime.pointer + starts[sample],
      timeOffsets: timeOffsets.pointer + sample * (binning.timeBins + 1),
      binsByChannel: binsByChannel.pointer + starts[sample],
      channelOffsets: channelOffsets.pointer + sample * (binning.channels + 1))
  }
}
