import Files
import Foundation
import MonotonicClock
import Networks
import SpikeData
import Training

/// The files in the folder of a run.
extension RunExecution {
  /// Writes what is known before the first batch; `run.json` only if it holds outdated statements of an earlier
  /// session.
  func begin(_ report: inout RunReport) throws {
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
  func end(_ report: inout RunReport, _ result: RunResult, hasState: Bool) throws {
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

  func writeConfiguration() throws {
    try AtomicFile.write(
      run.specification.yaml(name: experiment.name, description: experiment.description),
      to: run.folder + "/config.yaml", flushing: false)
  }

  func writeHistory(flushing: Bool = false) throws {
    try AtomicFile.write(HistoryRow.csv(rows, run: run), to: run.folder + "/history.csv", flushing: flushing)
    rowsWritten = now()
  }

  func writeCheckpointIfDue() {
    if schedule.isDue(after: now() - checkpointWritten) { writeCheckpoint() }
  }

  /// A checkpoint that cannot be written costs time after an interruption, but not the run.
  func writeCheckpoint() {
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
  var keepsState: Bool { run.specification.keepsState && !rows.isEmpty }

  /// Writes what it takes to train the run further.
  func writeState() throws {
    guard keepsState else {
      // Left by a run with other options that is retrained.
      unlink(run.folder + "/" + TrainingState.name)
      return
    }
    try TrainingState(trainer: trainer.state, best: selection.best).write(
      folder: run.folder, identity: run.hash, layout: network.weights.layout)
  }

  /// Writes everything derived from the network's current weights.
  func writeDerived(_ result: RunResult, initial: NetworkSnapshot, trained: NetworkSnapshot) throws {
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
