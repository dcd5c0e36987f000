import CSV

/// The final results of a run, as stored in `run.json`: its row of `summary.csv`.
struct RunSummary: Codable, Sendable {
  var epochs: Int?
  var trainLoss: Double?
  var trainAccuracy: Double?
  var validationLoss: Double?
  var validationAccuracy: Double?
  var testLoss: Double?
  var testAccuracy: Double?
  var hiddenRateHz: Double?
  var silentFraction: Double?
  var synapticOperations: Double?
  var parameters: Int?
  var selectedEpoch: Int?
  var selectedOn: String?

  init(_ result: RunResult, parameters: Int) {
    let selected = result.selected?.training
    epochs = result.rows.count
    (trainLoss, trainAccuracy) = (selected?.loss, result.train.accuracy)
    (validationLoss, validationAccuracy) = (result.validation?.loss, result.validation?.accuracy)
    (testLoss, testAccuracy) = (result.test.loss, result.test.accuracy)
    (hiddenRateHz, silentFraction) = (selected?.hiddenRate, selected?.silentFraction)
    synapticOperations = selected?.synapticOperations
    self.parameters = parameters
    (selectedEpoch, selectedOn) = (result.selectedEpoch, result.selectedOn.rawValue)
  }

  static let columns = [
    "state", "epochs", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss",
    "test_accuracy", "hidden_rate_hz", "silent_fraction", "synaptic_operations", "parameters", "selected_epoch",
    "selected_on",
  ]

  /// Values of `columns`.
  var fields: [String] {
    func whole(_ number: Int?) -> String { number.map(String.init) ?? "" }
    let numbers = [
      trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy, hiddenRateHz,
      silentFraction,
      synapticOperations,
    ]
    return [RunState.done.rawValue, whole(epochs)] + numbers.map(CSVWriter.field)
      + [whole(parameters), whole(selectedEpoch), selectedOn ?? ""]
  }
}
