import Foundation

/// What the runner tells whoever shows it.
public enum RunEvent: Sendable {
  case loading(file: String, share: Double)
  /// Done before.
  case skipped(PlannedRun)
  /// Failed before, and is not tried again.
  case failedBefore(PlannedRun, message: String)
  /// Before the first one starts: the runs that are going to be trained, in this order, so many at once.
  case queued([(run: PlannedRun, cost: RunCost)], jobs: Int)
  case started(PlannedRun, samples: Int, parameters: Int)
  /// After `started`: the run goes on from its checkpoint, after `epoch` whole epochs and `batch` batches.
  case resumed(PlannedRun, epoch: Int, batch: Int)
  case progress(PlannedRun, RunProgress)
  case finished(PlannedRun, RunResult)
  /// The tables are about to show other runs than those that were planned before: figures of those are out of date.
  case planReplaced
  /// Something that a reader of the numbers must know; sent once, before the first run.
  case finding(Finding)
  /// A finished run's files are damaged, or fewer samples were recorded than wanted: why, and whether it has to be
  /// trained again or the files are rebuilt from its weights.
  case damaged(PlannedRun, reason: String, retrains: Bool)
  /// Stopped with a checkpoint.
  case interrupted(PlannedRun)
  case failed(PlannedRun, message: String)
  /// Another process is training the run; it is looked at again at the end.
  case claimedElsewhere(PlannedRun, holder: String)
  /// Another process ended the run: done or failed.
  case endedElsewhere(PlannedRun, RunState, message: String?)
}
