import ArgumentParser
import Experiments

/// Which runs of an experiment a command is about.
struct ChoiceArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only runs with this value of a swept key (tau_mem=5ms), or whose id matches a pattern.", valueName: "glob"))
  var only: String?
  @Option(help: ArgumentHelp("Only shard i of N of the runs.", valueName: "i/N")) var shard: String?

  func validate() throws {
    if let shard, Shard(shard) == nil { throw ValidationError("--shard takes i/N with i from 1 to N, such as 2/4") }
  }

  var choice: RunChoice { RunChoice(only: only, shard: shard.flatMap { Shard($0) }) }
}
