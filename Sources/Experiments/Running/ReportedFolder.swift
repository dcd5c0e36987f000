import Foundation

/// The folder of a run as its `run.json` describes it.
struct ReportedFolder {
  var path: String
  /// The full hash of the run whose folder it should be.
  var hash: String

  /// The report in the folder; nil without a report of this run.
  var report: RunReport? { RunReport.read(folder: path).flatMap { $0.hash == hash ? $0 : nil } }

  /// Whether there is a `run.json` that does not even identify the folder as this run's.
  var hasUnreadableReport: Bool {
    FileManager.default.fileExists(atPath: path + "/run.json") && RunReport.hash(folder: path) != hash
  }

  /// The state from `run.json`, or inferred from the folder without one.
  var state: RunState { report?.state ?? (hasUnreadableReport ? .damaged : .unreported(folder: path)) }
}
