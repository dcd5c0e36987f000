import ArgumentParser
import Experiments

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the resolved configuration with every default, as YAML that run accepts.",
    discussion: examples(
      "snnexp config experiments/quickstart.yaml", "snnexp config experiments/quickstart.yaml network.tau_mem=5ms",
      after: "Seeds and sweep are kept: the output describes the same runs."))
  @OptionGroup var experiment: ExperimentArguments

  func run() throws {
    print(try experiment.load().yaml, terminator: "")
  }
}
