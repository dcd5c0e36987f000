import CSV
import Training

/// One row of `history.csv`: an epoch of a run. Accuracies cover every sample once, with the weights at the end of the
/// epoch; nil for epochs without evaluation.
public struct HistoryRow: Sendable {
  public var epoch: Int
  public var training: EpochResult
  /// Of the group `weights`, in the epoch's first batch.
  public var learningRate: Double
  public var trainAccuracy: Double?
  public var validationLoss: Double?
  public var validationAccuracy: Double?
  public var testLoss: Double?
  public var testAccuracy: Double?

  /// The columns common to all histories, without those that identify the run.
  public static let columns = [
    "epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy",
    "learning_rate", "hidden_rate_hz", "silent_fraction", "synaptic_operations", "epoch_seconds",
  ]

  /// The fields of `columns`, empty where a value is missing.
  public var fields: [String] { ["\(epoch)"] + numbers.dropFirst().map(CSVWriter.field) }

  var isEvaluated: Bool { testLoss != nil }

  /// nil if it is not known after this epoch.
  func value(of metric: Plateau.Metric) -> Double? {
    switch metric {
    case .trainLoss: training.loss
    case .trainAccuracy: trainAccuracy
    case .validationLoss: validationLoss
    case .validationAccuracy: validationAccuracy
    }
  }

  /// Makes it the row of an epoch without evaluation.
  mutating func removeEvaluation() {
    (trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy) = (nil, nil, nil, nil, nil)
  }

  /// The values of `columns`.
  var numbers: [Double?] {
    [
      Double(epoch), training.loss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy,
      learningRate, training.hiddenRate, training.silentFraction, training.synapticOperations, training.seconds,
    ]
  }

  package init(epoch: Int, training: EpochResult, learningRate: Double) {
    self.epoch = epoch
    self.training = training
    self.learningRate = learningRate
  }

  /// A row from the output of `numbers`; nil if a required value is missing.
  init?(numbers: [Double?]) {
    guard numbers.count == Self.columns.count, let epoch = numbers[0].flatMap(Int.init(exactly:)),
      let loss = numbers[1],
      let learningRate = numbers[7], let hiddenRate = numbers[8], let silentFraction = numbers[9],
      let synapticOperations = numbers[10], let seconds = numbers[11]
    else { return nil }
    self.init(
      epoch: epoch,
      training: EpochResult(
        loss: loss, hiddenRate: hiddenRate, silentFraction: silentFraction, synapticOperations: synapticOperations,
        seconds: seconds), learningRate: learningRate)
    (trainAccuracy, validationLoss, validationAccuracy) = (numbers[2], numbers[3], numbers[4])
    (testLoss, testAccuracy) = (numbers[5], numbers[6])
  }

  /// The rows of a run's `history.csv`.
  /// - Throws: `FileReadError`, `InputError` if a row lacks a required value.
  static func read(_ path: String) throws -> [HistoryRow] { try read(CSVTable(path: path), path: path) }

  /// The rows of a table read from `path`.
  /// - Throws: `InputError` if one lacks a required value.
  static func read(_ table: CSVTable, path: String) throws -> [HistoryRow] {
    let positions = columns.map(table.position)
    return try table.rows.map { fields in
      let row = HistoryRow(numbers: positions.map { $0.flatMap { Double(fields[$0]) } })
      guard let row else { throw InputError("\(path): not a history row: \(fields.joined(separator: ","))") }
      return row
    }
  }

  /// The text of `history.csv` of one run.
  static func csv(_ rows: [HistoryRow], run: PlannedRun) -> String {
    let swept = run.specification.swept
    var writer = CSVWriter(header: ["run_id", "seed"] + swept.map(\.key) + columns)
    for row in rows {
      writer.add([run.id, "\(run.specification.seed)"] + swept.map(\.value) + row.fields)
    }
    return writer.text
  }
}
