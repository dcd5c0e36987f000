import Foundation

/// The built program with what it took: bounds that every input must keep.
enum MeasuredProgram {
  struct Outcome {
    /// The exit code; negative: the signal that ended it.
    var status: Int32
    var err: [UInt8]
    var seconds: Double
    /// The most memory that was resident.
    var peakBytes: Int

    /// What is not as it must be after reading a bad or good file.
    var problems: [String] {
      var problems: [String] = []
      if status != 0 && status != 2 { problems.append("status \(status)") }
      if seconds >= MeasuredProgram.seconds { problems.append("took \(seconds) s") }
      if peakBytes >= 1 << 30 { problems.append("took \(peakBytes >> 20) MiB") }
      let text = String(decoding: err, as: UTF8.self).unicodeScalars
      if text.contains(where: { ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value) }) {
        problems.append("control characters in messages")
      }
      return problems
    }
  }

  static let seconds = 10.0

  /// Runs with stdout and stderr in files of `folder`, which is the working directory too.
  static func run(_ arguments: [String], folder: String) throws -> Outcome {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (descriptor, name) in [(Int32(1), "out"), (2, "err")] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, folder + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    // `env` changes the folder and becomes the program.
    let words = (["env", "-C", folder, Program.path] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var process = pid_t()
    let start = ContinuousClock.now
    let error = posix_spawn(&process, "/usr/bin/env", &actions, nil, words + [nil], environ)
    guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EINVAL) }
    let watchdog = DispatchWorkItem { [process] in kill(process, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
    var (status, usage) = (Int32(), rusage())
    while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
    watchdog.cancel()
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xFF : -signal,
      err: [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/err"))),
      seconds: (ContinuousClock.now - start) / .seconds(1), peakBytes: Int(usage.ru_maxrss) << 10)
  }
}
