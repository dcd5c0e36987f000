import CSV
import Training

/// `predictions.csv`: label and prediction of every test sample.
enum Predictions {
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
}
