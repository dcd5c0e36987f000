import Foundation
import MonotonicClock

/// The runs still to be trained, shared by several threads. Runs held by other processes are retried at the end.
final class RunQueue: @unchecked Sendable {
  enum Next {
    case run(Candidate)
    /// Nothing to do now, but runs of other processes have not ended yet.
    case wait
    case end
  }

  private let lock = NSLock()
  // Guarded by `lock`.
  private var waiting: ArraySlice<Candidate>
  private var elsewhere: [(candidate: Candidate, due: Double)] = []
  private var isStopped = false
  private var counts = ExperimentRunner.Outcome()

  /// Seconds between checks of a run held by another process.
  private static let pollInterval = 1.0

  init(_ runs: [Candidate]) { waiting = runs[...] }

  func next() -> Next {
    lock.withLock {
      if isStopped { return .end }
      if let first = waiting.popFirst() { return .run(first) }
      if let index = elsewhere.firstIndex(where: { $0.due <= now() }) {
        return .run(elsewhere.remove(at: index).candidate)
      }
      return elsewhere.isEmpty ? .end : .wait
    }
  }

  /// Puts back a run held by another process.
  func postpone(_ candidate: Candidate) {
    var candidate = candidate
    candidate.isDeferred = true
    lock.withLock { elsewhere.append((candidate, now() + Self.pollInterval)) }
  }

  /// Prevents further runs from starting.
  func stop() { lock.withLock { isStopped = true } }

  var stopped: Bool { lock.withLock { isStopped } }

  /// Whether runs are left that did not start.
  var isEmpty: Bool { lock.withLock { waiting.isEmpty && elsewhere.isEmpty } }

  func count(_ change: (inout ExperimentRunner.Outcome) -> Void) { lock.withLock { change(&counts) } }

  var outcome: ExperimentRunner.Outcome { lock.withLock { counts } }
}
