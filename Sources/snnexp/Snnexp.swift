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
    Output.prepare()
    ReadHDF5.use()
    do {
      var command = try parseAsRoot()
      try command.run()
      Output.exit(.success)
    } catch {
      let (text, code) = (fullMessage(for: error), exitCode(for: error))
      if !text.isEmpty { code == .success ? print(text) : printError(text) }
      Output.exit(code)
    }
  }
}
