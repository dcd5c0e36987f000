/// The events of one sample in the two orders the engine needs, borrowed from a dataset.
///
/// An event is one spike count: a channel that spikes twice in a bin is listed twice. Both orders hold the same events.
public struct SampleEvents {
  /// Channels of the events, sorted by bin: bin `t` owns `channelsByTime[timeOffsets[t]..<timeOffsets[t + 1]]`, ascending.
  public let channelsByTime: UnsafePointer<UInt16>
  /// `[timeBins + 1]`
  public let timeOffsets: UnsafePointer<UInt32>
  /// Bins of the events, sorted by channel: channel `i` owns `binsByChannel[channelOffsets[i]..<channelOffsets[i + 1]]`.
  public let binsByChannel: UnsafePointer<UInt16>
  /// `[channels + 1]`
  public let channelOffsets: UnsafePointer<UInt32>

  public init(
    channelsByTime: UnsafePointer<UInt16>, timeOffsets: UnsafePointer<UInt32>,
    binsByChannel: UnsafePointer<UInt16>, channelOffsets: UnsafePointer<UInt32>
  ) {
    self.channelsByTime = channelsByTime
    self.timeOffsets = timeOffsets
    self.binsByChannel = binsByChannel
    self.channelOffsets = channelOffsets
  }
}
