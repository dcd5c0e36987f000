import ArgumentParser
import SpikeData

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look at spike files.", subcommands: [Info.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print what is in a spike file, and anything odd.")
    @Argument(help: "HDF5 file in SHD's layout.") var file: String

    func run() throws { print(try orExit { try SpikeFile.inspect(path: file) }) }
  }
}
