import ArgumentParser
import Foundation
import HDF5

/// The program starts itself in this mode to read HDF5 files, since a damaged one can crash the C library.
struct ReadHDF5: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "read-hdf5", shouldDisplay: false)

  func run() { HDF5ReaderService.run() }

  /// Makes all HDF5 files be read this way from now on.
  static func use() {
    #if os(Linux)
      // Refers to this program even after a rebuild.
      let program = "/proc/self/exe"
    #else
      let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
    HDF5File.readerProgram = (program, [configuration.commandName ?? "read-hdf5"])
  }
}
