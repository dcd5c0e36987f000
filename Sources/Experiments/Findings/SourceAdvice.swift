import SafeText
import SpikeData

/// What to do about data that do not fit, in the keys of their source.
struct SourceAdvice {
  private let source: DataSource
  private let binning: Binning

  init(_ run: RunSpecification) { (source, binning) = (run.source, run.binning) }

  // MARK: Times

  /// About spikes after the last time bin.
  /// - Parameter place: when the last one comes, as a phrase: "at 2 s".
  func late(_ facts: SpikeFacts, place: String) -> String {
    let last = "the last one is \(place)"
    switch source {
    case .files, .events:
      let raise = "raise data.max_time (\(NumberText.time(binning.maxTime)))"
      guard looksLikeOtherUnit(facts) else { return "\(last); \(raise) to keep them" }
      return "\(last); \(otherUnit(facts, last: "it")); else \(raise)"
    case .synthetic: return "\(last); raise data.max_time (\(NumberText.time(binning.maxTime))) to keep them"
    case .images: return "\(last); raise data.time_bins to keep them, or lower data.latency.tau"
    case .random, .randman, .analog: return "\(last); raise data.time_bins to keep them"
    }
  }

  /// Whether so many spikes come so late that their times are probably not in the unit that they are read in.
  ///
  /// A few spikes after `max_time` are normal, and so are most of them if it is meant to cut long recordings. But
  /// samples of speech or gestures last seconds, and the last time of a file is hardly ever a whole number of seconds.
  private func looksLikeOtherUnit(_ facts: SpikeFacts) -> Bool {
    guard let last = facts.times?.upperBound, let unit, let finer = unit.finer(last, expected: binning.maxTime) else {
      return false
    }
    let share = Double(facts.droppedSpikes) / Double(max(1, facts.spikes))
    let isWhole = unit == .s && last >= 5 && unit.isWhole(last)
    guard share > 0.5 else { return share > 0.1 && isWhole }
    // Whether what the other unit makes of it is about as long as expected.
    let fits = unit.seconds(last, in: finer) >= max(0.005, binning.maxTime / 20)
    return isWhole || fits && (last >= 5 || last > 20 * binning.maxTime)
  }

  /// The unit in which the times of a file are read; nil if there is no file with times.
  private var unit: EventTimeUnit? {
    switch source {
    case .files: .s
    case .events(let recordings): recordings.unit
    case .synthetic, .images, .random, .randman, .analog: nil
    }
  }

  /// That the times may be in a finer unit, as a remedy.
  /// - Parameter last: what the last spike is called.
  private func otherUnit(_ facts: SpikeFacts, last name: String) -> String {
    guard let unit, let last = facts.times?.upperBound, let finer = unit.finer(last, expected: binning.maxTime) else {
      return "check the unit of the times"
    }
    let condition =
      "if the file's times are \(finer.name), which would put \(name) at \(timeText(unit.seconds(last, in: finer))), "
    let remedy =
      switch source {
      case .events: "set data.time_unit: \(finer.rawValue) (it is \(unit.rawValue))"
      case .files, .synthetic, .images, .random, .randman, .analog:
        "divide them by \(NumberText.number((1 / unit.seconds(1, in: finer)).rounded())): SHD's layout has seconds"
      }
    let steps =
      unit == .s && unit.isWhole(last)
      ? "; if they are time steps, as whole numbers may be, multiply them by the duration of one" : ""
    return condition + remedy + steps
  }

  /// About times that all lie in the first few time bins.
  /// - Parameter last: the latest, in seconds.
  func short(last: Double) -> String {
    switch source {
    case .files: return "lower data.max_time, or check that the times in the file are seconds"
    case .events(let recordings):
      let unit = recordings.unit
      guard last > 0, let coarser = unit.coarser(last, expected: binning.maxTime),
        unit.seconds(last, in: coarser) <= 20 * binning.maxTime
      else { return "lower data.max_time, or check that the times in the file are \(unit.name) (data.time_unit)" }
      return
        "data.time_unit is \(unit.rawValue): if the file's times are \(coarser.name), which would put it at "
        + "\(timeText(unit.seconds(last, in: coarser))), set it to \(coarser.rawValue); else lower data.max_time"
    case .synthetic: return "lower data.max_time"
    case .images: return "use fewer data.time_bins, or raise data.latency.tau"
    case .random, .randman, .analog: return "use fewer data.time_bins"
    }
  }

  // MARK: Missing spikes

