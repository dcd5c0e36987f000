/// How training samples are changed at random, anew in each epoch. All 0: they are not.
///
/// It works on binned spikes, in this order: blend, channel shift, channel jitter, time stretch, time jitter, drop.
/// Channels are network inputs, that is, groups of channels where `Binning.channelGroup` is above 1. A spike of bin b is
/// at time b + 1/2, in bins. Spikes that leave the channels or the sample's time are lost.
public struct Augmentation: Hashable, Sendable {
  /// All spikes of a sample move by the same number of channels, uniform in -n...n.
  public var channelShift = 0
  /// Standard deviation of the number of channels by which each spike moves, rounded.
  public var channelJitter = 0.0
  /// Standard deviation of the stimulus time by which each spike moves, in seconds.
  public var timeJitter = 0.0
  /// The times of a sample are multiplied by the same number, uniform in 1 - x to 1 + x.
  public var timeStretch = 0.0
  /// Probability with which a spike is lost.
  public var dropEvents = 0.0
  /// Probability with which a sample is blended with another one of its class (Nowotny, Turner and Knight 2025): both
  /// move to the middle between their mean channels and times, then each spike of either is kept with probability 1/2.
  public var blend = 0.0

  public init() {}

  public var isNone: Bool { self == Augmentation() }
}
