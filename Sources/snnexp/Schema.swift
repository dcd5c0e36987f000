import ArgumentParser
import Experiments

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of experiment files, for editors.",
    discussion: examples("snnexp schema > experiment.schema.json"))
  @Flag(help: "Print the keys as a Markdown page instead: docs/keys.md.") var markdown = false

  func run() { print(markdown ? KeyReference.markdown : ExperimentSchema.json, terminator: markdown ? "" : "\n") }
}
