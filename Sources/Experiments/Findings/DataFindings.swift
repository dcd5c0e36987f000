import Foundation
import SafeText
import SpikeData
import Training

/// Warnings about a run's data: what is lost between the files and the network, and anything unexpected in the files.
struct DataFindings {
  private let data: RunData
  private var run: RunSpecification { data.run }
  private var split: SampleSplit? { data.split }
  private var fingerprints: InputFingerprints { data.fingerprints }
  private var advice: SourceAdvice { SourceAdvice(run) }

  init(_ data: RunData) { self.data = data }

  var all: [Finding] {
    [sameSamples, missingLabels, unseenClasses, validationShare, validationClasses, leftOutSamples].compactMap { $0 }
      + SampleFindings(data).all(testIsTraining: sameSamples != nil)
      + datasets.flatMap { dataset in
        [
          lateSpikes(dataset), SampleFindings(data).emptySamples(dataset), shortStimulus(dataset),
          unreachableBins(dataset), unusedChannels(dataset), constantChannels(dataset),
        ].compactMap { $0 }
      } + AugmentationFindings(data).all
  }

  /// Those that bear on an evaluation on a split.
  func all(evaluating split: DataSplit) -> [Finding] {
    let dataset =
      switch split {
      case .train, .validation: data.training.dataset
      case .test: data.test.dataset
      }
    let single = SampleFindings(data)
    let samples: [Finding?] =
      switch split {
      case .train: [single.repeatedSamples("training", data.training)]
      case .validation:
        [validationClasses] + [
          data.validation.flatMap { single.sharedSamples("validation", $0, trained: single.trained) }
        ]
      case .test:
        if let sameSamples {
          [sameSamples, unseenClasses]
        } else {
          [
            unseenClasses, single.sharedSamples("test", data.test, trained: single.trained),
            single.repeatedSamples("test", data.test), single.speakers,
          ]
        }
      }
    let times = [
      lateSpikes(dataset), single.emptySamples(dataset), shortStimulus(dataset), unreachableBins(dataset),
    ]
    return (samples + times).compactMap { $0 }
  }

  /// Each once, even if one file serves as both.
  private var datasets: [SpikeDataset] {
    let (train, test) = (data.training.dataset, data.test.dataset)
    return train === test ? [train] : [train, test]
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    percentText(100 * Double(part) / Double(max(1, whole)))
  }

  /// `the first being 3`, or `namely label 3` of a single one.
  private static func first(_ count: Int, _ noun: String, _ first: Int) -> String {
    count == 1 ? "namely \(noun) \(first)" : "the first being \(first)"
  }

  // MARK: Times

  private func lateSpikes(_ dataset: SpikeDataset) -> Finding? {
    let facts = dataset.facts
    guard facts.droppedSpikes > 0 else { return nil }
    guard Double(facts.droppedSpikes) >= run.source.content.expectedLateShare * Double(facts.spikes) else { return nil }
    return Finding(
      "late_spikes",
      "\(Self.share(facts.droppedSpikes, facts.spikes)) of the spikes of \(dataset.name) "
        + "(\(facts.droppedSpikes) of \(facts.spikes)) "
        + "\(CountText.verb(facts.droppedSpikes, "comes", "come")) after the last time bin",
      consequence: "\(CountText.verb(facts.droppedSpikes, "it is", "they are")) dropped",
      remedy: advice.late(facts, place: place(ofLast: facts.times?.upperBound ?? 0)))
  }

  /// When the latest spike comes, as a phrase.
  private func place(ofLast time: Double) -> String {
    switch run.binning.alignment {
    case .none: "at \(timeText(time))"
    case .firstSpike: "\(timeText(time)) after the first of its sample (data.align: first_spike)"
    }
  }

  private func shortStimulus(_ dataset: SpikeDataset) -> Finding? {
    guard let last = dataset.facts.times?.upperBound, last < 0.1 * run.binning.maxTime else { return nil }
    return Finding(
      "short_stimulus",
      "the last spike of \(dataset.name) is \(place(ofLast: last)), in the first "
        + "\(percentText(100 * last / run.binning.maxTime)) of data.max_time (\(NumberText.time(run.binning.maxTime)))",
      consequence: "all other time bins stay empty", remedy: advice.short(last: last))
  }

  private func unreachableBins(_ dataset: SpikeDataset) -> Finding? {
    let bins = data.shape.timeBins
    guard dataset.reachableBins < bins else { return nil }
    return Finding(
      "unreachable_bins",
      "the times in \(dataset.name) are so coarse that they reach only \(dataset.reachableBins) of \(bins) time bins",
      consequence: "the others stay empty, and their spikes fall into neighbouring bins",
      remedy: "use fewer data.time_bins, or data.binning: uniform, which computes in double precision")
  }

  // MARK: Channels

  private func unusedChannels(_ dataset: SpikeDataset) -> Finding? {
    // A silent channel matters only if its whole group is silent.
    let (used, all) = (dataset.facts.usedInputs, dataset.binning.inputs)
    guard let highest = dataset.facts.highestChannel else { return nil }
    // Single silent channels between others are normal, but not that all from some channel on are silent.
    let above = all - 1 - highest / dataset.binning.channelGroup
    guard (all - used) * 20 >= all || above * 50 >= all else { return nil }
    let group = run.binning.channelGroup
    let (name, others) =
      group == 1
      ? ("channels, the highest being \(highest)", "channels")
      : (
        "groups of \(group) channels, the highest channel being \(highest) of 0 to \(run.binning.channels - 1)",
        "groups"
      )
    return Finding(
      "unused_channels", "\(dataset.name) has spikes on \(used) of \(all) \(name)",
      consequence: "weights of the other \(others) never change, and initial weights are scaled for \(all) inputs",
      remedy: advice.unusedChannels(highest: highest))
  }

