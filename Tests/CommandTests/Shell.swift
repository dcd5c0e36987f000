import Foundation

/// Runs the program in a shell, for what only a shell can provide: closed files, full devices, limits. `snnexp` is a
/// function there.
enum Shell {
  /// Runs a script in a folder; returns output and errors together.
  static func run(_ script: String, in folder: Folder) throws -> (status: Int32, out: String) {
    try run([
      "/usr/bin/env", "-C", folder.path, "bash", "-c",
      // A hang is a failure, not an endless test run.
      "snnexp() { timeout -s KILL 100 '\(Program.path)' \"$@\"; }\n" + script,
    ])
  }

  /// Runs a command; returns output and errors together.
  static func run(_ command: [String]) throws -> (status: Int32, out: String) {
    let streams = try Folder()
    let process = try RunningProgram(command, out: streams.path + "/out", err: streams.path + "/out")
    process.waitUntilExit(limit: 300)
    return (process.terminationStatus, String(decoding: try streams.contents("out"), as: UTF8.self))
  }
}
