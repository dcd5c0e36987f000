import CSV
import Training

/// `predictions.csv` and what is counted from it.
public enum Predictions {
  static func csv(_ evaluation: Evaluation, on samples: Samples) -> String {
    var writer = CSVWriter(header: ["sample", "speaker", "label", "predicted", "label_name", "predicted_name"])
    for i in 0..<samples.count {
      let index = samples.indices[i]
      let (label, predicted) = (samples.label(i), evaluation.predicted[i])
      writer.add([
        "\(index)", samples.dataset.speakers.map { "\($0[index])" } ?? "", "\(label)", "\(predicted)",
        samples.dataset.className(label), samples.dataset.className(predicted),
      ])
    }
    return writer.text
  }

  /// `validation_samples.csv`: the samples of the training file that are held out, by their index there.
  static func held(_ samples: Samples) -> String {
    var writer = CSVWriter(header: ["sample", "label", "speaker"])
    for i in 0..<samples.count {
      let index = samples.indices[i]
      writer.add(["\(index)", "\(samples.label(i))", samples.dataset.speakers.map { "\($0[index])" } ?? ""])
    }
    return writer.text
  }

  /// Right and all samples of each speaker; empty without speakers.
  public static func bySpeaker(_ evaluation: Evaluation, on samples: Samples) -> [(
    speaker: Int, right: Int, count: Int
  )] {
    guard let speakers = samples.dataset.speakers else { return [] }
    var table: [Int: (Int, Int)] = [:]
    for i in 0..<samples.count {
      let right = evaluation.predicted[i] == samples.label(i) ? 1 : 0
      let before = table[speakers[samples.indices[i]], default: (0, 0)]
      table[speakers[samples.indices[i]]] = (before.0 + right, before.1 + 1)
    }
    return table.sorted { $0.key < $1.key }.map { ($0.key, $0.value.0, $0.value.1) }
  }
}
