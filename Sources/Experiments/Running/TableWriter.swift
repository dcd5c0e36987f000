import Engine
import Files
import Foundation
import MonotonicClock
import Networks
import SpikeData
import Training

/// Writes the tables while runs are in progress, rarely enough to take little time.
final class TableWriter: @unchecked Sendable {
  private let tables: ResultTables
  private let lock = NSLock()
  // Guarded by `lock`.
  private var written = now()
  private var cost = 0.0

  init(_ tables: ResultTables) { self.tables = tables }

  var replacesPlan: Bool { tables.replacesPlan }

  func writePlan() throws { try tables.writePlan() }

  /// - Throws: `FileWriteError`.
  func write() throws { try lock.withLock { try tables.current.write() } }

  /// The tables are written once more at the end, which reports a failure.
  func writeIfDue() {
    guard lock.try() else { return }
    defer { lock.unlock() }
    guard now() - written > max(10, 200 * cost) else { return }
    let start = now()
    try? tables.current.write()
    written = now()
    cost = written - start
  }
}
