import Foundation

/// The gnuplot program, as found on PATH.
struct Gnuplot {
  let path: String
  /// After so many seconds a drawing is given up.
  let mostSeconds: Double

  /// Why there are no pictures without it.
  static let missing = "gnuplot is not on PATH; only the script was written"

  /// More of a message says nothing more.
  private static let mostBytes = 4000

  /// nil if no folder of PATH has an executable `gnuplot`.
  init?(searchPath: String?, mostSeconds: Double = 60) {
    self.mostSeconds = mostSeconds
    let folders = (searchPath ?? "").split(separator: ":").map(String.init)
    guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/gnuplot") }) else {
      return nil
    }
    path = folder + "/gnuplot"
  }

  /// Runs a script. Returns gnuplot's message if it failed, nil if not.
  ///
  /// - Parameter script: an absolute path: gnuplot takes a name that begins with `<` for a command.
  func run(script: String, terminal: PlotTerminal) throws -> String? {
    precondition(script.hasPrefix("/"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    // Default settings: no init file is run, whether the user's or one in the current folder.
    process.arguments = ["-d", "-e", "term=\"\(terminal.rawValue)\"", script]
    process.environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("GNUPLOT") && !["GNUTERM", "GNUHELP"].contains($0.key)
    }
    let output = Pipe()
    // One pipe for both streams: with two, a full one could block gnuplot for ever.
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      return "\(path) cannot be started"
    }
    let message = read(output.fileHandleForReading.fileDescriptor, of: process)
    guard let message else {
      return "gnuplot was ended since it had not finished after \(Script.number(mostSeconds)) seconds"
    }
    process.waitUntilExit()
    guard process.terminationReason != .exit || process.terminationStatus != 0 else { return nil }
    let trimmed = message.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? "gnuplot ended with status \(process.terminationStatus)" : trimmed
  }

  /// All that a process says until it ends; nil if it had to be ended.
  private func read(_ descriptor: Int32, of process: Process) -> String? {
    let clock = ContinuousClock(), deadline = clock.now + .seconds(mostSeconds)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    var waits = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let isRunning = process.isRunning
      if poll(&waits, 1, 50) > 0 {
        let count = Foundation.read(descriptor, &piece, piece.count)
        if count == 0 || count < 0 && errno != EINTR { break }
        bytes += piece.prefix(max(0, min(count, Self.mostBytes - bytes.count)))
      } else if !isRunning {
        break  // the pipe is held open by somebody else
      }
      if clock.now > deadline { return end(process) }
    }
    // A process may close its streams and go on.
    while process.isRunning {
      if clock.now > deadline { return end(process) }
      usleep(1000)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func end(_ process: Process) -> String? {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return nil
  }
}
