import Engine
import Files
import Foundation
import HDF5
import MonotonicClock
import Networks
import SpikeData
import Training

/// Trains one run and writes its folder, from the beginning or from its checkpoint.
///
/// Used by a single thread, which holds the run's claim.
final class RunExecution {
  /// The run was stopped after a batch; its checkpoint is written.
  struct Interrupted: Error {}

  private let run: PlannedRun
  private let experiment: Experiment
  private let data: RunData
  private let pool: WorkerPool
  private let schedule: CheckpointSchedule
  private let log: RunLog
  /// Finished runs with fewer epochs, from whose state it can start: the first that is usable counts.
  private let sources: [FinishedRun]
  private let shouldStop: () -> Bool
  private let notify: (RunEvent) -> Void

  private var training: TrainingSpecification { run.specification.training }
  private let network: Network
  /// Findings about the initial weights.
  let findings: [Finding]
  private let evaluator: Evaluator
  private let trainer: Trainer
  private var rows: [HistoryRow] = []
  private var selection: ModelSelection
  /// The one that it started from, in this session or an earlier one.
  private var continuedFrom: RunReport.ContinuedRun?
  /// Wall time of earlier sessions, and the start of this one.
  private var secondsBefore = 0.0
  private let begin = now()
  /// When the checkpoint and the history were last written.
  private var checkpointWritten = now()
  private var rowsWritten = now()

  /// Seconds between progress reports of an evaluation.
  private static let evaluationNews = 0.1

  /// Test samples whose recordings are written.
  private var recordedCount: Int
  /// Test samples that are recorded and checked: the same whether or not they are written, so that recording settings
  /// cannot change whether a run fails.
  private var inspectedCount: Int { max(recordedCount, min(run.specification.recordedSamples, data.test.count)) }

  private typealias Evaluations = (train: Evaluation, validation: Evaluation?, test: Evaluation)

