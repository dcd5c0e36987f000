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

/// Every `count`-th run, for machines that share nothing.
public struct Shard: Sendable, Equatable {
  /// From 1.
  public var index: Int
  public var count: Int

  /// From `2/4`; nil if it is no such text.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1, index <= count else { return nil }
    (self.index, self.count) = (index, count)
  }

  func contains(_ position: Int) -> Bool { position % count == index - 1 }
}

/// Runs at once and threads of each.
public struct Parallelism: Sendable, Equatable {
  public var jobs: Int
  public var threads: Int

  /// Fills in what is not given: one run per core if there are more runs than cores, else one run on all cores; never more
  /// threads in all than cores, unless both are given or one run alone is given more.
  public init(jobs: Int?, threads: Int?, runs: Int, cores: Int) {
    switch (jobs, threads) {
    case (let jobs?, let threads?): (self.jobs, self.threads) = (jobs, threads)
    case (let jobs?, nil):
      self.jobs = min(jobs, cores)
      self.threads = max(1, cores / self.jobs)
    case (nil, let threads?): (self.jobs, self.threads) = (max(1, cores / threads), threads)
    case (nil, nil): (self.jobs, self.threads) = runs > cores ? (cores, 1) : (1, cores)
    }
    self.jobs = max(1, min(self.jobs, runs))
  }
}
