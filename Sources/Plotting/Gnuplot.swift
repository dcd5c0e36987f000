import Foundation

/// The gnuplot program, as found on PATH.
struct Gnuplot {
  let path: String

  /// nil if no folder of PATH has an executable `gnuplot`.
  init?(searchPath: String?) {
    let folders = (searchPath ?? "").split(separator: ":").map(String.init)
    guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/gnuplot") }) else {
      return nil
    }
    path = folder + "/gnuplot"
  }

  /// Runs a script. Returns gnuplot's message if it failed, nil if not.
  func run(script: String, terminal: PlotTerminal) throws -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-e", "term=\"\(terminal.rawValue)\"", script]
    let output = Pipe()
    // One pipe for both streams, read to the end before waiting: with two, a full one could block gnuplot for ever.
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let message = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationReason != .exit || process.terminationStatus != 0 else { return nil }
    let trimmed = message.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? "gnuplot ended with status \(process.terminationStatus)" : trimmed
  }
}