  /// - Parameters:
  ///   - weights: the hash of the initial weights file, if any.
  ///   - sources: finished runs of the same configuration with fewer epochs, to continue from if there is no
  ///     checkpoint.
  ///   - shouldStop: asked after each batch.
  ///   - notify: called with progress.
  /// - Throws: `InputError` if the initial weights cannot be read or are not the planned ones, `OutOfMemoryError`,
  ///   `NonFiniteError`.
  init(
    run: PlannedRun, experiment: Experiment, data: RunData, weights: ContentHash?, sources: [FinishedRun],
    pool: WorkerPool, schedule: CheckpointSchedule, log: RunLog, shouldStop: @escaping () -> Bool,
    notify: @escaping (RunEvent) -> Void
  ) throws {
    self.run = run
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
    (network, findings) = try Self.initialNetwork(
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

  /// Removes leftovers of a killed session. The run's claim must be held.
  static func removeLeftovers(folder: String) {
    AtomicFile.removeLeftovers(in: folder)
    if RunReport.read(folder: folder)?.state == .done { Checkpoint.remove(folder: folder) }
  }

  /// Does the same in the folder of a run that will not be trained, if there are leftovers and no one holds its claim.
  static func tidy(folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard names.contains(where: { $0 == "claim" || $0 == "checkpoint.h5" || $0.hasSuffix(".tmp") }),
      let claim = try? RunClaim.take(folder: folder)
    else { return }
    removeLeftovers(folder: folder)
    claim.release()
  }

  /// A network with the run's initial weights, and warnings about the file they came from.
  /// - Parameter data: what it will be trained on; only fluctuation-driven weights depend on it.
  /// - Throws: `InputError` if the weights file does not fit or has changed.
  static func initialNetwork(
    _ run: RunSpecification, data: RunData, expecting hash: ContentHash?, experiment: Experiment, pool: WorkerPool
  ) throws -> (network: Network, findings: [Finding]) {
    let network = Network(run.network(data.shape))
    var findings: [Finding] = []
    network.draw(run.initialization, seed: run.seed, inputRate: data.training.spikesPerChannelAndStep)
    if case .file(let path) = run.initialization {
      do {
        findings = try WeightsFile.read(path, into: network, expecting: .planned(hash))
      } catch {
        throw InputError(experiment.diagnostic(forKey: "network.init", message: "\(error)"))
      }
    }
    network.weightsDidChange(pool: pool)
    return (network, findings)
  }

  /// Trains the run to its end.
  /// - Throws: `Interrupted`, `NonFiniteError`, `FileWriteError`, `HDF5Error`.
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
    try writeState()
    considerLast()
    let result = try select(from: last)
    let trained = try finite(snapshot(), beside: initial)
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
    try writeConfiguration()
    try writeDerived(result, initial: initial, trained: try finite(snapshot(), beside: initial))
    try end(&report, result, hasState: false)
    log.write("rebuilt from the trained weights")
    return result
  }

  /// Writes what is known before the first batch; `run.json` only if it holds outdated statements of an earlier
  /// session.
  private func begin(_ report: inout RunReport) throws {
    describe(&report)
    let before = RunReport.read(folder: run.folder)?.state
    let isKnown = before == .interrupted || (before == nil && RunReport.hash(folder: run.folder) == run.hash)
    if !isKnown { try report.write(folder: run.folder) }
    try writeConfiguration()
  }

  /// What a session knows about its run before training.
  private func describe(_ report: inout RunReport) {
    report.epochs = training.epochs
    report.swept = run.specification.swept.map { [$0.key, $0.value] }
    report.classes = data.classes
    report.classNames = data.test.dataset.classNames
    report.parameters = network.specification.parameterCount
    report.testSamples = data.test.count
    report.validation = data.validation.map { .init(samples: Array($0.indices)) }
  }

  /// Writes the report, the last file: only it marks a run as done, with size and SHA-256 of all its files.
  ///
  /// Four flushes make a run survive a power loss: before this, `history.csv` and `weights.h5`, which only training
  /// could recreate; `run.json` here; and the folder, for all their names. Any loss is detected:
  ///
  /// - before `run.json` has its name, the run is not done, and its checkpoint, flushed when written, still exists: it
  ///   is removed only after the last flush. Training resumes from it, to the same bytes.
  /// - an unflushed file that is missing, truncated or full of zeros (configuration, predictions, recordings) does not
  ///   match `run.json`: the run is called damaged, and appears in no table, until `run` rebuilds the file from the
  ///   weights.
  /// - if a file system keeps the name of `run.json` but loses that of a flushed file, that is damage too: the file is
  ///   missing.
  /// - an empty `run.json` of a run that had just begun says nothing; the run resumes from the folder's name and the
  ///   checkpoint, which has the run's hash and its own fingerprint.
  ///
  /// A lost `state.h5` is no damage: the run is whole, but can't be trained further.
  ///
  /// - Parameter hasState: whether this session wrote `state.h5`; an earlier one stays recorded.
  private func end(_ report: inout RunReport, _ result: RunResult, hasState: Bool) throws {
    describe(&report)
    report.selectedEpoch = result.selectedEpoch
    report.recordedSamples = recordedCount
    report.results = RunSummary(result, parameters: network.specification.parameterCount)
    func bySpeaker(_ evaluation: Evaluation?, _ samples: Samples?, _ split: String) -> [SpeakerAccuracy] {
      guard let evaluation, let samples else { return [] }
      return SpeakerAccuracy.all(evaluation, on: samples, split: split, training: data.training)
    }
    let speakers =
      bySpeaker(result.train, data.training, "train") + bySpeaker(result.validation, data.validation, "validation")
      + bySpeaker(result.test, data.test, "test")
    report.speakers = speakers.isEmpty ? nil : speakers
    let delays = DelaysAtBounds.all(of: network)
    report.delaysAtBounds = delays.isEmpty ? nil : delays
    // Products of training keep their recorded hashes, even when everything else is rebuilt.
    var files = try ResultFiles.record(folder: run.folder, hasRecordings: recordedCount > 0, hasState: hasState)
    for name in ResultFiles.trained + [TrainingState.name] { files[name] = report.files?[name] ?? files[name] }
    report.files = files
    try report.write(folder: run.folder)
    AtomicFile.flushFolder(run.folder)
    ResultFiles.removeFormer(folder: run.folder)
  }

  private func writeConfiguration() throws {
    try AtomicFile.write(
      run.specification.yaml(name: experiment.name, description: experiment.description),
      to: run.folder + "/config.yaml", flushing: false)
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
  private var seconds: Double { secondsBefore + now() - begin }

  /// Resumes from the checkpoint, if there is a usable one, or else continues from a finished run with fewer epochs.
  private func resume() {
    do {
      guard
        let checkpoint = try Checkpoint.read(
          folder: run.folder, identity: run.hash, network: network.specification, epochs: training.epochs)
      else { return continueFinished() }
      trainer.restore(checkpoint.trainer)
      rows = checkpoint.rows
      rows.forEach(adaptRates)
      selection = ModelSelection(training, best: checkpoint.best)
      secondsBefore = checkpoint.seconds
      continuedFrom = checkpoint.continuedFrom
      let batch = checkpoint.trainer.unfinished?.batches ?? 0
      log.write("resumed after epoch \(rows.count)" + (batch > 0 ? ", batch \(batch) of \(trainer.batchCount)" : ""))
      notify(.resumed(run, epoch: rows.count, batch: batch))
    } catch {
      let start = sources.isEmpty ? "the beginning" : "a finished run"
      log.write("checkpoint ignored, starting from \(start): \(error)")
      continueFinished()
    }
  }

  /// Starts from the state of a finished run with fewer epochs, if there is a usable one.
  private func continueFinished() {
    for source in sources {
      do {
        let (state, rows) = try source.read(
          network: network.specification, training: training, batches: trainer.batchCount)
        trainer.restore(state.trainer)
        self.rows = rows
        rows.forEach(adaptRates)
        selection = ModelSelection(training, best: state.best)
        secondsBefore = source.wallSeconds
        continuedFrom = RunReport.ContinuedRun(run: source.id, hash: source.hash, epoch: rows.count)
        log.write("continued from \(source.id) after epoch \(rows.count)")
        return notify(.continued(run, source: source.id, epoch: rows.count))
      } catch {
        log.write("not continued from \(source.id): \(error)")
        notify(.notContinued(run, source: source.id, reason: "\(error)"))
      }
    }
  }

  /// Over every sample.
  /// - Throws: `NonFiniteError` if a loss is not finite, for example because membranes overflow.
  /// - Parameter progress: called with the number of samples done.
  private func evaluate(epoch: Int, progress: (Int) -> Void = { _ in }) throws -> Evaluations {
    var done = 0
    func evaluate(_ samples: Samples, _ split: String) throws -> Evaluation {
      let evaluation = evaluator.evaluate(network, on: samples) { progress(done + $0) }
      done += samples.count
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
            + "\(last.epoch - (selection.best?.epoch ?? 0)) epochs")
        break
      }
      let epoch = rows.count + 1
      meter.begin(epoch, batchesDone: trainer.unfinished?.batches ?? 0)
      let result = try trainer.runEpoch(epoch) { _, _ in
        if let totals = trainer.unfinished { notify(.progress(run, meter.trained(totals, rows: rows))) }
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
  private func adaptRates(_ row: HistoryRow) {
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

  private func writeHistory(flushing: Bool = false) throws {
    try AtomicFile.write(HistoryRow.csv(rows, run: run), to: run.folder + "/history.csv", flushing: flushing)
    rowsWritten = now()
  }

  private func writeCheckpointIfDue() {
    if schedule.isDue(after: now() - checkpointWritten) { writeCheckpoint() }
  }

  /// A checkpoint that cannot be written costs time after an interruption, but not the run.
  private func writeCheckpoint() {
    let start = now()
    let checkpoint = Checkpoint(
      trainer: trainer.state, rows: rows, best: selection.best, seconds: seconds, continuedFrom: continuedFrom)
    do {
      try checkpoint.write(folder: run.folder, identity: run.hash, layout: network.weights.layout)
      log.write(
        "checkpoint after epoch \(rows.count)" + (trainer.unfinished.map { ", batch \($0.batches)" } ?? ""))
    } catch { log.write("no checkpoint: \(error)") }
    checkpointWritten = now()
    schedule.took(checkpointWritten - start)
  }

  /// Whether `state.h5` is written: without a trained epoch there is nothing to continue.
  private var keepsState: Bool { run.specification.keepsState && !rows.isEmpty }

  /// Writes what it takes to train the run further.
  private func writeState() throws {
    guard keepsState else {
      // Left by a run with other options that is retrained.
      unlink(run.folder + "/" + TrainingState.name)
      return
    }
    try TrainingState(trainer: trainer.state, best: selection.best).write(
      folder: run.folder, identity: run.hash, layout: network.weights.layout)
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

  /// Writes everything derived from the network's current weights.
  private func writeDerived(_ result: RunResult, initial: NetworkSnapshot, trained: NetworkSnapshot) throws {
    let folder = run.folder
    if recordedCount > 0 {
      try RecordingsFile.write(
        trained: trained, initial: initial, count: recordedCount, run: run, network: network.specification,
        samples: data.test, evaluation: result.test, to: folder + "/" + RecordingsFile.name)
    } else {
      // Left by a run with other options that is retrained: it would be mistaken for this run's.
      unlink(folder + "/" + RecordingsFile.name)
    }
    try AtomicFile.write(
      Predictions.csv(result.test, on: data.test), to: folder + "/predictions.csv", flushing: false)
  }
}
