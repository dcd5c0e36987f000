import Networks
import SpikeData

extension RunSpecification {
  /// The keys of `data`.
  mutating func visitData<V: KeyVisitor>(_ v: inout V) {
    var sources = SourceKeys(source)
    sources.visit(&v)
    source = sources.selected
    v.variant(of: "source", .with(Self.spikes), isActive: !isAnalog) { visitChannels(&$0) }
    v.value(
      "classes", &classes, .integerOrAuto(1...65535), default: nil,
      "Number of classes; auto: the largest label in both files, plus one.")
    v.variant(of: "source", .with(Self.spikes), isActive: !isAnalog) { visitBins(&$0) }
    validation.visit(&v)
    v.variant(of: "source", .with(Self.spikes), isActive: !isAnalog) { v in
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
    switch source.timing {
    case .values: true
    case .recorded, .steps: false
    }
  }

  private mutating func visitChannels<V: KeyVisitor>(_ v: inout V) {
    let usual = Binning()
    let channels = source.ownChannels
    v.value(
      "channels", &binning.channels, .integer(1...65535),
      default: .dependent(
        channels ?? usual.channels, on: ["source", "folder", "random.channels", "randman.channels"],
        .text("`700`; of images, the number of pixels; of random and randman, their own `channels`")),
      "Number of channels in the data; a spike on another channel is an error.")
    if let channels, channels != binning.channels, !v.hasFailed("channels") {
      v.reject(
        at: "channels", "\(binning.channels), but \(source.kind.rawValue) has \(channels)",
        hint: "leave it out, or write \(channels)")
    }
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
    visitTimes(&v)
    if binning.timeBins < 2, binning.rule != .uniform {
      v.reject(at: "time_bins", "1 is out of range: 2 to 65535", hint: "a single bin needs binning: uniform")
    }
    v.value(
      "duplicates", &binning.duplicates, .choice, default: usual.duplicates,
      "Several spikes of one network input (a channel, or a group of them) in the same bin are counted (count) or merged"
        + " into one (binary).")
  }

  /// The keys that say what a time of the source is.
  private mutating func visitTimes<V: KeyVisitor>(_ v: inout V) {
    let usual = Binning()
    let isRecorded = source.timing == .recorded
    v.variant(of: "source", .with(Self.recordedSources), isActive: isRecorded) { v in
      v.value(
        "max_time", &binning.maxTime, .time, default: .dependent(usual.maxTime, on: ["source"], .text("`1 s`")),
        "Length of the stimulus; later spikes are dropped.")
      v.value(
        "align", &binning.alignment, .choice, default: usual.alignment,
        "What time counts from: the file's zero (none), or each sample's first spike on any channel (first_spike). With"
          + " first_spike, the subtraction and the binning, whichever its rule, are computed in float64 from the file's"
          + " exact values.")
      v.value(
        "binning", &binning.rule, .choice, default: usual.rule,
        "notebook: floor(t * (T - 1) / max_time); spytorch: the same + 1; uniform: floor(t * T / max_time).")
    }
    v.variant(of: "source", .with(Self.steppedSources), isActive: source.timing == .steps) { v in
      v.value(
        "max_time", &binning.maxTime, .time,
        default: .dependent(
          Double(binning.timeBins) * timeStepSeconds, on: ["source", "time_bins", "network.time_step"],
          .text("`time_bins` times `network.time_step`")),
        "Length of a sample, whose bins are the steps of the network; later spikes are dropped.")
    }
    guard source.timing == .steps else { return }
    (binning.rule, binning.alignment) = (.uniform, .none)
    // A network.time_step that is not read yet may change the default.
    hasOwnDuration = v.isGiven("max_time", current: timeStep == .bin)
  }

  private static let spikes = "a source of spikes, not of analog values"
  /// As the value of `source` in messages, made once: a sweep reads the table a hundred thousand times.
  private static let recordedSources = sources(.recorded)
  private static let steppedSources = sources(.steps)

  private static func sources(_ timing: SourceTiming) -> String {
    let kinds = DataSource.Kind.allCases.filter { $0.timing == timing }
    return "source: " + KeyCondition.list(kinds.map(\.rawValue), last: "or")
  }

  /// With a source that makes spikes in steps of the network, a sample lasts `time_bins` of them. To be called in the
  /// section `network`.
  mutating func settleDuration<V: KeyVisitor>(_ v: inout V) {
    guard source.timing == .steps else { return }
    switch timeStep {
    case .bin:
      guard !hasOwnDuration else { return }
      v.reject(
        at: "time_step", "bin needs data.max_time with data.source: \(source.kind.rawValue)",
        hint: "such as data.max_time: 100 ms, or a fixed step such as time_step: 1 ms")
    case .fixed(let step):
      let duration = Double(binning.timeBins) * step
      if hasOwnDuration, abs(binning.maxTime - duration) > 1e-9 * duration {
        v.reject(
          at: "time_step",
          "\(binning.timeBins) steps of \(NumberText.time(step)) last "
            + "\(NumberText.time(NumberText.rounded(duration))), but data.max_time is "
            + NumberText.time(binning.maxTime), hint: "leave out data.max_time, or write time_step: bin")
      }
      binning.maxTime = duration
    }
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
