import ArgumentParser
import Display
import Experiments
import Foundation
import JSON
import Quantities

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the runs of an experiment and their states.",
    discussion: examples(
      "snnexp plan experiments/sweep_tau_hidden.yaml", "snnexp plan experiments/quickstart.yaml seeds=0..4",
      "snnexp plan experiments/sweep_tau_hidden.yaml --only tau_mem=5ms --shard 1/2"))
  @OptionGroup var experiment: ExperimentArguments
  @Option(
    name: [.customShort("o"), .long], help: "Folder for results (default: results).",
    completion: Completion.folder, transform: userPath)
  var results = "results"
  @OptionGroup var chosen: ChoiceArguments
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let loaded = try experiment.load()
    let cache = try eventCache(besideResults: results)
    let plan = try orExit { try RunPlan(experiment: loaded, resultsFolder: results, cache: cache) }
    let runs = try orExit { try chosen.choice.runs(of: plan) }
    let continuations = Continuations(runs, of: plan, experiment: loaded)
    for finding in plan.findings + continuations.findings(runs) { printError("warning: \(finding)") }
    if json {
      print(
        JSONValue.list(
          runs.map {
            .object(
              members(of: $0) + [("state", .string($0.shownState)), ("folder", .string($0.folder))]
                + startMembers(of: $0, continuations))
          }
        ).text)
      return
    }
    printPlan(runs, of: loaded, continuations, total: plan.runs.count)
  }
}

/// The runs with their states and, if some continue from finished runs with fewer epochs, after which epoch; and the
/// count of each state.
///
/// - Parameter total: the number of runs that they were chosen from, if it is not known otherwise.
func printPlan(
  _ runs: [PlannedRun], of experiment: Experiment, _ continuations: Continuations, total: Int? = nil
) {
  let states = runs.map(\.shownState)
  let starts = runs.map { continuations.start(of: $0)?.epoch }
  let continued = starts.count { $0 != nil }
  let values = ShortMappings.ofColumns(runs.map { $0.specification.swept.map(\.value) })
  let table = TextTable(
    columns: [TextTable.Column("run", isText: true), TextTable.Column("seed", rank: 2)]
      + experiment.sweptKeys.map { TextTable.Column(ResultColumn.title($0), rank: 1) } + [TextTable.Column("state")]
      + (continued > 0 ? [TextTable.Column("from epoch")] : []),
    rows: runs.indices.map { index in
      [runs[index].id, "\(runs[index].specification.seed)"] + values[index] + [states[index]]
        + (continued > 0 ? [starts[index].map(String.init) ?? ""] : [])
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
