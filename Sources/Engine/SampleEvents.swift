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
  /// Bins of the events, sorted by channel: channel `i` owns `binsByChannel[channelOffsets[i]..<channelOffsets[i + 1]]`.
  public let binsByChannel: UnsafePointer<CountedEvent>
  /// `[channels + 1]`
  public let channelOffsets: UnsafePointer<UInt32>
  /// Sum of the counts.
  public let spikeCount: Int

  public init(
    channelsByTime: UnsafePointer<CountedEvent>, timeOffsets: UnsafePointer<UInt32>,
    binsByChannel: UnsafePointer<CountedEvent>, channelOffsets: UnsafePointer<UInt32>, spikeCount: Int
  ) {
    self.channelsByTime = channelsByTime
    self.timeOffsets = timeOffsets
    self.binsByChannel = binsByChannel
    self.channelOffsets = channelOffsets
    self.spikeCount = spikeCount
  }
}
