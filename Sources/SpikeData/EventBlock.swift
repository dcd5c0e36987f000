/// Events of up to `samples` consecutive samples in one allocation, so that a large file needs no large reallocation.
///
/// Layout: for each sample `timeBins + 1` time offsets and `channels + 1` channel offsets (UInt32, relative to the sample),
/// then for each sample its channels by time and its bins by channel (UInt16).
final class EventBlock: @unchecked Sendable {
  /// Samples of a full block.
  static let samples = 128

  let eventCount: Int
  let droppedSpikes: Int
  let byteCount: Int
  private let memory: UnsafeMutableRawPointer
  private let timeBins: Int
  private let channels: Int
  /// Where each sample's spikes begin among those of the block, and where the last ones end.
  private let bounds: [Int]
  private let eventBase: UnsafeMutablePointer<UInt16>

  /// Sorts the spikes of a block. Sample `s` owns `bounds[s]..<bounds[s + 1]` of `bins` and `channels`.
  init(
    binning: Binning, bins: UnsafePointer<UInt16>, channels spikeChannels: UnsafePointer<UInt16>, bounds: [Int],
    droppedSpikes: Int
  ) {
    let count = bounds.count - 1
    timeBins = binning.timeBins
    channels = binning.channels
    self.droppedSpikes = droppedSpikes
    let offsetsPerSample = timeBins + channels + 2
    let offsetBytes = count * offsetsPerSample * 4
    byteCount = offsetBytes + bounds[count] * 4
    memory = .allocate(byteCount: max(1, byteCount), alignment: 64)
    let offsets = memory.bindMemory(to: UInt32.self, capacity: max(1, count * offsetsPerSample))
    eventBase = (memory + offsetBytes).bindMemory(to: UInt16.self, capacity: max(1, bounds[count] * 2))
    var total = 0
    var sorter = EventSorter(timeBins: timeBins, channels: channels)
    for sample in 0..<count {
      let start = bounds[sample]
      let size = bounds[sample + 1] - start
      let timeOffsets = offsets + sample * offsetsPerSample
      total += sorter.sort(
        bins: bins + start, channels: spikeChannels + start, count: size, binary: binning.duplicates == .binary,
        channelsByTime: eventBase + 2 * start, timeOffsets: timeOffsets,
        binsByChannel: eventBase + 2 * start + size, channelOffsets: timeOffsets + timeBins + 1)
    }
    self.bounds = bounds
    eventCount = total
  }

  deinit { memory.deallocate() }

  func events(_ sample: Int) -> SampleEvents {
    let offsets = memory.assumingMemoryBound(to: UInt32.self) + sample * (timeBins + channels + 2)
    let start = bounds[sample]
    let events = eventBase + 2 * start
    return SampleEvents(
      channelsByTime: events, timeOffsets: offsets, binsByChannel: events + (bounds[sample + 1] - start),
      channelOffsets: offsets + timeBins + 1)
  }
}
