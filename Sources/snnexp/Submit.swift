import ArgumentParser
import Display
import Engine
import Experiments
import Files
import Foundation
import JSON
import Plotting
import SafeText
import Slurm
import SpikeData

struct Submit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train the unfinished runs of an experiment on a Slurm cluster.",
    discussion: examples(
      "snnexp submit experiments/sweep_tau_hidden.yaml --dry-run",
      "snnexp submit experiments/sweep_tau_hidden.yaml --tasks 4 --dry-run",
      after: "Writes a job script to the folder slurm of the results and submits it with sbatch, and a second job that "
        + "writes tables and figures in the end. A cluster's defaults: ~/.config/snnexp/slurm.yaml, with keys named "
        + "like the options (max_running), and further options of sbatch in SNNEXP_SBATCH."))

  @OptionGroup var experiment: ExperimentArguments
  @Option(
    name: [.customShort("o"), .long], help: "Folder for results (default: results).",
    completion: Completion.folder, transform: userPath)
  var results = "results"
  @Option(
    help: ArgumentHelp(
      "Only runs with this value of a swept key (tau_mem=5ms), or whose id matches a pattern.", valueName: "glob"))
  var only: String?
  @OptionGroup var bundling: TaskArguments
  @Option(help: "Time limit of a task, as Slurm writes it (default: twice the estimate).") var time: String?
  @Option(help: "Memory of a task, such as 4G (default: as check says).") var memory: String?
  @Option(help: "Partition.") var partition: String?
  @Option(help: "Account.") var account: String?
  @Option(help: ArgumentHelp("Run at most K tasks at a time.", valueName: "k")) var maxRunning: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Further options of sbatch, in one word: --sbatch=\"--qos=long\".", valueName: "options"))
  var sbatch: String?
  @Flag(name: [.customShort("n"), .long], help: "Write and print the script; submit nothing.") var dryRun = false
  @Flag(help: "Print JSON.") var json = false

  private var given: SlurmSettings {
    var settings = SlurmSettings()
    (settings.tasks, settings.jobs, settings.threads) = (bundling.tasks, bundling.jobs, bundling.threads)
    (settings.time, settings.memory, settings.partition) = (time, memory, partition)
    (settings.account, settings.maxRunning, settings.sbatch) = (account, maxRunning, sbatch)
    return settings
  }

  func validate() throws {
    for (name, text) in [
      ("time", time), ("memory", memory), ("partition", partition), ("account", account), ("sbatch", sbatch),
    ] {
      if let text, let problem = SlurmSettings.problem(of: name, text) {
        throw ValidationError("--\(name) '\(SafeText.excerpt(text))': \(problem)")
      }
    }
    try requireRange("--max-running", maxRunning.map { [$0] } ?? [], 1...100_000)
    if let problem = Kernels.environmentProblem { throw ValidationError(problem) }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let extra = environment["SNNEXP_SBATCH"].flatMap { $0.isEmpty ? nil : $0 }
    let file = SlurmSettings.defaultsFile(environment: environment)
    let defaults = try orExit { () -> SlurmSettings in
      if let extra, let problem = SlurmSettings.problem(of: "sbatch", extra) {
        throw SlurmError("SNNEXP_SBATCH: \(problem)")
      }
      try Self.check(root: absolutePath(ofFolder: results))
      return try file.map { try SlurmSettings(file: $0) } ?? SlurmSettings()
    }
    let settings = given.over(defaults)
    let (jobs, threads) = (settings.jobs ?? 1, settings.threads ?? 1)
    if let problem = TaskArguments.problem(jobs: jobs, threads: threads) {
      // The command line alone was checked before.
      printError("snnexp: error: \(problem); see jobs and threads in \(file ?? "slurm.yaml")")
      throw ExitCode(2)
    }
    let loaded = try experiment.load()
    let cache = try eventCache(besideResults: results)
    let (runner, plan) = try orExit { () -> (ExperimentRunner, TaskPlan) in
      let runner = try planned(loaded, results: results, only: only, retryFailed: bundling.retryFailed, cache: cache)
      return (
        runner,
        try TaskPlan(runner, of: loaded, tasks: settings.tasks, jobs: jobs, threads: threads, cache: cache)
      )
    }
    for finding in plan.findings { printError("warning: \(finding)") }
    let runs = plan.tasks.reduce(0) { $0 + $1.runs.count }
    let folder = runner.plan.folder
    guard runs > 0 else {
      // So that tables show these runs and not those of an earlier plan.
      if !dryRun { try orExit { try runner.prepare() } }
      printError("nothing to submit: \(nothingLeft(runner))")
      if json { print(JSONValue.object(members(nil, nil, plan, runs: 0, folder: folder)).text) }
      return
    }
    try orExit { try AtomicFile.createFolder("\(folder)/\(JobScripts.folder)") }
    // From the look at the queue to the record of what was submitted, so that no other submission has the same runs.
    let lock =
      dryRun
      ? nil
      : FolderLock("\(folder)/\(JobScripts.folder)") {
        printError("another snnexp submit is using \(folder); waiting for it")
      }
    defer { lock?.release() }
    try checkQueue(runner)
    let scripts = try orExit { () -> JobScripts in
      let root = absolutePath(ofFolder: results)
      try Self.check(root: root)
      // A dry run keeps the tables and figures of other runs.
      if dryRun && !runner.replacesPlan { try runner.prepare() }
      let number = try Submission.reserveNumber(in: folder)
      var choice: [String] = []
      if let only { choice.append("--only=\(only)") }
      if bundling.retryFailed { choice.append("--retry-failed") }
      let scripts = JobScripts(
        experiment: loaded.name, number: number, program: programPath, results: root,
        command: ["snnexp"] + CommandLine.arguments.dropFirst(),
        runs: runs, shards: plan.shards, array: plan.tasks.map(\.index), jobs: jobs, threads: threads, choice: choice,
        estimatedSeconds: plan.seconds, limit: plan.seconds.map(Self.limit), memory: Self.memory(plan.memory),
        defaults: defaults, environment: extra, given: given)
      do { try write(scripts, of: runner, loaded, cache: cache) } catch {
        unlink("\(folder)/\(JobScripts.folder)/\(scripts.arrayName)")
        throw error
      }
      return scripts
    }
    let script = "\(folder)/\(JobScripts.folder)/\(scripts.arrayName)"
    if dryRun {
      if json {
        print(JSONValue.object(members(scripts, nil, plan, runs: runs, folder: folder)).text)
      } else {
        print(scripts.arrayText, terminator: "")
        printError("wrote \(script); nothing was submitted; submit it with: sbatch \(ShellText.path(script))")
        if runner.replacesPlan {
          printError(
            "note: \(folder) has the plan of other runs, which a dry run keeps; snnexp submit without --dry-run "
              + "replaces it"
          )
        }
        printError(
          "when all tasks have ended, tables and figures are written by: snnexp collect \(ShellText.path(folder))")
      }
      return
    }
    try submit(scripts, plan, runs: runs, of: runner)
  }

  /// - Throws: `InputError` if the results folder cannot stand in a job script.
  private static func check(root: String) throws {
    guard SafeText.line(root) == root else {
      throw InputError("\(root): a folder with control characters in its path can't be named in a job script")
    }
    guard !root.contains("%"), !root.contains("\\") else {
      throw InputError(
        "\(root): Slurm would replace '%' or '\\' in the names of logs in this folder; choose another with --results")
    }
  }

  /// A run that is in the queue already would make two tasks wait for each other. A dry run only says so.
  /// - Throws: `ExitCode` 2 after printing which runs those are, or that it cannot be known.
  private func checkQueue(_ runner: ExperimentRunner) throws {
    let folder = runner.plan.folder
    let submitted = SubmittedRuns(folder: folder)
    guard !submitted.isEmpty else { return }
    let (runs, level) = (runner.unfinished, dryRun ? "note" : "snnexp: error")
    let total = Format.count(runs.count, "unfinished run")
    func part(_ count: Int) -> String { "\(count) of \(total) \(count == 1 ? "is" : "are")" }
    let queued = runs.compactMap { submitted.activeJob(of: $0.id) }
    if !queued.isEmpty {
      let jobs = Set(queued).sorted()
      printError(
        "\(level): \(part(queued.count)) in the queue already (job \(SafeText.list(jobs, most: 5))): wait for "
          + "\(jobs.count == 1 ? "it" : "them"), choose other runs with --only, or cancel: snnexp cancel "
          + ShellText.path(folder))
      if !dryRun { throw ExitCode(2) }
    }
    let unknown = runs.compactMap { submitted.unknownSubmission(of: $0.id) }
    guard !unknown.isEmpty, let problem = submitted.queue.problem else { return }
    let was = "\(unknown.count) of \(total) \(unknown.count == 1 ? "was" : "were") submitted before"
    switch problem {
    case .noProgram:
      printError(
        "warning: \(was), and squeue is not on PATH, so it is not known whether they are still in the queue; if they "
          + "are, two tasks have the same runs and wait for each other")
    case .failed(let message):
      let records = Set(unknown).sorted().map { "\(folder)/\(JobScripts.folder)/array-\($0).json" }
      printError(
        "\(level): \(was) and may still be in the queue: \(message)\n"
          + "try again when squeue answers; if these jobs are gone for good, remove their record: rm "
          + records.map(ShellText.path).joined(separator: " "))
      if !dryRun { throw ExitCode(2) }
    }
  }

  private func submit(_ scripts: JobScripts, _ plan: TaskPlan, runs: Int, of runner: ExperimentRunner) throws {
    let folder = runner.plan.folder
    let place = "\(folder)/\(JobScripts.folder)/"
    var submission = try orExit { () -> Submission in
      let (job, cluster) = try SlurmProgram.submit(
        place + scripts.arrayName, text: scripts.arrayText, name: scripts.jobName)
      // From here on an error leaves a job in the queue.
      return Submission(
        name: scripts.jobName, job: job, cluster: cluster, submitted: Date().ISO8601Format(), shards: plan.shards,
        tasks: plan.tasks.map { Submission.Task(index: $0.index, runs: $0.runs.map(\.id)) })
    }
    let shown = ShellText.path(folder)
    var problem: String?
    do { try submission.write(folder: folder, number: scripts.number) } catch {
      problem =
        "its record cannot be written, so status and cancel do not know it, and a second submit would train the same "
        + "runs: \(words(error))\nto cancel it: scancel \(submission.job)"
    }
    if problem == nil {
      do {
        // Only now: a job that was refused leaves tables and figures as they are. A task that is faster settles its own.
        try runner.prepare()
        let cluster = submission.cluster.map { ["--clusters=\($0)"] } ?? []
        submission.collectJob = try SlurmProgram.submit(
          place + scripts.collectName, text: scripts.collectText, name: scripts.collectJobName,
          ["--dependency=afterany:\(submission.job)"] + cluster
        ).job
        try submission.write(folder: folder, number: scripts.number)
      } catch {
        problem =
          "the job that collects its results was not submitted, or not recorded: \(words(error))\nwhen all tasks have "
          + "ended, run: snnexp collect \(shown)"
      }
    }
    if json {
      print(JSONValue.object(members(scripts, submission, plan, runs: runs, folder: folder)).text)
    } else {
      print("job \(submission.job): \(Format.count(runs, "run")) in \(plan.summary)")
      if let job = submission.collectJob { print("job \(job): tables and figures, when all tasks have ended") }
      print("watch:  snnexp status \(shown)")
      print("stop:   snnexp cancel \(shown)")
      print("script: \(ShellText.path(place + scripts.arrayName))")
    }
    if let problem {
      printError("snnexp: error: job \(submission.job) was submitted, but \(problem)")
      throw ExitCode(1)
    }
  }

  /// Writes the scripts, and beside them the experiment as it is now, with its overrides: what the tasks read.
  private func write(
    _ scripts: JobScripts, of runner: ExperimentRunner, _ experiment: Experiment, cache: EventCache?
  ) throws {
    let folder = runner.plan.folder
    let place = "\(folder)/\(JobScripts.folder)/"
    let snapshot = place + scripts.snapshotName
    let header =
      "# The experiment as it was submitted, with every default and absolute paths. Tasks of \(scripts.arrayName) read it.\n"
    try AtomicFile.write(header + experiment.yaml, to: snapshot)
    // Never other runs than those that were validated.
    let again = try RunPlan(
      experiment: try Experiment.load(path: snapshot), resultsFolder: (folder as NSString).deletingLastPathComponent,
      cache: cache)
    guard again.runs.map(\.hash) == runner.plan.runs.map(\.hash) else {
      unlink(snapshot)
      throw InputError(
        "the resolved configuration does not describe the same runs as \(experiment.path), so nothing was submitted; "
          + "this is an error of snnexp; use run --shard in a job script of your own")
    }
    try AtomicFile.write(scripts.collectText, to: place + scripts.collectName)
    try AtomicFile.write(scripts.arrayText, to: place + scripts.arrayName)
    for name in [scripts.collectName, scripts.arrayName] { chmod(place + name, 0o755) }
  }

  private func members(
    _ scripts: JobScripts?, _ submission: Submission?, _ plan: TaskPlan, runs: Int, folder: String
  ) -> [(key: String, value: JSONValue)] {
    [
      ("folder", .string(folder)), ("runs", .integer(runs)), ("job", JSONValue(submission?.job)),
      ("collect_job", JSONValue(submission?.collectJob)),
      ("script", JSONValue(scripts.map { "\(folder)/\(JobScripts.folder)/\($0.arrayName)" })),
      ("shards", .integer(plan.shards)),
      (
        "tasks",
        .list(
          plan.tasks.map {
            .object([("index", .integer($0.index)), ("runs", .list($0.runs.map { .string($0.id) }))])
          })
      ),
      ("task_seconds", JSONValue(plan.seconds)), ("task_memory_bytes", .integer(plan.memory)),
    ]
  }

  /// Twice the estimate, since nodes differ, and time to start; in whole steps of 5 minutes.
  private static func limit(_ seconds: Double) -> TimeLimit {
    let steps = (2 * min(seconds, 1e8) + 300) / 300
    return TimeLimit(seconds: max(600, Int(steps.rounded(.up)) * 300))
  }

  /// A tenth more, in steps of 64 MiB.
  private static func memory(_ bytes: Int) -> Int {
    let step = 64 << 20
    return (bytes.saturatingPlus(bytes / 10) / step).saturatingPlus(1).saturatingTimes(step)
  }
}

