import Engine
import Files
import Foundation
import MonotonicClock
import Networks
import SpikeData
import Training

/// Writes the tables while runs are in progress, rarely enough to take little time.
final class TableWriter: @unchecked Sendable {
  private let plan: RunPlan
  private let experiment: Experiment
  private let lock = NSLock()
  // Guarded by `lock`.
  private var written = now()
  private var cost = 0.0

  init(plan: RunPlan, experiment: Experiment) { (self.plan, self.experiment) = (plan, experiment) }

  /// Whether the folder has a different plan.
  var replacesPlan: Bool { tables(plan).replacesPlan }

  /// Writes what is known before the first run.
  /// - Parameter settled: whether the names of run folders are final, or those that this process has planned.
  /// - Throws: `FileWriteError`.
  func writePlan(settled: Bool = false) throws {
    try tables(settled ? plan.current : plan).writePlan(of: experiment)
  }

  /// - Throws: `FileWriteError`.
  func write() throws { try lock.withLock { try writeAll() } }

  private func tables(_ plan: RunPlan) -> ResultTables {
    ResultTables(plan: plan, sweptKeys: experiment.sweptKeys)
  }

  /// With the runs in their current folders.
  private func writeAll() throws {
    let tables = tables(plan.current)
    try tables.writePlan(of: experiment)
    try tables.write()
  }

  /// The tables are written once more at the end, which reports a failure.
  func writeIfDue() {
    guard lock.try() else { return }
    defer { lock.unlock() }
    guard now() - written > max(10, 200 * cost) else { return }
    let start = now()
    try? writeAll()
    written = now()
    cost = written - start
  }
}
