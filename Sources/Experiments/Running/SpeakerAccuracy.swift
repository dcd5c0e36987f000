import Training

/// How well the samples of one speaker are classified, as `run.json` and `speakers.csv` have it.
public struct SpeakerAccuracy: Codable, Sendable {
  /// `train`, `validation` or `test`.
  public var split: String
  public var speaker: Int
  /// Of the split, and how many of them were predicted correctly.
  public var samples: Int
  public var correct: Int
  /// Whether the network was trained on other samples of the speaker; nil if the training samples name no speakers.
  public var inTraining: Bool?

  /// Share of the samples.
  public var accuracy: Double { Double(correct) / Double(samples) }

  /// What is said of a speaker whom the network has never heard; empty for the others.
  public var note: String { inTraining == false ? "not in training" : "" }

  /// The columns of `speakers.csv`, without those that tell the run.
  static let columns = ["split", "speaker", "samples", "accuracy", "in_training"]

  /// Of `columns`.
  var fields: [String] {
    [split, "\(speaker)", "\(samples)", "\(accuracy)", inTraining.map { $0 ? "yes" : "no" } ?? ""]
  }

  /// Of each speaker of some samples, by number; empty if they name no speakers.
  /// - Parameter training: what the network was trained on.
  public static func all(
    _ evaluation: Evaluation, on samples: Samples, split: String, training: Samples
  ) -> [SpeakerAccuracy] {
    guard let speakers = samples.dataset.speakers else { return [] }
    let heard = training.dataset.speakers.map { speakers in Set(training.indices.map { speakers[$0] }) }
    var table: [Int: SpeakerAccuracy] = [:]
    for i in 0..<samples.count {
      let speaker = speakers[samples.indices[i]]
      var entry =
        table[speaker]
        ?? SpeakerAccuracy(split: split, speaker: speaker, samples: 0, correct: 0, inTraining: heard?.contains(speaker))
      entry.samples += 1
      if evaluation.predicted[i] == samples.label(i) { entry.correct += 1 }
      table[speaker] = entry
    }
    return table.values.sorted { $0.speaker < $1.speaker }
  }
}
