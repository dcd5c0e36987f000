import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Get data sets, look at data files, convert them.",
    subcommands: [DataFetch.self, DataInfo.self, DataPlot.self, DataConvert.self, DataCache.self])
}
