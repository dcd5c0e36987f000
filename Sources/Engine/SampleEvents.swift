import KernelTable

/// The events of one sample in the two orders the engine needs, borrowed from a dataset.
///
/// An event is a channel and a bin in which it spiked at least once, with the count of its spikes. Both orders hold the
/// same events.
public struct SampleEvents {
  /// Channels of the events, sorted by bin: bin `t` owns `channelsByTime[timeOffsets[t]..<timeOffsets[t + 1]]`, ascending.
  public let channelsByTime: UnsafePointer<CountedEvent>
  /// `[timeBins + 1]`
  public let timeOffsets: UnsafePointer<UInt32>
  /// Channels in the order in which gradients visit them, a permutation: see `sortByChannel`. `[channels]`
  public let channelOrder: UnsafePointer<UInt16>
  /// Bins of the events, sorted by channel in that order: channel `channelOrder[p]` owns
  /// `binsByChannel[channelOffsets[p]..<channelOffsets[p + 1]]`, ascending.
  public let binsByChannel: UnsafePointer<CountedEvent>
  /// `[channels + 1]`
  public let channelOffsets: UnsafePointer<UInt32>
  /// Sum of the counts.
  public let spikeCount: Int

  public init(
    channelsByTime: UnsafePointer<CountedEvent>, timeOffsets: UnsafePointer<UInt32>,
    channelOrder: UnsafePointer<UInt16>, binsByChannel: UnsafePointer<CountedEvent>,
    channelOffsets: UnsafePointer<UInt32>, spikeCount: Int
  ) {
    self.channelsByTime = channelsByTime
    self.timeOffsets = timeOffsets
    self.channelOrder = channelOrder
    self.binsByChannel = binsByChannel
    self.channelOffsets = channelOffsets
    self.spikeCount = spikeCount
  }

  /// Groups of neighbouring channels that are ordered on their own, so that threads can share out groups.
  public static let channelGroups = 8

  /// The channels of group `group`, and their positions in the order.
  public static func channels(ofGroup group: Int, of channels: Int) -> Range<Int> {
    channels * group / channelGroups..<channels * (group + 1) / channelGroups
  }

  /// Fills the three arrays of the order by channel from those of the order by time.
  ///
  /// Within a group the channels with most events come first. A loop over the events of a channel then ends after as many
  /// rounds as the one before it, which the processor predicts; in the order of their numbers the mispredicted ends, one
  /// in some ten rounds, cost as much as the sums themselves.
  ///
  /// - Parameters:
  ///   - order: out, `[channels]`.
  ///   - byChannel: out, one for each of the events by time.
  ///   - offsets: out, `[channels + 1]`.
  public static func sortByChannel(
    byTime: UnsafePointer<CountedEvent>, timeOffsets: UnsafePointer<UInt32>, timeBins: Int, channels: Int,
    order: UnsafeMutablePointer<UInt16>, byChannel: UnsafeMutablePointer<CountedEvent>,
    offsets: UnsafeMutablePointer<UInt32>
  ) {
    var lengths = [Int](repeating: 0, count: channels)
    for e in 0..<Int(timeOffsets[timeBins]) { lengths[byTime[e].index] += 1 }
    // Where the next event of a channel goes.
    var next = lengths
    var end = 0
    offsets[0] = 0
    for group in 0..<channelGroups {
      let range = Self.channels(ofGroup: group, of: channels)
      // Sorted by length, then by number, so that the order is the same everywhere.
      let sorted = range.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
      for (position, channel) in zip(range, sorted) {
        order[position] = UInt16(truncatingIfNeeded: channel)
        next[channel] = end
        end += lengths[channel]
        offsets[position + 1] = UInt32(truncatingIfNeeded: end)
      }
    }
    for t in 0..<timeBins {
      for e in Int(timeOffsets[t])..<Int(timeOffsets[t + 1]) {
        let channel = byTime[e].index
        byChannel[next[channel]] = CountedEvent(index: t, count: Int(byTime[e].count))
        next[channel] += 1
      }
    }
  }
}
