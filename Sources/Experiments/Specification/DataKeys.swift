import Networks
import SpikeData

extension RunSpecification {
  /// The keys of `data`.
  mutating func visitData<V: KeyVisitor>(_ v: inout V) {
    var sources = SourceKeys(source)
    sources.visit(&v)
    source = sources.selected
    v.variant(of: "source", .with("a source of spikes"), isActive: !isAnalog) { visitChannels(&$0) }
    v.value(
      "classes", &classes, .integerOrAuto(1...65535), default: nil,
      "Number of classes; auto: the largest label in both files, plus one.")
    v.variant(of: "source", .with("a source of spikes"), isActive: !isAnalog) { visitBins(&$0) }
    validation.visit(&v)
    v.variant(of: "source", .with("a source of spikes"), isActive: !isAnalog) { v in
      var (augmentation, none): (Augmentation, Bool?) = (training.augmentation, training.augmentation.isNone)
      v.section(
        "augment", none: &none,
        "How training samples are changed at random, anew in each epoch: none, or a mapping. Spikes that leave the channels"
          + " or the time are lost."
      ) { augmentation.visit(&$0) }
      training.augmentation = none == true ? Augmentation() : augmentation
    }
    if isAnalog { training.augmentation = Augmentation() }
  }

  /// Whether the data are analog values: their channels and steps follow from the file.
  public var isAnalog: Bool {
    switch source {
    case .analog: true
    case .files, .synthetic: false
    }
  }

  private mutating func visitChannels<V: KeyVisitor>(_ v: inout V) {
    let usual = Binning()
    v.value(
      "channels", &binning.channels, .integer(1...65535), default: usual.channels,
      "Number of channels in the data; a spike on another channel is an error.")
    v.value(
      "channel_group", &binning.channelGroup, .integer(1...65535), default: usual.channelGroup,
      "Neighbouring channels that are added up: channel c feeds network input floor(c / channel_group), of which there"
        + " are ceil(channels / channel_group).")
    if binning.channelGroup > binning.channels {
      v.reject(
        at: "channel_group", "\(binning.channelGroup) is more than data.channels, \(binning.channels)",
        hint: "\(binning.channels) adds up all channels")
    }
  }

  private mutating func visitBins<V: KeyVisitor>(_ v: inout V) {
    let usual = Binning()
    v.value(
      "time_bins", &binning.timeBins, .integer(1...65535), default: usual.timeBins, "Number of time bins, T.")
    v.value(
      "max_time", &binning.maxTime, .time, default: usual.maxTime,
      "Length of the stimulus; later spikes are dropped.")
    v.value(
      "align", &binning.alignment, .choice, default: usual.alignment,
      "What time counts from: the file's zero (none), or each sample's first spike on any channel (first_spike). With"
        + " first_spike, the subtraction and the binning, whichever its rule, are computed in float64 from the file's"
        + " exact values.")
    v.value(
      "binning", &binning.rule, .choice, default: usual.rule,
      "notebook: floor(t * (T - 1) / max_time); spytorch: the same + 1; uniform: floor(t * T / max_time).")
    if binning.timeBins < 2, binning.rule != .uniform {
      v.reject(at: "time_bins", "1 is out of range: 2 to 65535", hint: "a single bin needs binning: uniform")
    }
    v.value(
      "duplicates", &binning.duplicates, .choice, default: usual.duplicates,
      "Several spikes of one network input (a channel, or a group of them) in the same bin are counted (count) or merged"
        + " into one (binary).")
  }
}

extension ValidationSplit {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    var (speakers, fraction): ([Int], Double) = ([], 0)
    var none: Bool? = false
    switch self {
    case .none: none = true
    // A set: the order is meaningless and must not distinguish configurations.
    case .speakers(let numbers): speakers = numbers.sorted()
    case .fraction(let share): fraction = share
    }
    let currentlySpeakers = !speakers.isEmpty
    v.section("validation", none: &none, "Training samples to hold out: none, {speakers: [3, 8]} or {fraction: 0.1}.") {
      v in
      let bySpeaker = v.isGiven("speakers", current: currentlySpeakers)
      v.variant(of: "speakers", .without(["speakers"]), isActive: !bySpeaker) {
        $0.required(
          "fraction", &fraction, .number(.open(0, 1)), hint: "{speakers: [3, 8]} or {fraction: 0.1}",
          "Fraction of each class to hold out, drawn with the run seed.")
      }
      v.variant(of: "fraction", .without(["fraction"]), isActive: bySpeaker) {
        $0.required(
          "speakers", &speakers, ValueType<Int>.list(of: .integer(0...65535)), hint: "", "Speakers to hold out.")
        speakers.sort()
      }
      self = bySpeaker ? .speakers(speakers) : .fraction(fraction)
    }
    if none == true { self = .none }
  }
}