/// The runner of an experiment whose runs are trained by other processes.
/// - Throws: `InputError`.
func planned(
  _ experiment: Experiment, results: String, only: String?, retryFailed: Bool, cache: EventCache?
) throws -> ExperimentRunner {
  var options = RunOptions(command: CommandLine.arguments)
  options.retryFailed = retryFailed
  options.choice = RunChoice(only: only)
  let plots = Plots(resultsFolder: results + "/" + experiment.name)
  return try ExperimentRunner(
    experiment: experiment, resultsFolder: results, options: options, cache: cache,
    notify: { event in if case .planReplaced = event { removeFigures(plots) } })
}

/// How the runs of a plan that has none left have ended, and what is next.
func nothingLeft(_ runner: ExperimentRunner) -> String {
  let failed = runner.chosen.count { $0.state == .failed }
  let total = Format.count(runner.chosen.count, "run")
  let states =
    failed == 0
    ? "\(total), all of them done"
    : "\(total): \(runner.chosen.count - failed) done, \(failed) failed; --retry-failed trains "
      + (failed == 1 ? "it again" : "them again")
  return "\(states); for tables and figures: snnexp collect \(ShellText.path(runner.plan.folder))"
}

/// Removes figures of an earlier plan.
func removeFigures(_ plots: Plots) {
  do { try plots.removeFigures() } catch {
    printError("warning: figures of an earlier plan could not be removed: \(words(error))")
  }
}

/// The absolute path of this program.
var programPath: String {
  let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
  return URL(fileURLWithPath: path).standardizedFileURL.path
}
