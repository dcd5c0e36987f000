import Engine
import Files
import Foundation
import MonotonicClock
import Networks
import SafeText
import SpikeData
import Training

/// Trains one run and writes its folder, from the beginning or from its checkpoint.
///
/// Used by a single thread, which holds the run's claim; if it is lost, nothing more is written.
final class RunExecution {
  /// The run was stopped after a batch; its checkpoint is written.
  struct Interrupted: Error {}

  let run: PlannedRun
  let experiment: Experiment
  let data: RunData
  private let pool: WorkerPool
  let schedule: CheckpointSchedule
  let log: RunLog
  private let claim: RunClaim
  /// Finished runs with fewer epochs, from whose state it can start: the first that is usable counts.
  let sources: [FinishedRun]
  private let shouldStop: () -> Bool
  let notify: (RunEvent) -> Void

  var training: TrainingSpecification { run.specification.training }
  let network: Network
  /// Findings about the initial weights.
  let findings: [Finding]
  private let evaluator: Evaluator
  let trainer: Trainer
  var rows: [HistoryRow] = []
  var selection: ModelSelection
  /// The one that it started from, in this session or an earlier one.
  var continuedFrom: RunReport.ContinuedRun?
  /// Wall time of earlier sessions, and the start of this one.
  var secondsBefore = 0.0
  private let begin = now()
  /// When the checkpoint and the history were last written.
  var checkpointWritten = now()
  var rowsWritten = now()

  /// Seconds between progress reports of an evaluation.
  private static let evaluationNews = 0.1

  /// Test samples whose recordings are written.
  var recordedCount: Int
  /// Test samples that are recorded and checked: the same whether or not they are written, so that recording settings
  /// cannot change whether a run fails.
  private var inspectedCount: Int { max(recordedCount, min(run.specification.recordedSamples, data.test.count)) }

  private typealias Evaluations = (train: Evaluation, validation: Evaluation?, test: Evaluation)

  /// - Parameters:
  ///   - claim: on the run.
  ///   - weights: the hash of the initial weights file, if any.
  ///   - sources: finished runs of the same configuration with fewer epochs, to continue from if there is no
  ///     checkpoint.
  ///   - shouldStop: asked after each batch.
  ///   - notify: called with progress.
  /// - Throws: `InputError` if the initial weights cannot be read or are not the planned ones, `OutOfMemoryError`,
  ///   `NonFiniteError`.
  init(
    run: PlannedRun, claim: RunClaim, experiment: Experiment, data: RunData, weights: ContentHash?,
    sources: [FinishedRun], pool: WorkerPool, schedule: CheckpointSchedule, log: RunLog,
    shouldStop: @escaping () -> Bool, notify: @escaping (RunEvent) -> Void
  ) throws {
    self.run = run
    self.claim = claim
    self.experiment = experiment
    self.data = data
    self.sources = sources
    self.pool = pool
    self.schedule = schedule
    self.log = log
    self.shouldStop = shouldStop
    self.notify = notify
    recordedCount = min(run.specification.samplesToRecord, data.test.count)
    let specification = run.specification
    // The data are in memory already.
    try RunMemory(specification, data: data, threads: pool.threads).withoutData.check(limit: RunMemory.available)
    (network, findings) = try InitialNetwork.make(
      specification, data: data, expecting: weights, experiment: experiment, pool: pool)
    guard network.weights.areFinite else {
      throw NonFiniteError(what: "an initial weight is not finite", epoch: 0, largestWeight: network.weights.largest)
    }
    evaluator = Evaluator(specification: network.specification, pool: pool)
    trainer = Trainer(
      network: network, samples: data.training, specification: specification.training, seed: specification.seed,
      pool: pool)
    selection = ModelSelection(specification.training)
  }

