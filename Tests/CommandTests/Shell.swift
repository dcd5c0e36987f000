import Foundation

/// The program in a shell, for what only a shell can give it: closed files, full devices, limits. `snnexp` is a function
/// there.
enum Shell {
  /// Runs a script in a folder; its output and the program's errors together.
  static func run(_ script: String, in folder: Folder) throws -> (status: Int32, out: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    // A program that hangs is a failure, not a test run without end.
    process.arguments = ["-c", "snnexp() { timeout -s KILL 100 '\(Program.path)' \"$@\"; }\n" + script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
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
