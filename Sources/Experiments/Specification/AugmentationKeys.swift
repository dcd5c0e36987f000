import SpikeData

/// The keys of `data.augment`.
extension Augmentation {
  mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.value(
      "channel_shift", &channelShift, .integer(0...65535), default: 0,
      "All spikes of a sample move by the same number of network inputs, uniform from minus to plus this.")
    v.value(
      "channel_jitter", &channelJitter, .single(.atLeast(0)), default: 0,
      "Standard deviation of the number of network inputs by which each spike moves, rounded.")
    v.value(
      "time_jitter", &timeJitter, .delay, default: 0,
      "Standard deviation of the stimulus time by which each spike moves; a spike counts from the middle of its bin.")
    v.value(
      "time_stretch", &timeStretch, .share, default: 0,
      "The times of a sample are multiplied by the same number, uniform from 1 minus to 1 plus this.")
    v.value("drop_events", &dropEvents, .share, default: 0, "Probability with which a spike is lost.")
    v.value(
      "blend", &blend, .number(.closed(0, 1)), default: 0,
      "Probability with which a sample is blended with another of its class: both move to the middle between their mean"
        + " inputs and times, and each spike of either is kept with probability 1/2.")
  }

  /// Each augmentation that is not off, alone, with its key and the key's value.
  public var parts: [(key: String, value: String, augmentation: Augmentation)] {
    func alone(_ change: (inout Augmentation) -> Void) -> Augmentation {
      var part = Augmentation()
      change(&part)
      return part
    }
    let all = [
      ("channel_shift", "\(channelShift)", alone { $0.channelShift = channelShift }),
      ("channel_jitter", NumberText.number(channelJitter), alone { $0.channelJitter = channelJitter }),
      ("time_jitter", NumberText.time(timeJitter), alone { $0.timeJitter = timeJitter }),
      ("time_stretch", NumberText.number(timeStretch), alone { $0.timeStretch = timeStretch }),
      ("drop_events", NumberText.number(dropEvents), alone { $0.dropEvents = dropEvents }),
      ("blend", NumberText.number(blend), alone { $0.blend = blend }),
    ]
    return all.filter { !$0.2.isNone }
  }
}
