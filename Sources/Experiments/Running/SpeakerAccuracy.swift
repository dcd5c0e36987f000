import Training

/// Classification accuracy for one speaker, as stored in `run.json` and `speakers.csv`.
public struct SpeakerAccuracy: Codable, Sendable {
  /// `train`, `validation` or `test`.
  public var split: String
  public var speaker: Int
  /// Number of the speaker's samples in the split, and how many were classified correctly.
  public var samples: Int
  public var correct: Int
  /// Whether the network was trained on samples of the speaker; nil if the training samples do not identify speakers.
  public var inTraining: Bool?

  /// Fraction of the samples.
  public var accuracy: Double { Double(correct) / Double(samples) }

  /// Note on speakers absent from training; empty for the others.
  public var note: String { inTraining == false ? "not in training" : "" }

  /// The columns of `speakers.csv`, without those that identify the run.
  static let columns = ["split", "speaker", "samples", "accuracy", "in_training"]

  /// Values of `columns`.
  var fields: [String] {
    [split, "\(speaker)", "\(samples)", "\(accuracy)", inTraining.map { $0 ? "yes" : "no" } ?? ""]
  }

  /// For each speaker among the samples, by number; empty if they do not identify speakers.
  /// - Parameter training: the samples the network was trained on.
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
