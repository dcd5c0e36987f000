import ArgumentParser
import Experiments

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the JSON Schema of experiment files, for editors.")

  func run() { print(ExperimentSchema.json) }
}
