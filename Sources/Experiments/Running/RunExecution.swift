import CSV
import Engine
import Files
import Foundation
import HDF5
import Networks
import SpikeData
import Training

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

/// Trains one run and writes its folder, from the beginning or from its checkpoint.
///
/// Used by one thread, which holds the run's claim.
final class RunExecution {
  /// The run was stopped after a batch; its checkpoint is written.
  struct Interrupted: Error {}

  private let run: PlannedRun
  private let experiment: Experiment
  private let data: RunData
  private let pool: WorkerPool
  private let schedule: CheckpointSchedule
  private let log: RunLog
  private let shouldStop: () -> Bool
  private let notify: (RunEvent) -> Void

  private var training: TrainingSpecification { run.specification.training }
  private let network: Network
  private let evaluator: Evaluator
  private let trainer: Trainer
  private var rows: [HistoryRow] = []
  private var selection: ModelSelection
  /// Wall time of earlier sessions, and when this one began.
  private var secondsBefore = 0.0
  private let begin = now()
  /// When the checkpoint and the history were written last.
  private var checkpointWritten = now()
  private var rowsWritten = now()

  private typealias Evaluations = (train: Evaluation, validation: Evaluation?, test: Evaluation)

  /// - Parameters:
  ///   - shouldStop: asked after each batch.
  ///   - notify: told of progress.
  /// - Throws: `InputError` if the initial weights can't be read, `OutOfMemoryError`.
  init(
    run: PlannedRun, experiment: Experiment, data: RunData, pool: WorkerPool, schedule: CheckpointSchedule,
    log: RunLog, shouldStop: @escaping () -> Bool, notify: @escaping (RunEvent) -> Void
  ) throws {
    self.run = run
    self.experiment = experiment
    self.data = data
    self.pool = pool
    self.schedule = schedule
    self.log = log
    self.shouldStop = shouldStop
    self.notify = notify
    let specification = run.specification
    try RunMemory.check(
      RunMemory.most(specification, data: data, threads: pool.threads), limit: RunMemory.available)
    network = try Self.initialNetwork(specification, classes: data.classes, experiment: experiment, pool: pool)
    evaluator = Evaluator(specification: network.specification, pool: pool)
    trainer = Trainer(
      network: network, samples: data.training, specification: specification.training, seed: specification.seed,
      pool: pool)
    selection = ModelSelection(specification.training)
  }

  /// Removes what a session that was killed left behind. The run's claim must be held.
  static func removeLeftovers(folder: String) {
    AtomicFile.removeLeftovers(in: folder)
    AtomicFile.removeLeftovers(in: folder + "/recordings")
    if RunReport.read(folder: folder)?.state == .done { Checkpoint.remove(folder: folder) }
  }

  /// Does the same in the folder of a run that is not going to be trained, if there is anything and nobody is at it.
  static func tidy(folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard names.contains(where: { $0 == "claim" || $0 == "checkpoint.h5" || $0.hasSuffix(".tmp") }),
      let claim = try? RunClaim.take(folder: folder)
    else { return }
    removeLeftovers(folder: folder)
    claim.release()
  }

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

  /// - Throws: `Interrupted`, `NonFiniteLossError`, `FileWriteError`, `HDF5Error`.
  func execute(report: inout RunReport) throws -> RunResult {
    let specification = run.specification
    report.classes = data.classes
    report.classNames = data.test.dataset.classNames
    report.parameters = network.specification.parameterCount
    report.state = .interrupted  // what a run that is killed leaves behind
    try report.write(folder: run.folder)
    try AtomicFile.write(
      specification.yaml(name: experiment.name, description: experiment.description), to: run.folder + "/config.yaml")

    let recorded = min(specification.recordedSamples, data.test.count)
    let initial = evaluator.recordings(of: network, on: data.test, count: recorded)
    resume()
    defer {
      report.epochsDone = rows.count
      report.wallSeconds = seconds
    }
    let evaluations = try train()
    let result = try finish(evaluations, initial: initial)
    report.state = .done
    report.epochsDone = rows.count
    report.wallSeconds = seconds
    // The report is the last file, so that a run that is called done has all of them.
    AtomicFile.flushFolder(run.folder)
    try report.write(folder: run.folder)
    log.write("done")
    Checkpoint.remove(folder: run.folder)
    return result
  }

  /// Wall time of the run, earlier sessions included.
  private var seconds: Double { secondsBefore + now() - begin }

  /// Goes on from the checkpoint, if there is one that can be used.
  private func resume() {
    do {
      guard
        let checkpoint = try Checkpoint.read(
          folder: run.folder, identity: run.identity, network: network.specification, epochs: training.epochs)
      else { return }
      trainer.restore(checkpoint.trainer)
      rows = checkpoint.rows
      selection = ModelSelection(training, best: checkpoint.best)
      secondsBefore = checkpoint.seconds
      let batch = checkpoint.trainer.unfinished?.batches ?? 0
      log.write("resumed after epoch \(rows.count)" + (batch > 0 ? ", batch \(batch) of \(trainer.batchCount)" : ""))
      notify(.resumed(run, epoch: rows.count, batch: batch))
    } catch {
      log.write("checkpoint ignored, starting from the beginning: \(error)")
    }
  }

  private func evaluate() -> Evaluations {
    (
      evaluator.evaluate(network, on: data.training), data.validation.map { evaluator.evaluate(network, on: $0) },
      evaluator.evaluate(network, on: data.test)
    )
  }

