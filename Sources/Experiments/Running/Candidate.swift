import Foundation
import MonotonicClock

/// A run with the state of its folder when the runner checked.
struct Candidate {
  var run: PlannedRun
  var condition: RunCondition
  /// Start of the last session, which shows whether another process has been there since.
  var started: String?
  var error: String?
  /// Findings in its report.
  var findings: [Finding]
  /// Another process held it when its turn came.
  var isDeferred = false

  /// Checks the folders of all runs, several at once, since those of finished runs are read in full.
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
