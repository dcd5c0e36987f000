import ChildProcess
import Foundation

/// The gnuplot program, as found on PATH.
struct Gnuplot {
  let path: String
  /// After so many seconds a drawing is given up.
  let mostSeconds: Double
  /// Asked while gnuplot draws; it is ended then.
  let shouldStop: @Sendable () -> Bool

  /// The ending of a picture that is being drawn.
  static let unfinished = "unfinished"

  /// Why there are no pictures without it.
  static let missing = "gnuplot is not on PATH; only the script was written"

  /// More of a message says nothing more.
  private static let mostBytes = 4000

  /// nil if no folder of PATH has an executable `gnuplot`.
  init?(
    searchPath: String?, mostSeconds: Double = 60, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.mostSeconds = mostSeconds
    self.shouldStop = shouldStop
    let folders = (searchPath ?? "").split(separator: ":").map(String.init)
    guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/gnuplot") }) else {
      return nil
    }
    path = folder + "/gnuplot"
  }

  /// Runs a script. Returns gnuplot's message if it failed, nil if not.
  ///
  /// - Parameter script: an absolute path: gnuplot takes a name that begins with `<` for a command.
  func run(script: String, terminal: PlotTerminal) -> String? {
    precondition(script.hasPrefix("/"))
    // Default settings: no init file is run, whether the user's or one in the current folder.
    let settings = "term=\"\(terminal.rawValue)\"; ending=\"\(Self.unfinished)\""
    let environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("GNUPLOT") && !["GNUTERM", "GNUHELP"].contains($0.key)
    }
    let outcome = ChildProcess.run(
      path, ["-d", "-e", settings, script], environment: environment, collecting: [1, 2], mostBytes: Self.mostBytes,
      mostSeconds: mostSeconds, shouldStop: shouldStop)
    switch outcome {
    case .notStarted: return "\(path) cannot be started"
    case .killed where shouldStop(): return "interrupted"
    case .killed: return "gnuplot was ended since it had not finished after \(Script.number(mostSeconds)) seconds"
    case .ended(nil, _), .ended(0, _): return nil
    case .ended(let status?, let output):
      let message = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      // The low bits are the signal, the next ones the exit code.
      return message.isEmpty
        ? "gnuplot ended with " + (status & 0x7f == 0 ? "status \(status >> 8)" : "signal \(status & 0x7f)") : message
    }
  }
}
