import ArgumentParser
import Experiments

/// The command line; one file a subcommand.
@main struct Snnexp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snnexp",
    abstract: "Trains spiking neural networks from YAML experiment files.",
    discussion: "Start with: snnexp run experiments/quickstart.yaml",
    version: SnnexpVersion.current,
    subcommands: [
      Run.self, Check.self, Plan.self, Config.self, Status.self, Logs.self, Table.self, Best.self, Plot.self, Eval.self,
      DataCommand.self, Bench.self, Schema.self, ReadHDF5.self,
    ])

  static func main() {
    ReadHDF5.use()
    main(nil)
  }
}
