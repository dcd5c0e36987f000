import Foundation
import MonotonicClock

/// A run with what its folder said when the runner looked.
struct Candidate {
  var run: PlannedRun
  var condition: RunCondition
  /// Start of the last session, which tells whether another process has been there since.
  var started: String?
  var error: String?
  /// What its report tells a reader.
  var findings: [Finding]
  /// Another process held it when it was its turn.
  var isDeferred = false

  /// Looks at the folders of all runs; those of finished runs are read whole, so several at once.
  static func all(_ runs: [PlannedRun]) -> [Candidate] {
    let block = 16
    let blocks = DispatchQueue.concurrentMap((runs.count + block - 1) / block) { number in
      runs[number * block..<min((number + 1) * block, runs.count)].map { Candidate($0) }
    }
    return blocks.flatMap { $0 }
  }

  init(_ run: PlannedRun) {
    self.run = run
    let report = run.report
    condition = RunCondition(report, of: run)
    started = report?.started
    error = report?.error
    findings = report?.findings ?? []
  }
}

/// The runs that are still to be trained, for several threads. Those that other processes hold come last, again and again.
final class RunQueue: @unchecked Sendable {
  enum Next {
    case run(Candidate)
    /// Nothing now, but runs of other processes are not ended yet.
    case wait
    case end
  }

  private let lock = NSLock()
  // Guarded by `lock`.
  private var waiting: ArraySlice<Candidate>
  private var elsewhere: [(candidate: Candidate, due: Double)] = []
  private var isStopped = false
  private var counts = ExperimentRunner.Outcome()

  /// Seconds between two looks at a run that another process holds.
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

  /// Puts back a run that another process holds.
  func postpone(_ candidate: Candidate) {
    var candidate = candidate
    candidate.isDeferred = true
    lock.withLock { elsewhere.append((candidate, now() + Self.pollInterval)) }
  }

  /// Lets no further run begin.
  func stop() { lock.withLock { isStopped = true } }

  var stopped: Bool { lock.withLock { isStopped } }

  /// Whether runs are left that did not begin.
  var isEmpty: Bool { lock.withLock { waiting.isEmpty && elsewhere.isEmpty } }

  func count(_ change: (inout ExperimentRunner.Outcome) -> Void) { lock.withLock { change(&counts) } }

  var outcome: ExperimentRunner.Outcome { lock.withLock { counts } }
}
