import ArgumentParser
import Foundation
import HDF5

/// What the program starts itself as, to read HDF5 files: a damaged one can crash the C library.
struct ReadHDF5: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "read-hdf5", shouldDisplay: false)

  func run() { HDF5ReaderService.run() }

  /// Has all HDF5 files read this way from now on.
  static func use() {
    #if os(Linux)
      // Still this program after a rebuild.
      let program = "/proc/self/exe"
    #else
      let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
    HDF5File.readerProgram = (program, [configuration.commandName ?? "read-hdf5"])
  }
}
