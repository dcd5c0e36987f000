import Engine
import Foundation
import HDF5
import Networks
import SpikeData
import Training

/// What the display is told while a run trains.
public struct RunProgress: Sendable {
  public var epoch: Int
  public var epochs: Int
  /// Batches done in this epoch, of `batches`.
  public var batch: Int
  public var batches: Int
  /// Mean loss of the epoch's batches so far.
  public var loss: Double
  public var samplesPerSecond: Double
  /// Of the whole run.
  public var secondsLeft: Double?
  /// The row of the last finished epoch.
  public var last: HistoryRow?
  public var epochFinished: Bool
}

/// The numbers a run ends with: its row in `summary.csv`.
public struct RunResult: Sendable {
  public var rows: [HistoryRow]
  /// The epoch whose weights are the result and were evaluated; 0: the initial weights.
  public var selectedEpoch: Int
  public var selectedOn: SelectionCriterion
  public var train: Evaluation
  public var validation: Evaluation?
  public var test: Evaluation
}

/// Trains one run and writes its folder.
struct RunExecution {
  let run: PlannedRun
  let experiment: Experiment
  let data: RunData
  let pool: WorkerPool
  /// Asked after each batch.
  let shouldStop: () -> Bool
  let progress: (RunProgress) -> Void

  /// The run was stopped by a signal; its folder says so.
  struct Interrupted: Error {}

  /// A network with the run's initial weights.
  /// - Throws: `InputError` if the weights file does not fit.
  static func initialNetwork(
    _ run: RunSpecification, classes: Int, experiment: Experiment, pool: WorkerPool
  ) throws -> Network {
    let network = Network(run.network(classes: classes))
    switch run.initialization {
    case .normal(let gain): network.weights.drawNormal(gain: gain, seed: run.seed)
    case .file(let path):
      do {
        try WeightsFile.read(path, into: network.weights)
      } catch {
        throw InputError(experiment.diagnostic(forKey: "network.init", message: "\(error)"))
      }
    }
    network.weightsDidChange(pool: pool)
    return network
  }

