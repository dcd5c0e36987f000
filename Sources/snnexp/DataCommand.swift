import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Get data sets, look at spike files.", subcommands: [DataFetch.self, DataInfo.self])
}
