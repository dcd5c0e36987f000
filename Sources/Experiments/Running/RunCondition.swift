import Foundation

/// What a run folder contains, compared with what it should.
enum RunCondition: Equatable {
  /// Not done: the state in the report.
  case unfinished(RunState)
  case whole
  /// The trained weights are intact; something derived from them is damaged or of an earlier version, or another number
  /// of recorded samples is wanted.
  case incomplete(String)
  /// Weights or history are damaged: the run must be retrained, giving the same bytes.
  case damaged(String)

  /// - Parameter report: content of the folder's `run.json`; nil if missing or of another run.
  init(_ report: RunReport?, of run: PlannedRun) {
    guard let report else {
      // A report with only the hash belongs to a run that has not ended.
      self = run.hasUnreadableReport ? .damaged(RunReport.unreadable) : .unfinished(.pending)
      return
    }
    guard report.state == .done else {
      self = .unfinished(report.state)
      return
    }
    let files = report.files ?? [:]
    let damage = ResultFiles.damage(files, folder: run.folder, among: ResultFiles.names(in: files))
    let text = damage.map { "\($0.name): \($0.problem)" }.joined(separator: "; ")
    if damage.contains(where: { ResultFiles.trained.contains($0.name) }) {
      self = .damaged(text)
    } else if !damage.isEmpty {
      self = .incomplete(text)
    } else if ResultFiles.formerRecordings.contains(where: { files[$0] != nil }) {
      self = .incomplete("files of an earlier version")
    } else {
      self = Self.recordings(report, of: run)
    }
  }

  /// Recordings that are not requested are kept.
  private static func recordings(_ report: RunReport, of run: PlannedRun) -> RunCondition {
    let found = report.recordedSamples ?? 0
    let wanted = min(run.specification.samplesToRecord, report.testSamples ?? found)
    guard wanted > 0, wanted != found else { return .whole }
    return .incomplete("\(found) test samples recorded, \(wanted) wanted")
  }
}
