import ArgumentParser
import Experiments

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the runs of an experiment and their states.")
  @OptionGroup var experiment: ExperimentArguments
  @Option(name: [.customShort("o"), .long], help: "Folder of the results.") var results = "results"

  func run() throws {
    let loaded = try experiment.load()
    let plan = try orExit { try RunPlan(experiment: loaded, resultsFolder: results) }
    print(
      table(
        [["run", "seed"] + loaded.sweptKeys + ["state"]]
          + plan.runs.map { run in
            [run.id, "\(run.specification.seed)"] + run.specification.swept.map(\.value) + [run.state.rawValue]
          }))
  }
}