  /// - Throws: `Interrupted`, `NonFiniteLossError`, `ResultsError`, `HDF5Error`.
  func execute(report: inout RunReport) throws -> RunResult {
    let specification = run.specification
    let training = specification.training
    let network = try Self.initialNetwork(specification, classes: data.classes, experiment: experiment, pool: pool)
    try AtomicFile.createFolder(run.folder)
    let clock = DispatchTime.now().uptimeNanoseconds
    func seconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds - clock) * 1e-9 }
    report.classes = data.classes
    report.classNames = data.test.dataset.classNames
    report.parameters = network.specification.parameterCount
    report.state = .interrupted  // what a run that is killed leaves behind
    try report.write(folder: run.folder)
    try AtomicFile.write(
      specification.yaml(name: experiment.name, description: experiment.description), to: run.folder + "/config.yaml")

    let evaluator = Evaluator(specification: network.specification, pool: pool)
    let recorded = min(specification.recordedSamples, data.test.count)
    let initial = evaluator.recordings(of: network, on: data.test, count: recorded)
    let trainer = Trainer(
      network: network, samples: data.training, specification: training, seed: specification.seed, pool: pool)
    var rows: [HistoryRow] = []
    var rowsWritten = seconds()
    func evaluate() -> (train: Evaluation, validation: Evaluation?, test: Evaluation) {
      (
        evaluator.evaluate(network, on: data.training), data.validation.map { evaluator.evaluate(network, on: $0) },
        evaluator.evaluate(network, on: data.test)
      )
    }
    var selection = ModelSelection(training)
    // Of the last epoch; without epochs there is none yet.
    var evaluation: (train: Evaluation, validation: Evaluation?, test: Evaluation)?
    for epoch in stride(from: 1, through: training.epochs, by: 1) {
      var (sum, stopped) = (0.0, false)
      let start = seconds()
      let result = try trainer.runEpoch(epoch) { batch, loss in
        sum += loss
        let done = Double(epoch - 1) + Double(batch + 1) / Double(trainer.batchCount)
        let rate = Double((batch + 1) * training.batchSize) / max(1e-9, seconds() - start)
        progress(
          RunProgress(
            epoch: epoch, epochs: training.epochs, batch: batch + 1, batches: trainer.batchCount,
            loss: sum / Double(batch + 1), samplesPerSecond: rate,
            secondsLeft: seconds() / done * (Double(training.epochs) - done), last: rows.last, epochFinished: false))
        stopped = shouldStop()
        return !stopped
      }
      guard let result, !stopped else {
        try AtomicFile.write(HistoryRow.csv(rows, run: run), to: run.folder + "/history.csv")
        throw Interrupted()
      }
      var row = HistoryRow(epoch: epoch, training: result, learningRate: training.optimizer.learningRate)
      if epoch % training.evaluateEvery == 0 || epoch == training.epochs {
        let now = evaluate()
        row.trainAccuracy = now.train.accuracy
        (row.validationLoss, row.validationAccuracy) = (now.validation?.loss, now.validation?.accuracy)
        (row.testLoss, row.testAccuracy) = (now.test.loss, now.test.accuracy)
        evaluation = now
        selection.consider(row, weights: network.weights)
      }
      rows.append(row)
      // So that a long run can be watched, at little cost.
      if seconds() - rowsWritten > 2 {
        try AtomicFile.write(HistoryRow.csv(rows, run: run), to: run.folder + "/history.csv")
        rowsWritten = seconds()
      }
      report.epochsDone = epoch
      progress(
        RunProgress(
          epoch: epoch, epochs: training.epochs, batch: trainer.batchCount, batches: trainer.batchCount,
          loss: result.loss, samplesPerSecond: Double(trainer.batchCount * training.batchSize) / result.seconds,
          secondsLeft: seconds() / Double(epoch) * Double(training.epochs - epoch), last: row, epochFinished: true))
      if row.testLoss != nil && selection.isExhausted(at: epoch) { break }
    }

    let lastEpoch = rows.last?.epoch ?? 0
    let selected = selection.best ?? (epoch: lastEpoch, value: 0, weights: [])
    if selected.epoch != lastEpoch {
      network.weights.set(selected.weights)
      network.weightsDidChange(pool: pool)
      evaluation = nil
    }
    let final = evaluation ?? evaluate()
    let outcome = RunResult(
      rows: rows, selectedEpoch: selected.epoch, selectedOn: training.selectOn, train: final.train,
      validation: final.validation, test: final.test)
    try AtomicFile.write(HistoryRow.csv(rows, run: run), to: run.folder + "/history.csv")
    try WeightsFile.write(network.weights, to: run.folder + "/weights.h5")
    let trained = evaluator.recordings(of: network, on: data.test, count: recorded)
    try RecordingsFile.write(
      trained: trained, initial: initial, network: network.specification, samples: data.test,
      predicted: outcome.test.predicted, to: run.folder + "/recordings.h5")
    try RecordingsFile.writeCSV(
      trained: trained, network: network.specification, samples: data.test, predicted: outcome.test.predicted,
      binWidth: specification.binning.binWidth, to: run.folder + "/recordings")
    try AtomicFile.write(Predictions.csv(outcome.test, on: data.test), to: run.folder + "/predictions.csv")
    var units = CSVWriter(header: ["layer", "unit", "rate_hz"])
    for (layer, rates) in outcome.test.unitRates.enumerated() {
      for (unit, rate) in rates.enumerated() { units.add(["\(layer)", "\(unit)", "\(rate)"]) }
    }
    try AtomicFile.write(units.text, to: run.folder + "/units.csv")
    try AtomicFile.write(
      RunSummary(run: run, result: outcome, parameters: network.specification.parameterCount).csv,
      to: run.folder + "/summary.csv")
    report.state = .done
    report.wallSeconds = seconds()
    try report.write(folder: run.folder)
    return outcome
  }
}

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
    let selected = result.rows.last { $0.epoch == result.selectedEpoch }?.training
    writer.add(
      [run.id, "\(specification.seed)"] + specification.swept.map(\.value) + ["done", "\(result.rows.count)"]
        + [
          selected?.loss, result.train.accuracy, result.validation?.loss, result.validation?.accuracy, result.test.loss,
          result.test.accuracy, selected?.hiddenRate, selected?.silentFraction, selected?.synapticOperations,
        ].map(field) + ["\(parameters)", "\(result.selectedEpoch)", result.selectedOn.rawValue])
    return writer.text
  }
}
