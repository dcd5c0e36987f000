import ArgumentParser
import Experiments

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the resolved configuration, every default written out, as YAML that run accepts.",
    discussion: "Of a sweep, that of the first run.")
  @OptionGroup var experiment: ExperimentArguments

  func run() throws {
    let loaded = try experiment.load()
    if let first = loaded.runs.first {
      print(first.yaml(name: loaded.name, description: loaded.description), terminator: "")
    }
  }
}