  private func constantChannels(_ dataset: SpikeDataset) -> Finding? {
    let constant = dataset.facts.constantChannels
    guard let first = constant.first else { return nil }
    return Finding(
      "constant_channels",
      "\(constant.count) of \(CountText.count(dataset.binning.channels, "channel")) of \(dataset.name) "
        + "\(CountText.verb(constant.count, "has", "have")) one value throughout, "
        + Self.first(constant.count, "channel", first),
      consequence: CountText.verb(
        constant.count, "it tells the network nothing; standardised, it is 0",
        "they tell the network nothing; standardised, they are 0"),
      remedy: "leave \(CountText.verb(constant.count, "it", "them")) out (data.select_channels)")
  }

  // MARK: Samples and labels

  private var sameSamples: Finding? {
    guard let same = run.source.content.sameSamples(hash: { fingerprints[$0] }) else { return nil }
    return Finding(
      "same_train_and_test", same.samples,
      consequence: "test accuracy equals training accuracy and says nothing about new samples", remedy: same.remedy)
  }

  /// Classes without samples in either set.
  private var missingLabels: Finding? {
    let (train, test) = (data.training.dataset.samplesPerClass, data.test.dataset.samplesPerClass)
    let missing = (0..<data.classes).filter { label in
      [train, test].allSatisfy { !$0.indices.contains(label) || $0[label] == 0 }
    }
    guard let first = missing.first else { return nil }
    let highest = max(data.training.dataset.classes, data.test.dataset.classes) - 1
    let whence = run.classes == nil ? "the largest label is \(highest)" : "data.classes: \(data.classes)"
    return Finding(
      "missing_labels",
      "\(missing.count) of \(CountText.count(data.classes, "class")) "
        + "\(CountText.verb(missing.count, "has", "have")) no samples, "
        + "\(Self.first(missing.count, "label", first)) (\(whence))",
      consequence: CountText.verb(
        missing.count, "the readout has a unit for it", "the readout has a unit for each of them")
        + ", which only learns never to win",
      remedy: run.classes == nil
        ? advice.missingLabels
        : "set data.classes to \(highest + 1), or leave it out")
  }

  /// Classes that are tested but not trained.
  private var unseenClasses: Finding? {
    let trained = Set((0..<data.training.count).map(data.training.label))
    let unseen = data.test.samplesPerClass.enumerated().filter { $1 > 0 && !trained.contains($0) }
    guard let first = unseen.first else { return nil }
    let samples = unseen.reduce(0) { $0 + $1.element }
    return Finding(
      "unseen_classes",
      "\(CountText.count(unseen.count, "class")) of \(data.test.dataset.name) "
        + "\(CountText.verb(unseen.count, "has", "have")) no training samples, "
        + Self.first(unseen.count, "label", first.offset),
      consequence: "\(samples == 1 ? "the only one" : "all \(samples)") of "
        + "\(CountText.verb(unseen.count, "its", "their")) test samples will be misclassified",
      remedy: advice.unseenClasses)
  }

  private var validationShare: Finding? {
    guard let split, let wanted = split.wantedShare, abs(split.share / wanted - 1) > 0.1 else { return nil }
    return Finding(
      "validation_share",
      "\(split.validation.count) of \(split.validation.count + split.training.count) samples "
        + "\(CountText.verb(split.validation.count, "is", "are")) held out, "
        + "\(percentText(100 * split.share)) instead of \(percentText(100 * wanted))",
      consequence: "only whole samples can be held out, so the fraction is off by more than a tenth",
      remedy: "use a data.validation.fraction that gives a whole number of samples")
  }

  private var validationClasses: Finding? {
    guard let split else { return nil }
    let (untested, untrained) = (split.classesWithoutValidation, split.classesWithoutTraining)
    if let first = untrained.first {
      return Finding(
        "untrained_classes",
        "all samples of \(CountText.count(untrained.count, "class")) are held out, "
          + Self.first(untrained.count, "label", first),
        consequence: CountText.verb(
          untrained.count, "the network never sees this class, and all of its samples will be misclassified",
          "the network never sees these classes, and all of their samples will be misclassified"),
        remedy: "hold out fewer samples, or other speakers (data.validation)")
    }
    guard let first = untested.first else { return nil }
    return Finding(
      "unvalidated_classes",
      "\(CountText.count(untested.count, "class")) \(CountText.verb(untested.count, "has", "have")) no "
        + "validation samples, "
        + Self.first(untested.count, "label", first),
      consequence: "validation accuracy does not cover \(CountText.verb(untested.count, "it", "them"))",
      remedy: "hold out more samples (data.validation)")
  }

  private var leftOutSamples: Finding? {
    let training = run.training
    guard training.dropLast, training.epochs > 0 else { return nil }
    let (rest, count) = (data.training.count % training.batchSize, data.training.count)
    guard rest > 0, !training.shuffle || rest * 10 > count else { return nil }
    return Finding(
      "left_out_samples",
      "\(rest) of \(CountText.count(count, "training sample")) (\(Self.share(rest, count))) "
        + "\(CountText.verb(rest, "does", "do")) not fill a batch of \(training.batchSize)",
      consequence: training.shuffle
        ? "each epoch skips that many, different ones each time"
        : "without shuffling, \(CountText.verb(rest, "this sample is", "these samples are")) never used",
      remedy: "set training.drop_last: false, or a training.batch_size that leaves a smaller remainder")
  }
}

/// A measured time, with four significant digits.
func timeText(_ seconds: Double) -> String {
  NumberText.time(Double(String(format: "%.4g", seconds)) ?? seconds)
}
