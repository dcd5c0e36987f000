import SafeText
import SpikeData
import Training

/// Warnings about single samples: those without spikes, those that occur twice, and whose they are.
struct SampleFindings {
  private let data: RunData

  init(_ data: RunData) { self.data = data }

  /// Whether there is no file to mend.
  private var isDrawn: Bool { data.run.source.content.isDrawn }

  // MARK: Samples without spikes

  /// Of a dataset; nil if all samples have spikes.
  func emptySamples(_ dataset: SpikeDataset) -> Finding? {
    if dataset.isAnalog { return nil }
    let empty = (0..<dataset.count).filter { dataset.events($0).spikeCount == 0 }
    guard let first = empty.first else { return nil }
    let areLate = dataset.facts.droppedSpikes > 0
    return Finding(
      "empty_samples",
      "\(empty.count) of \(CountText.count(dataset.count, "sample")) of \(dataset.name) "
        + "\(CountText.verb(empty.count, "has", "have")) no spike in any time bin, "
        + "\(empty.count == 1 ? "" : "the first being ")sample \(first) (label \(dataset.labels[first]))",
      consequence: CountText.verb(
        empty.count, "the network gets no input from it, so it can't tell its class",
        "the network gets no input from them, so it can't tell their classes apart"),
      remedy: SourceAdvice(data.run).empty(empty.count, areLate: areLate))
  }

  // MARK: Samples that occur twice

  /// Evaluated samples that are trained on. A source that draws its samples may draw the same spikes twice: nobody can
  /// remove those.
  func sharedSamples(_ split: String, _ samples: Samples, trained: [UInt64: Int]) -> Finding? {
    guard !isDrawn else { return nil }
    var shared: [(position: Int, first: Int)] = []
    for position in 0..<samples.count {
      guard let fingerprint = samples.fingerprint(position), let first = trained[fingerprint] else { continue }
      shared.append((position, first))
    }
    guard let one = shared.first else { return nil }
    let (sample, first) = (samples.indices[one.position], data.training.indices[one.first])
    let others = shared.count { samples.label($0.position) != data.training.label($0.first) }
    return Finding(
      "shared_samples",
      "\(shared.count) of \(CountText.count(samples.count, "\(split) sample")) "
        + "\(CountText.verb(shared.count, "has", "have")) the same \(samples.content) as a training sample"
        + (others > 0 ? ", \(others) of them with another label" : "")
        + ": for example, sample \(sample) of \(samples.dataset.name) is sample \(first) of "
        + data.training.dataset.name,
      consequence: "\(split) accuracy counts samples that the network was trained on",
      remedy: "remove \(CountText.verb(shared.count, "it", "them")) from one of the two sets")
  }

  /// Training or test samples that repeat others of their own set.
  func repeatedSamples(_ split: String, _ samples: Samples) -> Finding? {
    guard !isDrawn else { return nil }
    var first: [UInt64: Int] = [:]
    var repeated: [(position: Int, first: Int)] = []
    for position in 0..<samples.count {
      guard let fingerprint = samples.fingerprint(position) else { continue }
      if let known = first[fingerprint] {
        repeated.append((position, known))
      } else {
        first[fingerprint] = position
      }
    }
    guard let one = repeated.first else { return nil }
    let others = repeated.count { samples.label($0.position) != samples.label($0.first) }
    return Finding(
      "repeated_samples",
      "\(repeated.count) of \(CountText.count(samples.count, "\(split) sample")) of \(samples.dataset.name) "
        + "\(CountText.verb(repeated.count, "has", "have")) the same \(samples.content) as an earlier one"
        + (others > 0 ? ", \(others) of them with another label" : "")
        + ": for example, sample \(samples.indices[one.position]) is sample \(samples.indices[one.first])",
      consequence: others > 0
        ? "no network can tell them apart, so some of them will be misclassified"
        : "each counts as often as it occurs", remedy: "keep one of each")
  }

  /// The first training sample with each fingerprint.
  var trained: [UInt64: Int] {
    var trained: [UInt64: Int] = [:]
    for position in (0..<data.training.count).reversed() {
      if let fingerprint = data.training.fingerprint(position) { trained[fingerprint] = position }
    }
    return trained
  }

  /// All of these warnings. What one file serves for twice is told elsewhere.
  /// - Parameter testIsTraining: whether test and training samples are the same.
  func all(testIsTraining: Bool) -> [Finding] {
    let trained = trained
    return [
      data.validation.flatMap { sharedSamples("validation", $0, trained: trained) },
      testIsTraining ? nil : sharedSamples("test", data.test, trained: trained),
      repeatedSamples("training", data.training), testIsTraining ? nil : repeatedSamples("test", data.test),
      testIsTraining ? nil : speakers,
    ].compactMap { $0 }
  }

  // MARK: Speakers

  /// Speakers that are tested, and trained on as well.
  var speakers: Finding? {
    // The built-in task has a few speakers by design.
    if isDrawn { return nil }
    guard let trained = data.training.speakers, let tested = data.test.speakers else { return nil }
    let (both, new) = (trained.intersection(tested).sorted(), tested.subtracting(trained).sorted())
    guard !both.isEmpty else { return nil }
    if new.isEmpty {
      return Finding(
        "known_speakers",
        both.count == 1
          ? "the only speaker in the test samples (\(Self.list(both))) is in the training samples too"
          : "all \(Self.count(both)) in the test samples (\(Self.list(both))) are in the training samples too",
        consequence: "test accuracy says nothing about new speakers",
        remedy: "if it should, hold out whole speakers (data.validation.speakers, or another data.test)")
    }
    return Finding(
      "mixed_speakers",
      "of \(Self.count(both + new)) in the test samples, \(both.count) \(CountText.verb(both.count, "is", "are")) "
        + "in the training samples too (\(Self.list(both))) "
        + "and \(new.count) \(CountText.verb(new.count, "is", "are")) not (\(Self.list(new)))",
      consequence: "test accuracy mixes known speakers with new ones",
      remedy: "compare the accuracies per speaker: speakers.csv and snnexp eval mark those that were not trained on")
  }

  private static func count(_ speakers: [Int]) -> String {
    CountText.count(speakers.count, "speaker")
  }

  /// The first few.
  private static func list(_ speakers: [Int]) -> String {
    let shown = speakers.prefix(12).map(String.init).joined(separator: ", ")
    return speakers.count > 12 ? shown + ", ..." : shown
  }
}

extension Samples {
  /// What a sample consists of.
  fileprivate var content: String { dataset.isAnalog ? "values" : "spikes" }

  /// Nil for a sample without spikes: all of these are alike.
  fileprivate func fingerprint(_ position: Int) -> UInt64? {
    !dataset.isAnalog && events(position).spikeCount == 0 ? nil : dataset.fingerprint(indices[position])
  }

  /// Whose samples these are; nil if the data do not say.
  fileprivate var speakers: Set<Int>? { dataset.speakers.map { speakers in Set(indices.map { speakers[$0] }) } }
}
