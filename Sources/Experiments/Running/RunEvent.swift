import Foundation

/// Events that the runner sends to the display.
public enum RunEvent: Sendable {
  case loading(file: String, share: Double)
  /// Done before.
  case skipped(PlannedRun)
  /// Failed before and is not retried.
  case failedBefore(PlannedRun, message: String)
  /// Before the first run starts: the runs to train, in this order, and how many at once.
  case queued([(run: PlannedRun, cost: RunCost)], jobs: Int)
  case started(PlannedRun, samples: Int, inputs: Int, parameters: Int)
  /// After `started`: the run resumes from its checkpoint, after `epoch` whole epochs and `batch` batches.
  case resumed(PlannedRun, epoch: Int, batch: Int)
  /// After `started`: the run continues from the state of the finished run `source`, after its last epoch.
  case continued(PlannedRun, source: String, epoch: Int)
  /// After `started`: the state of the finished run `source` turned out to be unusable.
  case notContinued(PlannedRun, source: String, reason: String)
  case progress(PlannedRun, RunProgress)
  case finished(PlannedRun, RunResult)
  /// The tables are about to show different runs than previously planned: figures of those are out of date.
  case planReplaced
  /// Something a reader of the results must know; sent once, before the first run.
  case finding(Finding)
  /// A finished run's files are damaged, or fewer samples were recorded than wanted: why, and whether it must be
  /// retrained or its files are rebuilt from its weights.
  case damaged(PlannedRun, reason: String, retrains: Bool)
  /// Stopped with a checkpoint.
  case interrupted(PlannedRun)
  case failed(PlannedRun, message: String)
  /// Another process is training the run; it is checked again at the end.
  case claimedElsewhere(PlannedRun, holder: String)
  /// Another process ended the run: done or failed.
  case endedElsewhere(PlannedRun, RunState, message: String?)
}