  /// Trains the epochs that are left.
  /// - Returns: the evaluation of the last epoch, if it was made in this session.
  private func train() throws -> Evaluations? {
    var evaluations: Evaluations?
    let meter = ProgressMeter(epochs: training.epochs, batches: trainer.batchCount, batchSize: training.batchSize)
    while rows.count < training.epochs {
      if let last = rows.last, last.isEvaluated, selection.isExhausted(at: last.epoch) {
        log.write("stopping early: no improvement for \(training.patience ?? 0) epochs")
        break
      }
      let epoch = rows.count + 1
      meter.begin(epoch, batchesDone: trainer.unfinished?.batches ?? 0)
      let result = try trainer.runEpoch(epoch) { _, _ in
        if let totals = trainer.unfinished { notify(.progress(run, meter.progress(totals, last: rows.last))) }
        if shouldStop() { return false }
        writeCheckpointIfDue()
        return true
      }
      guard let result else {
        writeCheckpoint()
        try writeHistory()
        log.write("interrupted in epoch \(epoch)")
        throw Interrupted()
      }
      var row = HistoryRow(epoch: epoch, training: result, learningRate: training.optimizer.learningRate)
      evaluations = nil
      if epoch % training.evaluateEvery == 0 || epoch == training.epochs {
        let values = evaluate()
        row.trainAccuracy = values.train.accuracy
        (row.validationLoss, row.validationAccuracy) = (values.validation?.loss, values.validation?.accuracy)
        (row.testLoss, row.testAccuracy) = (values.test.loss, values.test.accuracy)
        evaluations = values
        selection.consider(row, weights: network.weights)
      }
      rows.append(row)
      log.write(line(row))
      // So that a long run can be watched, at little cost.
      if now() - rowsWritten > 2 { try writeHistory() }
      writeCheckpointIfDue()
      notify(.progress(run, meter.progress(finished: row, seconds: result.seconds)))
    }
    return evaluations
  }

  private func line(_ row: HistoryRow) -> String {
    let numbers: [(String, Double?)] = [
      ("loss", row.training.loss), ("train accuracy", row.trainAccuracy),
      ("validation accuracy", row.validationAccuracy), ("test accuracy", row.testAccuracy),
    ]
    return (["epoch \(row.epoch)"] + numbers.compactMap { name, value in value.map { "\(name) \($0)" } })
      .joined(separator: ", ")
  }

  private func writeHistory() throws {
    try AtomicFile.write(HistoryRow.csv(rows, run: run), to: run.folder + "/history.csv")
    rowsWritten = now()
  }

  private func writeCheckpointIfDue() {
    if schedule.isDue(after: now() - checkpointWritten) { writeCheckpoint() }
  }

  /// A checkpoint that can't be written costs time after an interruption, not the run.
  private func writeCheckpoint() {
    let start = now()
    let checkpoint = Checkpoint(trainer: trainer.state, rows: rows, best: selection.best, seconds: seconds)
    do {
      try checkpoint.write(folder: run.folder, identity: run.identity, layout: network.weights.layout)
      log.write(
        "checkpoint after epoch \(rows.count)" + (trainer.unfinished.map { ", batch \($0.batches)" } ?? ""))
    } catch { log.write("no checkpoint: \(error)") }
    checkpointWritten = now()
    schedule.took(checkpointWritten - start)
  }

  /// Writes the results under the selected epoch's weights.
  private func finish(_ last: Evaluations?, initial: [SampleRecording]) throws -> RunResult {
    var evaluations = last
    let lastEpoch = rows.count
    var selectedEpoch = lastEpoch
    if let best = selection.best, best.epoch != lastEpoch {
      selectedEpoch = best.epoch
      network.weights.set(best.weights)
      network.weightsDidChange(pool: pool)
      evaluations = nil
    }
    let final = evaluations ?? evaluate()
    let result = RunResult(
      rows: rows, selectedEpoch: selectedEpoch, selectedOn: training.selectOn, train: final.train,
      validation: final.validation, test: final.test)
    let folder = run.folder
    try writeHistory()
    try WeightsFile.write(network.weights, to: folder + "/weights.h5")
    let trained = evaluator.recordings(of: network, on: data.test, count: initial.count)
    try RecordingsFile.write(
      trained: trained, initial: initial, network: network.specification, samples: data.test,
      predicted: result.test.predicted, to: folder + "/recordings.h5")
    try RecordingsFile.writeCSV(
      trained: trained, network: network.specification, samples: data.test, predicted: result.test.predicted,
      binWidth: run.specification.binning.binWidth, to: folder + "/recordings")
    try AtomicFile.write(Predictions.csv(result.test, on: data.test), to: folder + "/predictions.csv")
    var units = CSVWriter(header: ["layer", "unit", "rate_hz"])
    for (layer, rates) in result.test.unitRates.enumerated() {
      for (unit, rate) in rates.enumerated() { units.add(["\(layer)", "\(unit)", "\(rate)"]) }
    }
    try AtomicFile.write(units.text, to: folder + "/units.csv")
    try AtomicFile.write(
      RunSummary(run: run, result: result, parameters: network.specification.parameterCount).csv,
      to: folder + "/summary.csv")
    return result
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
        ].map(CSVWriter.field) + ["\(parameters)", "\(result.selectedEpoch)", result.selectedOn.rawValue])
    return writer.text
  }
}
