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
  /// Only runs that match this; see `RunFilter`.
  public var only: String?
  public var shard: Shard?
  public var command: [String]

  public init(command: [String]) { self.command = command }

  /// The runs of a plan selected by these options.
  /// - Throws: `InputError` if no run matches `only`.
  func choose(from plan: RunPlan) throws -> [PlannedRun] {
    var runs = plan.runs
    if let only { runs = try RunFilter(only, plan: plan).choose(from: runs) }
    // Applied to the remaining runs, so that shards are even; one may be empty.
    if let shard { runs = runs.indices.filter { shard.contains($0) }.map { runs[$0] } }
    return runs
  }
}
