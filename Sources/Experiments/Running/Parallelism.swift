import Foundation

/// Concurrent runs and threads per run.
public struct Parallelism: Sendable, Equatable {
  public var jobs: Int
  public var threads: Int

  /// Fills in missing values: one run per core if there are more runs than cores, else one run on all cores; never more
  /// threads in total than cores, unless both are given or a single run is given more.
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
