import ArgumentParser
import Display
import Experiments
import Foundation
import JSON
import Quantities
import SafeText
import Slurm
import SpikeData

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the runs of an experiment and their states.",
    discussion: examples(
      "snnexp plan experiments/sweep_tau_hidden.yaml", "snnexp plan experiments/quickstart.yaml seeds=0..4",
      "snnexp plan experiments/sweep_tau_hidden.yaml --only tau_mem=5ms --shard 1/2",
      "snnexp plan experiments/sweep_tau_hidden.yaml --commands --tasks 4",
      after: "--commands also writes plan.csv and the folders of unfinished runs, so that the tasks need not agree on "
        + "them; in the end, snnexp collect writes tables and figures."))
  @OptionGroup var experiment: ExperimentArguments
  @Option(
    name: [.customShort("o"), .long], help: "Folder for results (default: results).",
    completion: Completion.folder, transform: userPath)
  var results = "results"
  @OptionGroup var chosen: ChoiceArguments
  @Flag(help: "Print a shell command for each task that trains unfinished runs, for any queue.") var commands = false
  @OptionGroup(title: "Options of --commands") var bundling: TaskArguments
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if !commands, bundling.isGiven {
      throw ValidationError("--retry-failed, --tasks, --jobs and --threads belong to --commands")
    }
    if commands, json { throw ValidationError("--commands and --json cannot be combined") }
    if commands, chosen.shard != nil {
      throw ValidationError("--commands divides the plan into shards itself; use --tasks instead of --shard")
    }
  }

  func run() throws {
    let loaded = try experiment.load()
    let cache = try eventCache(besideResults: results)
    if commands { return try printCommands(loaded, cache) }
    let plan = try orExit { try RunPlan(experiment: loaded, resultsFolder: results, cache: cache) }
    let runs = try orExit { try chosen.choice.runs(of: plan) }
    let continuations = Continuations(runs, of: plan, experiment: loaded)
    let submitted = SubmittedRuns(folder: plan.folder)
    for finding in plan.findings + continuations.findings(runs) { printError("warning: \(finding)") }
    if json {
      print(
        JSONValue.list(
          runs.map {
            .object(
              members(of: $0) + [("state", .string($0.shownState)), ("folder", .string($0.folder))]
                + startMembers(of: $0, continuations)
                + submitted.members(of: $0.id, in: $0.shownState, folder: $0.folder))
          }
        ).text)
      printProblem(of: submitted)
      return
    }
    printPlan(runs, of: loaded, continuations, submitted, total: plan.runs.count)
    printProblem(of: submitted)
  }

  /// A line for each task, for the shell of any queue.
  private func printCommands(_ loaded: Experiment, _ cache: EventCache?) throws {
    let (jobs, threads) = (bundling.jobs ?? 1, bundling.threads ?? 1)
    let words = [programPath, "run", file(experiment.file)] + experiment.overrides + ["--results=\(results)"]
    let choice = (chosen.only.map { ["--only=\($0)"] } ?? []) + (bundling.retryFailed ? ["--retry-failed"] : [])
    if let word = (words + choice).first(where: { SafeText.line($0) != $0 }) {
      printError("snnexp: error: '\(SafeText.line(word))' has control characters, so a line can't be a command with it")
      throw ExitCode(2)
    }
    let (runner, plan) = try orExit { () -> (ExperimentRunner, TaskPlan) in
      let runner = try planned(
        loaded, results: results, only: chosen.only, retryFailed: bundling.retryFailed, cache: cache)
      let plan = try TaskPlan(runner, of: loaded, tasks: bundling.tasks, jobs: jobs, threads: threads, cache: cache)
      try runner.prepare()
      return (runner, plan)
    }
    for finding in plan.findings { printError("warning: \(finding)") }
    for task in plan.tasks {
      let rest = [
        "--shard", "\(task.index)/\(plan.shards)", "--jobs", "\(jobs)", "--threads", "\(threads)", "--no-tables",
        "--no-plots",
      ]
      print(ShellText.command(words + choice + rest))
    }
    printError(
      plan.tasks.isEmpty
        ? "no tasks: \(nothingLeft(runner))"
        : "\(plan.summary); when all have ended: snnexp collect \(ShellText.path(runner.plan.folder))")
  }

  /// A path that is no option.
  private func file(_ path: String) -> String { path.hasPrefix("-") ? "./" + path : path }
}

/// The runs with their states and, if some continue from finished runs with fewer epochs, after which epoch; and the
/// count of each state.
///
/// - Parameter total: the number of runs that they were chosen from, if it is not known otherwise.
func printPlan(
  _ runs: [PlannedRun], of experiment: Experiment, _ continuations: Continuations, _ submitted: SubmittedRuns? = nil,
  total: Int? = nil
) {
  let states = runs.map(\.shownState)
  let starts = runs.map { continuations.start(of: $0)?.epoch }
  let continued = starts.count { $0 != nil }
  let jobs = zip(runs, states).map { run, state in submitted?.job(of: run.id, in: state) }
  let hasJobs = jobs.contains { $0 != nil }
  // Of the runs that are being trained.
  let epochs = zip(runs, jobs).map { run, job in
    guard let job, job.isActive, run.state == .interrupted else { return "" }
    return (try? StoredRun(folder: run.folder)).map { EpochReached($0).epoch } ?? ""
  }
  let values = ShortMappings.ofColumns(runs.map { $0.specification.swept.map(\.value) })
  let table = TextTable(
    columns: [TextTable.Column("run", isText: true), TextTable.Column("seed", rank: 2)]
      + experiment.sweptKeys.map { TextTable.Column(ResultColumn.title($0), rank: 1) } + [TextTable.Column("state")]
      + (continued > 0 ? [TextTable.Column("from epoch")] : [])
      + (hasJobs
        ? [TextTable.Column("epoch")] + ["job", "node", "job state"].map { TextTable.Column($0, isText: true) } : []),
    rows: runs.indices.map { index in
      [runs[index].id, "\(runs[index].specification.seed)"] + values[index] + [states[index]]
        + (continued > 0 ? [starts[index].map(String.init) ?? ""] : [])
        + (hasJobs ? [epochs[index], jobs[index]?.id ?? "", jobs[index]?.node ?? "", jobs[index]?.text ?? ""] : [])
    })
  print(table: table.lines(width: Terminal.results.width), more: "--json prints all columns")
  let counts = RunState.allCases.map(\.rawValue).compactMap { state in
    let count = states.count { $0 == state }
    return count == 0 ? nil : "\(count) \(state)"
  }
  let part = total.flatMap { $0 == runs.count ? nil : "\(runs.count) of \(Format.count($0, "run"))" }
  printError(
    (part ?? Format.count(runs.count, "run")) + (counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))"))
  if continued > 0 {
    printError("\(Format.count(continued, "run")) will continue from finished runs with fewer epochs")
  }
}

/// Where a run that has not begun will start, in JSON: null for its beginning.
func startMembers(of run: PlannedRun, _ continuations: Continuations) -> [(key: String, value: JSONValue)] {
  let start = continuations.start(of: run)
  return [("continues_from", JSONValue(start?.run)), ("continues_after_epoch", JSONValue(start?.epoch))]
}

/// A run's identity in JSON.
func members(of run: PlannedRun) -> [(key: String, value: JSONValue)] {
  [
    ("run_id", .string(run.id)), ("seed", .unsigned(run.specification.seed)),
    ("swept", .object(run.specification.swept.map { ($0.key, JSONValue(field: $0.value)) })),
  ]
}
