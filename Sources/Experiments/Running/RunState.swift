import Foundation

/// The state of a run, according to its folder.
public enum RunState: String, CaseIterable, Codable, Sendable {
  case done
  /// Another process, or another thread, holds its claim.
  case running
  case interrupted
  case failed
  /// It was done, but some of its files have changed since.
  case damaged
  case pending

  /// States stored in `run.json`; the others are observed.
  var isReported: Bool {
    switch self {
    case .done, .interrupted, .failed, .pending: true
    case .running, .damaged: false
    }
  }

  /// For a run whose `run.json` only identifies the folder.
  static func unreported(folder: String) -> RunState {
    // Killed before it could write its state, it left a checkpoint or other files.
    let hasBegun = ["checkpoint.h5", "history.csv"].contains {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
    return hasBegun ? .interrupted : .pending
  }
}
