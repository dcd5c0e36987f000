import CSV

/// A run's row of `summary.csv`, kept in its folder too, since run folders are the only truth.
struct RunSummary {
  let run: PlannedRun
  let result: RunResult
  let parameters: Int

  static let columns = [
    "state", "epochs", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss",
    "test_accuracy", "hidden_rate_hz", "silent_fraction", "synaptic_operations", "parameters", "selected_epoch",
    "selected_on",
  ]

  static func header(_ swept: [String]) -> [String] { ["run_id", "seed"] + swept + columns }

  var csv: String {
    let specification = run.specification
    var writer = CSVWriter(header: Self.header(specification.swept.map(\.key)))
    let selected = result.selected?.training
    writer.add(
      [run.id, "\(specification.seed)"] + specification.swept.map(\.value) + ["done", "\(result.rows.count)"]
        + [
          selected?.loss, result.train.accuracy, result.validation?.loss, result.validation?.accuracy, result.test.loss,
          result.test.accuracy, selected?.hiddenRate, selected?.silentFraction, selected?.synapticOperations,
        ].map(CSVWriter.field) + ["\(parameters)", "\(result.selectedEpoch)", result.selectedOn.rawValue])
    return writer.text
  }
}
