import ArgumentParser
import Experiments

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the resolved configuration, every default written out, as YAML that run accepts.",
    discussion: "Seeds and sweep stay: it is a file of the same runs.")
  @OptionGroup var experiment: ExperimentArguments

  func run() throws {
    print(try experiment.load().yaml, terminator: "")
  }
}
