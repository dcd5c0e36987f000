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

  /// What its folder says.
  var reported: ReportedFolder { ReportedFolder(path: folder, hash: hash) }

  /// The report in the run folder; nil without a report of this run.
  var report: RunReport? { reported.report }

  /// Whether there is a `run.json` that does not even identify the folder as this run's.
  var hasUnreadableReport: Bool { reported.hasUnreadableReport }

  /// The state from `run.json`, or inferred from the folder without one.
  public var state: RunState { reported.state }

  /// The state as displayed: a finished run with damaged files is not called done, and one that is being trained is
  /// called running.
  public var shownState: String {
    guard let report, report.state == .done else {
      let state = state
      let mayBeTrained = report != nil && (state == .interrupted || state == .pending)
      return (mayBeTrained && RunClaim.holder(folder: folder) != nil ? .running : state).rawValue
    }
    let isWhole = ResultFiles.quickDamage(report.files ?? [:], folder: folder).isEmpty
    return (isWhole ? RunState.done : .damaged).rawValue
  }
}
