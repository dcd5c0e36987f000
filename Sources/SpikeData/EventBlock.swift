import Engine
import KernelTable

/// The events of up to `samples` samples. Each block has its own allocation, so that loading never moves what is
/// already loaded.
final class EventBlock: Sendable {
  static let samples = 64

  let block: SampleEventsBlock
  let eventCount: Int
  /// See `SpikeDataset.fingerprint`.
  let fingerprints: [UInt64]

  var spikeCount: Int { block.spikeCount }
  var bytes: Int { block.bytes }

  /// Events that have been grouped before.
  init(block: SampleEventsBlock, eventCount: Int, fingerprints: [UInt64]) {
    (self.block, self.eventCount, self.fingerprints) = (block, eventCount, fingerprints)
  }

  /// - Parameters:
  ///   - bins, channels: the spikes, sample after sample, in any order within a sample; channels of the file, which are
  ///     grouped here.
  ///   - ends: where each sample ends in these arrays.
  init(bins: [UInt16], channels: [UInt16], ends: [Int], binning: Binning) {
    let steps = binning.timeBins
    // A look-up, since dividing would take longer than the rest of the loop.
    let inputOfChannel = (0..<binning.channels).map { UInt16(truncatingIfNeeded: binning.input(ofChannel: $0)) }
    var builder = SampleEventsBuilder(timeBins: steps, channels: binning.inputs)
    var counter = InputCounter(inputs: binning.inputs)
    var eventCount = 0
    var events: [CountedEvent] = []
    var eventEnds = [Int](repeating: 0, count: steps)
    // The inputs of a sample's spikes, bin after bin, and where each bin begins.
    var inputs: [UInt16] = []
    var position = [UInt32](repeating: 0, count: steps + 1)
    var fingerprints: [UInt64] = []
    var begin = 0
    for end in ends {
      // A sum, so that the order of the spikes does not matter.
      var sum = UInt64(end - begin)
      for spike in begin..<end { sum &+= Self.mixed(UInt64(bins[spike]) << 16 | UInt64(channels[spike])) }
      fingerprints.append(sum)
      if inputs.count < end - begin { inputs = [UInt16](repeating: 0, count: end - begin) }
      // A counting sort by bin. Within a bin, the spikes of each input are counted.
      for bin in 0...steps { position[bin] = 0 }
      for spike in begin..<end { position[Int(bins[spike]) + 1] += 1 }
      for bin in 0..<steps { position[bin + 1] += position[bin] }
      for spike in begin..<end {
        let bin = Int(bins[spike])
        inputs[Int(position[bin])] = inputOfChannel[Int(channels[spike])]
        position[bin] += 1
      }
      // `position[bin]` is now the end of the bin.
      events.removeAll(keepingCapacity: true)
      var spike = 0
      for bin in 0..<steps {
        let end = Int(position[bin])
        if spike < end {
          while spike < end {
            counter.add(Int(inputs[spike]))
            spike += 1
          }
          counter.takeAll { input, count in
            switch binning.duplicates {
            case .binary: events.append(CountedEvent(index: input, count: 1))
            case .count:
              // An event holds a limited count: more spikes are several events.
              for counted in stride(from: 0, to: count, by: CountedEvent.largestCount) {
                events.append(CountedEvent(index: input, count: min(count - counted, CountedEvent.largestCount)))
              }
            }
          }
        }
        eventEnds[bin] = events.count
      }
      builder.add(events, ends: eventEnds)
      eventCount += events.count
      begin = end
    }
    block = builder.block()
    self.eventCount = eventCount
    self.fingerprints = fingerprints
  }

  /// The finalizer of splitmix64.
  private static func mixed(_ word: UInt64) -> UInt64 {
    var z = (word &+ 0x9e37_79b9_7f4a_7c15) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 29)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 32)
  }

  func events(_ sample: Int) -> SampleEvents { block.events(sample) }

  /// The bytes that a sample's events will take in a block, without building them; see `SampleEventsBuilder`.
  static func estimatedBytes(bins: [UInt16], channels: [UInt16], binning: Binning) -> Int {
    let lines = binning.inputs
    let blocks = SampleEvents.channelBlocks(of: lines)
    // Lengths of the lists: per input, and per bin and block of inputs.
    var ofInputs = [Int](repeating: 0, count: lines)
    var ofBins = [[Int: Int]](repeating: [:], count: blocks)
    var (last, repeats): (UInt32?, Int) = (nil, 0)
    let keys = zip(bins, channels).map { UInt32($0) << 16 | UInt32(binning.input(ofChannel: Int($1))) }
    for key in keys.sorted() {
      (repeats, last) = (key == last ? repeats + 1 : 0, key)
      // An event holds only a limited count of spikes.
      guard repeats == 0 || binning.duplicates == .count && repeats % CountedEvent.largestCount == 0 else { continue }
      let input = Int(key & 0xffff)
      ofInputs[input] += 1
      ofBins[input * blocks / lines][Int(key >> 16), default: 0] += 1
    }
    /// The bytes of a group of lists, `count` of which are paired: pairs and terms.
    func bytes(_ lengths: [Int], count: Int) -> Int {
      let longest = lengths.sorted(by: >).enumerated().reduce(0) { $1.offset % 2 == 0 ? $0 + $1.element : $0 }
      return longest * MemoryLayout<TermPair>.stride + (count + 1) / 2 * MemoryLayout<RowPair>.stride
    }
    let used = ofInputs.filter { $0 > 0 }
    // In the first block all bins are paired. Each of the two orders ends with a pair; each group and each order has an
    // index.
    return bytes(used, count: used.count)
      + ofBins.enumerated().reduce(0) {
        $0 + bytes(Array($1.element.values), count: $1.offset == 0 ? binning.timeBins : $1.element.count)
      } + 2 * MemoryLayout<RowPair>.stride + (blocks + 3) * MemoryLayout<UInt32>.stride
  }
}
