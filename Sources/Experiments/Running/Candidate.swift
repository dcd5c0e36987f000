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
