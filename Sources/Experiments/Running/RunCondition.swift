import Foundation

/// What a run's folder holds, compared with what it should.
enum RunCondition: Equatable {
  /// Not done: the report's state.
  case unfinished(RunState)
  case whole
  /// The trained weights are there; something made from them is damaged or of an earlier version, or recordings of another
  /// number of samples are wanted.
  case incomplete(String)
  /// Weights or history are damaged: the run has to be trained again, to the same bytes.
  case damaged(String)

  /// - Parameter report: what the folder's `run.json` says, nil if that is missing or of another run.
  init(_ report: RunReport?, of run: PlannedRun) {
    guard let report else {
      // One that tells the hash alone is of a run that has not ended.
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

  /// Recordings that are not asked for are kept.
  private static func recordings(_ report: RunReport, of run: PlannedRun) -> RunCondition {
    let found = report.recordedSamples ?? 0
    let wanted = min(run.specification.samplesToRecord, report.testSamples ?? found)
    guard wanted > 0, wanted != found else { return .whole }
    return .incomplete("\(found) test samples recorded, \(wanted) wanted")
  }
}
