import Foundation
import SpikeData

/// A run with its location on disk.
public struct PlannedRun: Sendable {
  public var specification: RunSpecification
  /// The name of the run folder: for a new run `<slug>-<hash12>`.
  public var id: String
  public var folder: String
  /// The full hash of everything the run's numbers depend on, by which its folder is found.
  public var hash: String
  /// Swept values and seed in full; the id may show only the end.
  public var slug: String

  /// The report in the run folder; nil without a report of this run.
  var report: RunReport? { RunReport.read(folder: folder).flatMap { $0.hash == hash ? $0 : nil } }

  /// Whether there is a `run.json` that does not even identify the folder as this run's.
  var hasUnreadableReport: Bool {
    FileManager.default.fileExists(atPath: folder + "/run.json") && RunReport.hash(folder: folder) != hash
  }

  /// The state from `run.json`, or inferred from the folder without one.
  public var state: RunState { report?.state ?? (hasUnreadableReport ? .damaged : .unreported(folder: folder)) }

  /// The state as displayed: a finished run with damaged files is not called done.
  public var shownState: String {
    guard let report, report.state == .done else { return state.rawValue }
    let isWhole = ResultFiles.quickDamage(report.files ?? [:], folder: folder).isEmpty
    return (isWhole ? RunState.done : .damaged).rawValue
  }
}
