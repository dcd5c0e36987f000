import ArgumentParser
import CSV
import Display
import Experiments
import Foundation
import JSON
import SafeText
import Slurm

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the state of a results folder or of one run: what failed and why, and the progress of the rest.",
    discussion: examples("snnexp status results/quickstart", "snnexp status results/quickstart/runs/seed_0-*"))
  @Argument(
    help: "Results folder of an experiment, or folder of a run.", completion: Completion.folder, transform: userPath)
  var folder: String
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    guard !StoredRun.isFolder(folder) else {
      let run = try orExit { try StoredRun(folder: folder) }
      let experiment = Self.experiment(ofRun: folder)
      let submitted = SubmittedRuns(folder: experiment)
      if json {
        print(JSONValue.object(Self.members(run) + submitted.members(run)).text)
      } else {
        let job = Self.jobDetails(run, submitted, experiment)
        print(prose: (Self.details(of: run) + job).joined(separator: "\n"))
      }
      printProblem(of: submitted)
      return
    }
    let results = try orExit { try ResultsFolder(path: folder) }
    let submitted = SubmittedRuns(folder: results.path)
    let counts = RunState.allCases.map { (key: $0.rawValue, value: JSONValue.integer(results.count($0))) }
    if json {
      print(
        JSONValue.object([
          ("folder", .string(results.path)), ("runs", .integer(results.runs.count)), ("counts", .object(counts)),
          ("list", .list(results.runs.map { .object(Self.members($0) + submitted.members($0)) })),
        ]).text)
      printProblem(of: submitted)
      return
    }
    printSummary(of: results, submitted)
    printProblem(of: submitted)
  }

  /// The folder of the experiment that has a run's folder.
  private static func experiment(ofRun folder: String) -> String {
    let parts = folder.split(separator: "/")
    // A link elsewhere may name a run too.
    guard parts.count > 2, parts[parts.count - 2] == "runs", let name = parts.last, ![".", ".."].contains(name) else {
      let real = realpath(folder, nil)
      defer { free(real) }
      let path = real.map { String(cString: $0) } ?? folder
      return ((path as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
    }
    return (folder.hasPrefix("/") ? "/" : "") + parts.dropLast(2).joined(separator: "/")
  }

  private static func jobDetails(_ run: StoredRun, _ submitted: SubmittedRuns, _ experiment: String) -> [String] {
    guard let job = submitted.job(of: run.id, in: run.state.rawValue) else { return [] }
    let node = job.node.map { " on \($0)" } ?? ""
    return ["job: \(job.id), \(job.text)\(node); its log: \(experiment)/\(job.log)"]
  }

  private func printSummary(of results: ResultsFolder, _ submitted: SubmittedRuns) {
    let states = RunState.allCases.compactMap { state in
      results.count(state) == 0 ? nil : "\(results.count(state)) \(state.rawValue)"
    }
    print("\(results.path): \(Format.count(results.runs.count, "run")): \(states.joined(separator: ", "))")
    for line in submitted.activeJobs { print(prose: line) }
    for run in results.runs where run.state == .failed {
      print(prose: "failed: \(run.id): \(firstLine(run.error ?? "no error was recorded"))")
    }
    for run in results.runs where run.state == .damaged {
      print(prose: "damaged: \(run.id): \(firstLine(run.error ?? ""))")
    }
    for run in results.runs where run.state == .done && run.isNonFinite {
      print("non-finite results: \(run.id)")
    }
    let unfinished = results.runs.filter { $0.state == .running || $0.state == .interrupted }
    let jobs = submitted.isEmpty ? [:] : Self.jobs(of: results.runs, submitted)
    if !unfinished.isEmpty {
      let hasJobs = unfinished.contains { jobs[$0.id] != nil }
      let table = TextTable(
        columns: [TextTable.Column("run", isText: true), TextTable.Column("state", isText: true)]
          + ["epoch", "train_loss", "accuracy"].map { TextTable.Column($0) }
          + (hasJobs ? ["job", "node", "job state"].map { TextTable.Column($0, isText: true) } : []),
        rows: unfinished.map { run in
          let progress = EpochReached(run)
          let job = jobs[run.id]
          let node = job?.node ?? RunClaim.host(folder: run.folder) ?? ""
          return [run.id, run.state.rawValue, progress.epoch, progress.loss, progress.accuracy]
            + (hasJobs ? [job?.id ?? "", node, job?.text ?? ""] : [])
        })
      print(table.lines().lines.joined(separator: "\n"))
    }
    printEnded(jobs)
    if !results.unplanned.isEmpty {
      let folders = Format.count(results.unplanned.count, "more run folder")
      print(
        prose: "\(folders) of other settings than the last plan's: kept, but not in tables and figures; delete those "
          + "that you do not need")
    }
  }

  /// The tasks of unfinished runs.
  private static func jobs(of runs: [StoredRun], _ submitted: SubmittedRuns) -> [String: SubmittedRuns.Job] {
    Dictionary(
      runs.compactMap { run in submitted.job(of: run.id, in: run.state.rawValue).map { (run.id, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The tasks that ended and left runs unfinished, and how: a line for all that ended alike.
  private func printEnded(_ jobs: [String: SubmittedRuns.Job]) {
    let ended = Dictionary(grouping: jobs.values.filter(\.hasEnded)) { "\($0.job): \($0.text)" }
    for left in ended.sorted(by: { $0.key < $1.key }).map(\.value) {
      guard let job = left.min(by: { $0.index < $1.index }) else { continue }
      let tasks = Set(left.map(\.index))
      let others = tasks.count == 1 ? "log" : "first log"
      print(
        prose: "job \(job.job): \(tasks.count == 1 ? "task" : "tasks") \(ArrayList.text(Array(tasks))) \(job.ending), "
          + "\(Format.count(left.count, "run")) unfinished; \(others): \(folder)/\(job.log)")
    }
    guard !ended.isEmpty else { return }
    let remedy = jobs.values.contains { $0.state == "OUT_OF_MEMORY" } ? ", with more --memory" : ""
    print("submit the experiment again to resume them\(remedy)")
  }

  /// The state of one run as lines of text.
  static func details(of run: StoredRun) -> [String] {
    var lines = ["\(run.id): \(run.shownState)"]
    if let error = run.error { lines.append("error: \(error)") }
    for (key, value) in run.swept { lines.append("\(key): \(value)") }
    if let seed = run.seed { lines.append("seed: \(seed)") }
    let progress = EpochReached(run)
    if run.state == .done {
      for column in run.columns where !(run.results[column] ?? "").isEmpty {
        lines.append("\(column): \(run.results[column] ?? "")")
      }
    } else if progress.row != nil {
      lines.append("epoch \(progress.epoch), train loss \(progress.loss), \(progress.accuracy)")
    } else {
      lines.append("no epoch finished yet")
    }
    if let from = run.continuedFrom { lines.append("continued from: \(from.run), after epoch \(from.epoch)") }
    switch run.furtherTraining {
    case nil: break
    case .possible?: lines.append("further training: with a larger training.epochs, from state.h5")
    case .notKept?: lines.append("further training: not possible, state.h5 was not kept")
    case .damaged(let problem)?: lines.append("further training: not possible, state.h5: \(problem)")
    }
    if let seconds = run.wallSeconds, seconds > 0 { lines.append("wall time: \(Format.duration(seconds))") }
    return lines
  }

  /// The state of one run as JSON.
  static func members(_ run: StoredRun) -> [(key: String, value: JSONValue)] {
    let row = run.state == .done || run.state == .pending ? nil : EpochReached(run).row
    return [
      ("run_id", .string(run.id)), ("seed", JSONValue(run.seed)),
      ("swept", .object(run.swept.map { ($0.key, JSONValue(field: $0.value)) })),
      ("state", .string(run.state.rawValue)),
      ("error", JSONValue(run.error)),
      ("epoch", row.map { JSONValue(field: $0["epoch"]) } ?? JSONValue(run.epochs)),
      ("epochs", JSONValue(run.plannedEpochs)),
      ("train_loss", JSONValue(field: row?["train_loss"] ?? run.results["train_loss"])),
      ("validation_accuracy", JSONValue(field: row?["validation_accuracy"] ?? run.results["validation_accuracy"])),
      ("test_accuracy", JSONValue(field: row?["test_accuracy"] ?? run.results["test_accuracy"])),
      ("continued_from", JSONValue(run.continuedFrom?.run)),
      ("continued_after_epoch", JSONValue(run.continuedFrom?.epoch)),
      ("can_be_trained_further", run.canBeTrainedFurther.map { .boolean($0) } ?? .null),
    ]
  }
}

extension SubmittedRuns {
  fileprivate func members(_ run: StoredRun) -> [(key: String, value: JSONValue)] {
    members(of: run.id, in: run.state.rawValue, folder: run.folder)
  }
}

extension StoredRun {
  /// nil unless it is done.
  fileprivate var canBeTrainedFurther: Bool? {
    switch furtherTraining {
    case nil: nil
    case .possible?: true
    case .notKept?, .damaged?: false
    }
  }
}