  /// Trains the run to its end.
  /// - Throws: `Interrupted`, `NonFiniteError`, `FileWriteError`, `HDF5Error`, `RunClaim.Lost`.
  func execute(report: inout RunReport) throws -> RunResult {
    report.state = .interrupted  // what a run that is killed leaves behind
    report.files = nil
    try begin(&report)
    let initial = snapshot()
    resume()
    defer {
      report.epochsDone = rows.count
      report.wallSeconds = seconds
      report.continuedFrom = continuedFrom
    }
    let last = try train()
    try claim.verify()
    try writeState()
    considerLast()
    let result = try select(from: last)
    let trained = try finite(snapshot(), beside: initial)
    try data.verify()
    try writeHistory(flushing: true)
    try WeightsFile.write(network, to: run.folder + "/weights.h5")
    try writeDerived(result, initial: initial, trained: trained)
    report.state = .done
    report.epochsDone = rows.count
    report.wallSeconds = seconds
    report.continuedFrom = continuedFrom
    try end(&report, result, hasState: keepsState)
    log.write("done")
    Checkpoint.remove(folder: run.folder)
    return result
  }

  /// Rebuilds everything derived from the trained weights and history of a finished run: recordings of another number
  /// of samples, or damaged files.
  /// - Throws: `NonFiniteError`, `FileWriteError`, `HDF5Error`, `InputError`.
  func rebuild(report: inout RunReport) throws -> RunResult {
    // Recordings that are not requested are kept, so rebuilt too.
    if recordedCount == 0 { recordedCount = min(report.recordedSamples ?? 0, data.test.count) }
    rows = try HistoryRow.read(run.folder + "/history.csv")
    let initial = snapshot()
    _ = try WeightsFile.read(
      run.folder + "/weights.h5", into: network,
      expecting: .trained(report.files?["weights.h5"].map { ContentHash(digits: $0.sha256) }))
    network.weightsDidChange(pool: pool)
    let evaluations = try evaluate(epoch: rows.count)
    let result = RunResult(
      rows: rows, selectedEpoch: report.selectedEpoch ?? rows.count, selectedOn: training.selectOn,
      train: evaluations.train, validation: evaluations.validation, test: evaluations.test)
    let trained = try finite(snapshot(), beside: initial)
    try data.verify()
    try writeConfiguration()
    try writeDerived(result, initial: initial, trained: trained)
    try end(&report, result, hasState: false)
    log.write("rebuilt from the trained weights")
    return result
  }

  /// Membranes, spikes and neuron parameters with the current weights.
  private func snapshot() -> NetworkSnapshot {
    NetworkSnapshot(
      of: network, samples: evaluator.recordings(of: network, on: data.test, count: inspectedCount))
  }

  /// The snapshot with the trained weights, if its recordings and those with the initial weights are finite.
  /// - Throws: `NonFiniteError`.
  private func finite(_ trained: NetworkSnapshot, beside initial: NetworkSnapshot) throws -> NetworkSnapshot {
    for (recorded, weights) in [(initial, "initial"), (trained, "trained")]
    where !recorded.samples.allSatisfy(\.isFinite) {
      throw NonFiniteError(
        what: "a membrane recorded under the \(weights) weights is not finite", epoch: rows.count,
        largestWeight: network.weights.largest)
    }
    return trained
  }

  /// Wall time of the run, including earlier sessions.
  var seconds: Double { secondsBefore + now() - begin }

  /// Over every sample.
  /// - Throws: `NonFiniteError` if a loss is not finite, for example because membranes overflow; `SpikeDataError` if the
  ///   samples have changed.
  /// - Parameter progress: called with the number of samples done.
  private func evaluate(epoch: Int, progress: (Int) -> Void = { _ in }) throws -> Evaluations {
    var done = 0
    func evaluate(_ samples: Samples, _ split: String) throws -> Evaluation {
      let evaluation = evaluator.evaluate(network, on: samples) { progress(done + $0) }
      done += samples.count
      try data.verify()
      guard evaluation.loss.isFinite else {
        throw NonFiniteError(
          what: "the \(split) loss is \(evaluation.loss)", epoch: epoch, largestWeight: network.weights.largest)
      }
      return evaluation
    }
    return (
      try evaluate(data.training, "training"), try data.validation.map { try evaluate($0, "validation") },
      try evaluate(data.test, "test")
    )
  }

