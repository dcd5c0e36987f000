import Foundation

/// How `snnexp run` goes about it.
public struct RunOptions: Sendable {
  /// Runs at once; nil: as many as fit (`Parallelism`).
  public var jobs: Int?
  /// Threads of a run; nil: as many as fit.
  public var threads: Int?
  /// Train from the beginning, finished runs too.
  public var force = false
  /// Train failed runs again.
  public var retryFailed = false
  /// Stop at the first failure.
  public var failFast = false
  /// Only runs that match this; see `RunFilter`.
  public var only: String?
  public var shard: Shard?
  public var command: [String]

  public init(command: [String]) { self.command = command }

  /// The runs of a plan that these options choose.
  /// - Throws: `InputError` if no run matches `only`.
  func choose(from plan: RunPlan) throws -> [PlannedRun] {
    var runs = plan.runs
    if let only { runs = try RunFilter(only, plan: plan).choose(from: runs) }
    // Of those that are left, so that the parts are even; one may be empty.
    if let shard { runs = runs.indices.filter { shard.contains($0) }.map { runs[$0] } }
    return runs
  }
}
