/// Sorts spikes by counting into the two orders of `SampleEvents`. Keeps its scratch memory between samples.
struct EventSorter {
  private let timeBins: Int
  private let channels: Int
  private var byChannel: [UInt16] = [0]
  private var position: [UInt32]

  init(timeBins: Int, channels: Int) {
    self.timeBins = timeBins
    self.channels = channels
    position = [UInt32](repeating: 0, count: max(timeBins, channels) + 1)
  }

  /// Sorts one sample's spikes, in any order; returns the number of events, which repeats left out may make smaller.
  ///
  /// `bins` lie below `timeBins` and `channels` below the number of channels: the caller has checked them.
  mutating func sort(
    bins: UnsafePointer<UInt16>, channels spikeChannels: UnsafePointer<UInt16>, count: Int, binary: Bool,
    channelsByTime: UnsafeMutablePointer<UInt16>, timeOffsets: UnsafeMutablePointer<UInt32>,
    binsByChannel: UnsafeMutablePointer<UInt16>, channelOffsets: UnsafeMutablePointer<UInt32>
  ) -> Int {
    if byChannel.count < count { byChannel = [UInt16](repeating: 0, count: count + count / 2) }
    let (timeBins, channels) = (timeBins, channels)
    Self.offsets(of: bins, count, timeBins, timeOffsets)
    Self.offsets(of: spikeChannels, count, channels, channelOffsets)
    byChannel.withUnsafeMutableBufferPointer { scratch in
      position.withUnsafeMutableBufferPointer { position in
        // By channel, in the order of the file; then by bin, which keeps the channels of a bin ascending; then by channel
        // again, which keeps the bins of a channel ascending.
        guard let scratch = scratch.baseAddress, let position = position.baseAddress else { return }
        position.update(from: channelOffsets, count: channels)
        for spike in 0..<count {
          let channel = Int(spikeChannels[spike])
          scratch[Int(position[channel])] = bins[spike]
          position[channel] &+= 1
        }
        position.update(from: timeOffsets, count: timeBins)
        for channel in 0..<channels {
          for index in Int(channelOffsets[channel])..<Int(channelOffsets[channel + 1]) {
            let bin = Int(scratch[index])
            channelsByTime[Int(position[bin])] = UInt16(truncatingIfNeeded: channel)
            position[bin] &+= 1
          }
        }
        position.update(from: channelOffsets, count: channels)
        for bin in 0..<timeBins {
          for index in Int(timeOffsets[bin])..<Int(timeOffsets[bin + 1]) {
            let channel = Int(channelsByTime[index])
            binsByChannel[Int(position[channel])] = UInt16(truncatingIfNeeded: bin)
            position[channel] &+= 1
          }
        }
      }
    }
    guard binary else { return count }
    _ = Self.removeRepeats(channelsByTime, timeOffsets, timeBins)
    return Self.removeRepeats(binsByChannel, channelOffsets, channels)
  }

  /// Counts the keys and adds up: key `k` begins at `offsets[k]`.
  private static func offsets(
    of keys: UnsafePointer<UInt16>, _ count: Int, _ size: Int, _ offsets: UnsafeMutablePointer<UInt32>
  ) {
    offsets.initialize(repeating: 0, count: size + 1)
    for index in 0..<count { offsets[Int(keys[index]) + 1] &+= 1 }
    var total: UInt32 = 0
    for key in 1..<(size + 1) {
      total &+= offsets[key]
      offsets[key] = total
    }
  }

  /// Leaves one of each value within a key; returns how many remain.
  private static func removeRepeats(
    _ values: UnsafeMutablePointer<UInt16>, _ offsets: UnsafeMutablePointer<UInt32>, _ size: Int
  ) -> Int {
    var kept = 0
    var start = 0
    for key in 0..<size {
      let end = Int(offsets[key + 1])
      for index in start..<end where index == start || values[index] != values[index - 1] {
        // Values only move down, so `values[index - 1]` is still what it was.
        values[kept] = values[index]
        kept += 1
      }
      start = end
      offsets[key + 1] = UInt32(kept)
    }
    return kept
  }
}