  /// Trains the remaining epochs.
  /// - Returns: the evaluation of the last epoch, if done in this session.
  private func train() throws -> Evaluations? {
    var evaluations: Evaluations?
    let size = DataSize(data)
    let cost = RunCost(run.specification, size: size)
    let meter = ProgressMeter(
      cost: cost, batches: trainer.batchCount, batchSize: training.batchSize,
      evaluated: size.evaluated)
    while rows.count < training.epochs {
      if let last = rows.last, last.isEvaluated, selection.isExhausted(at: last.epoch) {
        log.write(
          "stopping early: no improvement of \(training.selectOn.rawValue) for "
            + CountText.count(last.epoch - (selection.best?.epoch ?? 0), "epoch"))
        break
      }
      let epoch = rows.count + 1
      var failure: Error?
      meter.begin(epoch, batchesDone: trainer.unfinished?.batches ?? 0)
      let result = try trainer.runEpoch(epoch) { _, _ in
        if let totals = trainer.unfinished { notify(.progress(run, meter.trained(totals, rows: rows))) }
        do {
          try data.verify()
          try claim.verify()
        } catch {
          failure = error
          return false
        }
        if shouldStop() { return false }
        writeCheckpointIfDue()
        return true
      }
      if let failure { throw failure }
      guard let result else {
        writeCheckpoint()
        try writeHistory()
        log.write("interrupted in epoch \(epoch)")
        throw Interrupted()
      }
      var row = HistoryRow(
        epoch: epoch, training: result, learningRate: trainer.rates.rates(epoch: epoch, batch: 0).weights)
      evaluations = nil
      meter.beginEvaluation(result)
      if cost.isEvaluated(epoch) {
        var told = now()
        let values = try evaluate(epoch: epoch) { samples in
          guard now() - told > Self.evaluationNews else { return }
          told = now()
          notify(.progress(run, meter.evaluated(samples, rows: rows)))
        }
        row.trainAccuracy = values.train.accuracy
        (row.validationLoss, row.validationAccuracy) = (values.validation?.loss, values.validation?.accuracy)
        (row.testLoss, row.testAccuracy) = (values.test.loss, values.test.accuracy)
        evaluations = values
        if training.evaluates(afterEpoch: epoch) { selection.consider(row) { network.weights.matrices } }
      }
      try claim.verify()
      rows.append(row)
      adaptRates(row)
      log.write(line(row))
      // So that a long run can be watched cheaply.
      if now() - rowsWritten > 2 { try writeHistory() }
      writeCheckpointIfDue()
      notify(.progress(run, meter.finished(rows: rows)))
    }
    return evaluations
  }

  /// Of a plateau: the state follows from the rows alone.
  func adaptRates(_ row: HistoryRow) {
    guard case .plateau(let plateau) = training.schedule.kind else { return }
    trainer.observe(row.value(of: plateau.metric), after: row.epoch)
  }

  private func line(_ row: HistoryRow) -> String {
    let numbers: [(String, Double?)] = [
      ("loss", row.training.loss), ("train accuracy", row.trainAccuracy),
      ("validation accuracy", row.validationAccuracy), ("test accuracy", row.testAccuracy),
    ]
    return (["epoch \(row.epoch)"] + numbers.compactMap { name, value in value.map { "\(name) \($0)" } })
      .joined(separator: ", ")
  }

  /// The last epoch is always evaluated, and may be the best. Where `training.evaluate_every` alone would not evaluate
  /// it, it is considered only now, so that the state kept is that of a longer run.
  private func considerLast() {
    guard let row = rows.last, row.isEvaluated, !training.evaluates(afterEpoch: row.epoch) else { return }
    selection.consider(row) { network.weights.matrices }
  }

  /// The result: the network gets the selected epoch's weights.
  /// - Parameter last: the evaluation of the last epoch, if there is one.
  private func select(from last: Evaluations?) throws -> RunResult {
    var evaluations = last
    let lastEpoch = rows.count
    var selectedEpoch = lastEpoch
    if let best = selection.best, best.epoch != lastEpoch {
      selectedEpoch = best.epoch
      network.weights.set(best.weights)
      network.weightsDidChange(pool: pool)
      evaluations = nil
    }
    let final = try evaluations ?? evaluate(epoch: selectedEpoch)
    return RunResult(
      rows: rows, selectedEpoch: selectedEpoch, selectedOn: training.selectOn, train: final.train,
      validation: final.validation, test: final.test)
  }
}
