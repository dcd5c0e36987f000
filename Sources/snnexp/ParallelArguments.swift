import ArgumentParser
import Engine
import Experiments

/// Number of concurrent runs, and threads per run.
struct ParallelArguments: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: "Runs at a time (default: one per core if there are more runs than cores, else one).")
  var jobs: Int?
  @Option(help: "Threads per run (default: cores / jobs).") var threads: Int?

  func validate() throws {
    try requireRange("--threads", threads.map { [$0] } ?? [], 1...mostThreads)
    try requireRange("--jobs", jobs.map { [$0] } ?? [], 1...mostThreads)
    if let jobs, let threads, jobs * threads > mostThreads {
      throw ValidationError("--jobs \(jobs) times --threads \(threads) is more than \(mostThreads) threads")
    }
  }

  /// For the given number of runs on this machine.
  func parallelism(runs: Int) -> Parallelism { Parallelism(jobs: jobs, threads: threads, runs: runs, cores: coreCount) }
}
