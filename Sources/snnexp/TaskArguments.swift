import ArgumentParser
import Display
import Engine

/// How unfinished runs are bundled into the tasks of a cluster.
struct TaskArguments: ParsableArguments {
  @Flag(help: "Retrain failed runs.") var retryFailed = false
  @Option(
    help: ArgumentHelp("Bundle the runs into at most N tasks (default: about 30 minutes each).", valueName: "n"))
  var tasks: Int?
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Runs at a time in each task (default: 1).", valueName: "n"))
  var jobs: Int?
  @Option(help: ArgumentHelp("Threads per run (default: 1).", valueName: "n")) var threads: Int?

  func validate() throws {
    try requireRange("--tasks", tasks.map { [$0] } ?? [], 1...100_000)
    try requireRange("--jobs", jobs.map { [$0] } ?? [], 1...mostThreads)
    try requireRange("--threads", threads.map { [$0] } ?? [], 1...mostThreads)
    if let problem = Self.problem(jobs: jobs ?? 1, threads: threads ?? 1) { throw ValidationError(problem) }
  }

  /// Whether any is given.
  var isGiven: Bool { retryFailed || tasks != nil || jobs != nil || threads != nil }

  /// What is wrong with these numbers together, wherever they come from.
  static func problem(jobs: Int, threads: Int) -> String? {
    jobs * threads > mostThreads
      ? "\(Format.count(jobs, "run")) at a time with \(Format.count(threads, "thread")) each: more than \(mostThreads) "
        + "threads in a task"
      : nil
  }
}
