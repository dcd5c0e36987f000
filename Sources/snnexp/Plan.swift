import ArgumentParser
import Display
import Experiments
import Foundation
import JSON

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the runs of an experiment and their states.",
    discussion: examples(
      "snnexp plan experiments/sweep_tau_hidden.yaml", "snnexp plan experiments/quickstart.yaml seeds=0..4"))
  @OptionGroup var experiment: ExperimentArguments
  @Option(
    name: [.customShort("o"), .long], help: "Folder for results (default: results).",
    completion: Completion.folder, transform: userPath)
  var results = "results"
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let loaded = try experiment.load()
    let plan = try orExit { try RunPlan(experiment: loaded, resultsFolder: results) }
    for finding in plan.findings { printError("warning: \(finding)") }
    if json {
      print(
        JSONValue.list(
          plan.runs.map {
            .object(members(of: $0) + [("state", .string($0.shownState)), ("folder", .string($0.folder))])
          }
        ).text)
      return
    }
    printPlan(plan.runs, of: loaded)
  }
}

/// The runs with their states, and the count of each state.
func printPlan(_ runs: [PlannedRun], of experiment: Experiment) {
  let states = runs.map(\.shownState)
  let table = TextTable(
    columns: [TextTable.Column("run", isText: true), TextTable.Column("seed", rank: 2)]
      + experiment.sweptKeys.map { TextTable.Column(ResultColumn.short($0), rank: 1) } + [TextTable.Column("state")],
    rows: zip(runs, states).map { run, state in
      [run.id, "\(run.specification.seed)"] + run.specification.swept.map(\.value) + [state]
    })
  print(table: table.lines(width: Terminal.results.width), more: "--json prints all columns")
  let counts = RunState.allCases.map(\.rawValue).compactMap { state in
    let count = states.count { $0 == state }
    return count == 0 ? nil : "\(count) \(state)"
  }
  printError("\(Format.count(runs.count, "run")): \(counts.joined(separator: ", "))")
}

/// A run's identity in JSON.
func members(of run: PlannedRun) -> [(key: String, value: JSONValue)] {
  [
    ("run_id", .string(run.id)), ("seed", .unsigned(run.specification.seed)),
    ("swept", .object(run.specification.swept.map { ($0.key, JSONValue(field: $0.value)) })),
  ]
}
