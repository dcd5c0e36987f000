import Foundation

/// Options of `snnexp run`.
public struct RunOptions: Sendable {
  /// Concurrent runs; nil: as many as fit (`Parallelism`).
  public var jobs: Int?
  /// Threads per run; nil: as many as fit.
  public var threads: Int?
  /// Train from scratch, including finished runs.
  public var force = false
  /// Retrain failed runs.
  public var retryFailed = false
  /// Stop at the first failure.
  public var failFast = false
  /// Whether the files above the run folders are written: not by one of many processes that each train a part, after
  /// which `ResultsFolder.writeTables` makes them.
  public var writesTables = true
  public var choice = RunChoice()
  public var command: [String]

  public init(command: [String]) { self.command = command }
}
