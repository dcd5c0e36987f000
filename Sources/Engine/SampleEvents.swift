import KernelTable

/// The events of one sample in the two orders the engine needs, borrowed from `SampleEventsBlock`.
///
/// An event is a channel and a bin in which it spiked at least once, with the count of its spikes. Both orders hold the
/// same events.
public struct SampleEvents {
  /// Of each bin its channels, in a group for each block of channels; all bins are in the first group. Within a list
  /// channels ascend.
  public let byTime: PairedSparseRows
  /// Of each channel its bins, all channels in one group. Within a list bins ascend.
  public let byChannel: PairedSparseRows
  /// Sum of the counts.
  public let spikeCount: Int

  /// Rows of a panel of weights that stay in the first-level cache (44 KiB of 48; of 32 KiB most) while the currents of
  /// several samples are summed.
  private static let blockRows = 176

  /// Blocks into which the channels are cut: the terms of a current are summed block by block.
  public static func channelBlocks(of channels: Int) -> Int { max(1, (channels + blockRows - 1) / blockRows) }
}
