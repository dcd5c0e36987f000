import Display
import Experiments

/// Progress of an unfinished run, from its history.
struct EpochReached {
  /// The last row of the history by column.
  var row: [String: String]?
  /// `12/40`
  var epoch: String
  var loss: String
  /// The last accuracy on the validation samples, or on the test samples, with its name.
  var accuracy = "-"

  init(_ run: StoredRun) {
    let history = run.history()
    row = history?.rows.last.map { last in
      Dictionary(zip(history?.header ?? [], last), uniquingKeysWith: { first, _ in first })
    }
    epoch = (row?["epoch"] ?? "0") + (run.plannedEpochs.map { "/\($0)" } ?? "")
    loss = ResultsTable.text(row?["train_loss"].flatMap { Double($0) }, "train_loss")
    // Not every epoch is evaluated.
    for split in ["validation", "test"] {
      let values = history?.numbers("\(split)_accuracy").compactMap { $0 }
      if let last = values?.last {
        accuracy = "\(split) \(Format.percent(last))"
        return
      }
    }
  }
}
