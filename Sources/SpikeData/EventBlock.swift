import Engine
import KernelTable

/// The events of up to `samples` samples. Each block has its own allocation, so that loading never moves what is
/// already loaded.
final class EventBlock: Sendable {
  static let samples = 64

  private let block: SampleEventsBlock
  let eventCount: Int

  var spikeCount: Int { block.spikeCount }
  var bytes: Int { block.bytes }

  /// - Parameters:
  ///   - bins, channels: the spikes, sample after sample, in any order within a sample.
  ///   - ends: where each sample ends in these arrays.
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
      // Stable counting sorts by channel, then by bin: channels ascend within a bin, and repeats are adjacent.
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

  /// Exclusive prefix sums of the counts per key.
  private static func offsets(_ values: [UInt16], _ range: Range<Int>, keys: Int, into offsets: inout [UInt32]) {
    for key in 0...keys { offsets[key] = 0 }
    for e in range { offsets[Int(values[e]) + 1] += 1 }
    for key in 0..<keys { offsets[key + 1] += offsets[key] }
  }

  func events(_ sample: Int) -> SampleEvents { block.events(sample) }

  /// The bytes that a sample's events will take in a block, without building them; see `SampleEventsBuilder`.
  static func estimatedBytes(bins: [UInt16], channels: [UInt16], binning: Binning) -> Int {
    let blocks = SampleEvents.channelBlocks(of: binning.channels)
    // Lengths of the lists: per channel, and per bin and block of channels.
    var ofChannels = [Int](repeating: 0, count: binning.channels)
    var ofBins = [[Int: Int]](repeating: [:], count: blocks)
    var (last, repeats): (UInt32?, Int) = (nil, 0)
    for key in zip(bins, channels).map({ UInt32($0) << 16 | UInt32($1) }).sorted() {
      (repeats, last) = (key == last ? repeats + 1 : 0, key)
      // An event holds only a limited count of spikes.
      guard repeats == 0 || binning.duplicates == .count && repeats % CountedEvent.largestCount == 0 else { continue }
      let channel = Int(key & 0xffff)
      ofChannels[channel] += 1
      ofBins[channel * blocks / binning.channels][Int(key >> 16), default: 0] += 1
    }
    /// The bytes of a group of lists, `count` of which are paired: pairs and terms.
    func bytes(_ lengths: [Int], count: Int) -> Int {
      let longest = lengths.sorted(by: >).enumerated().reduce(0) { $1.offset % 2 == 0 ? $0 + $1.element : $0 }
      return longest * MemoryLayout<TermPair>.stride + (count + 1) / 2 * MemoryLayout<RowPair>.stride
    }
    let used = ofChannels.filter { $0 > 0 }
    // In the first block all bins are paired. Each of the two orders ends with a pair; each group and each order has an
    // index.
    return bytes(used, count: used.count)
      + ofBins.enumerated().reduce(0) {
        $0 + bytes(Array($1.element.values), count: $1.offset == 0 ? binning.timeBins : $1.element.count)
      } + 2 * MemoryLayout<RowPair>.stride + (blocks + 3) * MemoryLayout<UInt32>.stride
  }
}
