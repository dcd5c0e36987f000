import Foundation

/// What has become of a run, as its folder tells.
public enum RunState: String, CaseIterable, Codable, Sendable {
  case done
  /// Another process, or another thread, holds its claim.
  case running
  case interrupted
  case failed
  /// It was done, but files of it are not what they were then.
  case damaged
  case pending

  /// What `run.json` can say: the others are seen.
  var isReported: Bool {
    switch self {
    case .done, .interrupted, .failed, .pending: true
    case .running, .damaged: false
    }
  }

  /// Of a run whose `run.json` does not say more than whose the folder is.
  static func unreported(folder: String) -> RunState {
    // Killed before it could say so, it left something to go on from, or to look at.
    let hasBegun = ["checkpoint.h5", "history.csv"].contains {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
    return hasBegun ? .interrupted : .pending
  }
}
