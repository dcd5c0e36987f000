import Foundation
import MonotonicClock

/// Runs other programs to their end.
public enum ChildProcess {
  /// How a program ended.
  public enum Outcome: Equatable, Sendable {
    case notStarted
    /// By itself. `status` is that of `waitpid`; nil if the system does not tell, since SIGCHLD is ignored.
    case ended(status: Int32?, output: [UInt8])
    /// It was killed, since it took too long or was to stop.
    case killed
  }

  /// Runs a program without input, in a process group of its own, which can be killed as a whole.
  ///
  /// Signals that are ignored or blocked here are not so there.
  ///
  /// - Parameters:
  ///   - path: the program's file.
  ///   - arguments: without the program's name.
  ///   - environment: all of it.
  ///   - streams: the output streams to collect, 1 and 2; others are discarded. They share one pipe: with two, a full
  ///     one could block the program for ever.
  ///   - mostBytes: the output beyond is discarded.
  ///   - mostSeconds: the time after which the program is killed.
  ///   - shouldStop: asked while it runs; it is killed then.
  public static func run(
    _ path: String, _ arguments: [String], environment: [String: String], collecting streams: [Int32], mostBytes: Int,
    mostSeconds: Double, shouldStop: () -> Bool = { false }
  ) -> Outcome {
    guard let (child, output) = start(path, arguments, environment, streams) else { return .notStarted }
    defer { close(output) }
    let deadline = now() + mostSeconds
    var bytes: [UInt8] = [], piece = [UInt8](repeating: 0, count: 4096)
    var status: Int32 = 0
    var found: pid_t = 0
    var isOpen = true
    while found == 0 {
      found = waitpid(child, &status, WNOHANG)
      // What is in the pipe; nothing more comes from a child that has ended, whoever holds the pipe open.
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      while isOpen && poll(&waiting, 1, found == 0 ? 20 : 0) > 0 && now() < deadline {
        let count = read(output, &piece, piece.count)
        if count <= 0 {
          isOpen = count < 0 && errno == EINTR
        } else {
          bytes += piece.prefix(max(0, min(count, mostBytes - bytes.count)))
        }
      }
      if !isOpen && found == 0 { usleep(1000) }
      if found == 0 && (now() > deadline || shouldStop()) {
        kill(-child, SIGKILL)
        waitpid(child, &status, 0)
        return .killed
      }
    }
    return .ended(status: found == child ? status : nil, output: bytes)
  }

  /// The process, and the end of the pipe to read its output from.
  private static func start(
    _ path: String, _ arguments: [String], _ environment: [String: String], _ streams: [Int32]
  ) -> (child: pid_t, output: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    #if os(macOS)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for stream: Int32 in [1, 2] {
      if streams.contains(stream) {
        posix_spawn_file_actions_adddup2(&actions, ends[1], stream)
      } else {
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
      }
    }
    var (none, ours) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&ours)
    for signal in [SIGPIPE, SIGXFSZ] { sigaddset(&ours, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &ours)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    let words = ([path] + arguments).map { strdup($0) }, variables = environment.map { strdup("\($0.key)=\($0.value)") }
    defer { for text in words + variables { free(text) } }
    var child: pid_t = 0
    guard posix_spawn(&child, path, &actions, &attributes, words + [nil], variables + [nil]) == 0 else {
      close(ends[0])
      return nil
    }
    return (child, ends[0])
  }
}
