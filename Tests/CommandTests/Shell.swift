import Foundation

/// The program in a shell, for what only a shell can give it: closed files, full devices, limits. `snnexp` is a function
/// there.
enum Shell {
  /// Runs a script in a folder; its output and the program's errors together.
  static func run(_ script: String, in folder: Folder) throws -> (status: Int32, out: String) {
    try run([
      "/usr/bin/env", "-C", folder.path, "bash", "-c",
      // A program that hangs is a failure, not a test run without end.
      "snnexp() { timeout -s KILL 100 '\(Program.path)' \"$@\"; }\n" + script,
    ])
  }

  /// Runs a command; its output and its errors together.
  static func run(_ command: [String]) throws -> (status: Int32, out: String) {
    let streams = try Folder()
    let process = try RunningProgram(command, out: streams.path + "/out", err: streams.path + "/out")
    process.waitUntilExit(limit: 300)
    return (process.terminationStatus, String(decoding: try streams.contents("out"), as: UTF8.self))
  }
}

/// Experiments that train in a moment.
enum Small {
  /// Two sweep points of two seeds, with a validation set.
  static let sweep = """
    experiment: sweep
    seeds: [0, 1]
    data:
      source: synthetic
      synthetic: {train_samples: 60, test_samples: 30}
      time_bins: 40
      validation: {fraction: 0.2}
    network: {hidden: 16}
    training: {epochs: 2, batch_size: 20}
    record: {samples: 1}
    sweep: {grid: {network.tau_mem: [10 ms, 5 ms]}}

    """
}
