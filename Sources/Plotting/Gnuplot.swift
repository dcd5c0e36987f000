import Foundation
import MonotonicClock

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
    guard let (child, output) = start(["-d", "-e", settings, script]) else {
      return "\(path) cannot be started"
    }
    defer { close(output) }
    guard let (status, message) = wait(for: child, output: output) else {
      if shouldStop() { return "interrupted" }
      return "gnuplot was ended since it had not finished after \(Script.number(mostSeconds)) seconds"
    }
    guard status != 0 else { return nil }
    let trimmed = message.trimmingCharacters(in: .whitespacesAndNewlines)
    // The low bits are the signal, the next ones the exit code.
    return trimmed.isEmpty
      ? "gnuplot ended with " + (status & 0x7f == 0 ? "status \(status >> 8)" : "signal \(status & 0x7f)") : trimmed
  }

  /// Starts gnuplot in a group of its own, which can be ended as a whole. Both streams go into one pipe: with two, a
  /// full one could block gnuplot for ever.
  private func start(_ arguments: [String]) -> (child: pid_t, output: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t(), noSignals = sigset_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for stream: Int32 in [1, 2] { posix_spawn_file_actions_adddup2(&actions, ends[1], stream) }
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
    let environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("GNUPLOT") && !["GNUTERM", "GNUHELP"].contains($0.key)
    }
    let words = ([path] + arguments).map { strdup($0) }, variables = environment.map { strdup("\($0.key)=\($0.value)") }
    defer { for text in words + variables { free(text) } }
    var child: pid_t = 0
    guard posix_spawn(&child, path, &actions, &attributes, words + [nil], variables + [nil]) == 0 else {
      close(ends[0])
      return nil
    }
    return (child, ends[0])
  }

  /// The status of a child and what it said; nil if it had to be ended.
  private func wait(for child: pid_t, output: Int32) -> (status: Int32, message: String)? {
    let deadline = now() + mostSeconds
    var bytes: [UInt8] = [], piece = [UInt8](repeating: 0, count: 4096)
    var status: Int32 = 0
    var hasEnded = false, isOpen = true
    while !hasEnded {
      hasEnded = waitpid(child, &status, WNOHANG) != 0
      // What is in the pipe; nothing more comes from a child that has ended, whoever holds the pipe open.
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      while isOpen && poll(&waiting, 1, hasEnded ? 0 : 20) > 0 && now() < deadline {
        let count = read(output, &piece, piece.count)
        if count <= 0 {
          isOpen = count < 0 && errno == EINTR
        } else {
          bytes += piece.prefix(max(0, min(count, Self.mostBytes - bytes.count)))
        }
      }
      if !isOpen && !hasEnded { usleep(1000) }
      if !hasEnded && (now() > deadline || shouldStop()) {
        kill(-child, SIGKILL)
        waitpid(child, &status, 0)
        return nil
      }
    }
    return (status, String(decoding: bytes, as: UTF8.self))
  }
}
