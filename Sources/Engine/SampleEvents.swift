/// One sample's events in the two orders the engine needs, borrowed from a `SampleEventsBlock`.
///
/// An event is a channel, a time bin in which it spiked at least once, and the number of its spikes there. Both orders
/// hold the same events.
public struct SampleEvents {
  /// The channels of each bin, with one group per block of channels; the first group lists every bin, even if empty.
  /// Channels ascend within a list.
  public let byTime: PairedSparseRows
  /// The bins of each channel, all channels in one group. Bins ascend within a list.
  public let byChannel: PairedSparseRows
  /// The number of spikes: the sum of the counts.
  public let spikeCount: Int

  /// Rows of a weight panel that stay in the L1 cache (44 KiB of 48; most of it with 32 KiB) while the currents of
  /// several samples are summed.
  private static let blockRows = 176

  /// The number of blocks the channels are split into: a current's terms are summed block by block.
  public static func channelBlocks(of channels: Int) -> Int { max(1, (channels + blockRows - 1) / blockRows) }
}