  /// About samples without a spike in any time bin.
  /// - Parameters:
  ///   - samples: their number.
  ///   - areLate: whether spikes of the data come after the last time bin.
  func empty(_ samples: Int, areLate: Bool) -> String {
    let (them, their) = (CountText.verb(samples, "it", "them"), CountText.verb(samples, "its", "their"))
    return switch source {
    case .files, .events:
      "leave \(them) out of the file" + (areLate ? ", or raise data.max_time if \(their) spikes come later" : "")
    case .synthetic: "raise data.max_time"
    case .images:
      "lower data.latency.threshold" + (areLate ? " or data.latency.tau, raise data.time_bins," : "")
        + " or leave \(them) out of the files"
    case .random: "raise data.random.rate or data.time_bins"
    case .randman: "raise data.randman.channels"
    case .analog: "leave \(them) out of the file"
    }
  }

  /// Why a network would learn nothing from a dataset without a single spike in any time bin, and the key that it is
  /// about.
  func noSpikes(_ dataset: SpikeDataset) -> (key: String, problem: String) {
    let facts = dataset.facts
    let samples = CountText.count(dataset.count, "sample")
    guard let times = facts.times, facts.spikes > 0 else {
      let none = dataset.count == 1 ? "the only sample" : "none of the \(samples)"
      let problem = "\(none) of \(dataset.name) has\(dataset.count == 1 ? " no" : " a") spike"
      switch source {
      case .files, .events:
        return (source.content.files.first { $0.path == dataset.name }?.key ?? "data", problem)
      case .synthetic, .randman, .analog: return ("data.source", problem)
      case .images(let images):
        return (
          "data.latency.threshold",
          "\(problem): no pixel is as bright as \(NumberText.number(images.threshold)) of 255; lower "
            + "data.latency.threshold"
        )
      case .random(let random):
        return (
          "data.random.rate",
          "\(problem) at \(NumberText.number(random.rate)) Hz in \(CountText.count(binning.timeBins, "time step")); "
            + "raise data.random.rate" + (random.rate > 0 ? " or data.time_bins" : "")
        )
      }
    }
    let end = NumberText.time(NumberText.rounded(dataset.binning.maxTime))
    let problem =
      "no spike of \(dataset.name) falls into a time bin: all \(facts.spikes) come after the last one (\(end)), "
      + (times.lowerBound == times.upperBound ? "at " : "from \(timeText(times.lowerBound)) to ")
      + "\(timeText(times.upperBound)); "
    switch source {
    case .files, .events:
      let raise = "raise data.max_time"
      if looksLikeOtherUnit(facts) {
        return ("data.max_time", problem + otherUnit(facts, last: "the last one") + "; else " + raise)
      }
      let unit =
        switch source {
        case .events(let recordings):
          "; or, if the file's times are not \(recordings.unit.name), set data.time_unit to what they are"
        case .files, .synthetic, .images, .random, .randman, .analog:
          "; or, if the file's times are not seconds, convert them to seconds"
        }
      return ("data.max_time", problem + raise + unit)
    case .synthetic: return ("data.max_time", problem + "raise data.max_time")
    case .images(let images):
      return (
        "data.latency.tau",
        problem + "raise data.time_bins, or lower data.latency.tau (\(NumberText.time(images.tau)))"
      )
    case .random, .randman, .analog: return ("data.time_bins", problem + "raise data.time_bins")
    }
  }

  // MARK: Channels and labels

  /// About channels without spikes.
  /// - Parameter highest: the highest channel with spikes.
  func unusedChannels(highest: Int) -> String {
    switch source {
    case .files, .events:
      highest + 1 < binning.channels
        ? "set data.channels: \(highest + 1) if there are no others" : "leave out the silent channels"
    case .synthetic: "use fewer data.channels, or more samples"
    case .images: "crop the images if their margins are empty, or lower data.latency.threshold"
    case .random: "raise data.random.rate or data.time_bins, or use fewer data.random.channels"
    case .randman: "use fewer data.randman.channels"
    case .analog: "leave out the silent channels (data.select_channels)"
    }
  }

  /// About labels that do not occur, where `data.classes` is not given.
  var missingLabels: String {
    switch source {
    case .files, .images, .events, .analog:
      "number the labels 0, 1, 2, ... without gaps; setting data.classes makes stray labels an error"
    case .synthetic: "use \(moreTrainingSamples)"
    case .random, .randman: "use \(moreTrainingSamples), or fewer data.\(source.kind.rawValue).classes"
    }
  }

  /// About classes that are tested but not trained.
  var unseenClasses: String {
    switch source {
    case .files, .images, .events, .analog: "add training samples for all classes"
    case .synthetic, .random, .randman: "use \(moreTrainingSamples)"
    }
  }

  private var moreTrainingSamples: String {
    switch source {
    case .synthetic: "more data.synthetic.train_samples"
    case .random: "more data.random.samples"
    case .randman: "more data.randman.samples"
    case .files, .images, .events, .analog: "more training samples"
    }
  }
}
