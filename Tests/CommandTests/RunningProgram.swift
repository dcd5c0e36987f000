import Foundation

/// A process started by a test.
///
/// Not Foundation's `Process`, which crashes now and then where several threads start processes at once, as tests do.
final class RunningProgram {
  struct Failure: Error { var number: Int32 }

  let processIdentifier: pid_t
  /// The exit code; negative: the signal that ended it. After `waitUntilExit`.
  private(set) var terminationStatus: Int32 = 0
  /// CPU time of the process and the children it waited for.
  private(set) var seconds = 0.0
  /// Peak memory of the process or any of its children, if waited for with `measuring`.
  private(set) var mebibytes = 0

  /// - Parameters:
  ///   - command: the path of a program, and its arguments.
  ///   - environment: changes to the test's own environment.
  ///   - out, err: files to be written, which may be the same.
  init(
    _ command: [String], environment: [String: String] = [:], out: String = "/dev/null", err: String = "/dev/null"
  ) throws {
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    if err == out {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    // Threads of tests may block signals, which would be inherited.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let words = command.map { strdup($0) } + [nil]
    let settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for copy in words + settings { free(copy) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, command[0], &actions, &attributes, words, settings)
    guard error == 0 else { throw Failure(number: error) }
    processIdentifier = process
  }

  func interrupt() { kill(processIdentifier, SIGINT) }

  /// - Parameters:
  ///   - limit: seconds after which it is killed, so that a hang is a failure and not an endless test run.
  ///   - measuring: whether its memory is sampled continuously.
  func waitUntilExit(limit: Double = 120, measuring: Bool = false) {
    let watchdog = DispatchWorkItem { [processIdentifier] in kill(processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: watchdog)
    defer { watchdog.cancel() }
    var (status, usage): (Int32, rusage) = (0, rusage())
    while true {
      #if os(Linux)
        // The system's own peak value is not used: it includes memory of the parent process at the start.
        let ended = wait4(processIdentifier, &status, measuring ? WNOHANG : 0, &usage)
        if ended == 0 {
          // Only after a delay: at first, a new process still has its parent's memory.
          usleep(2000)
          mebibytes = max(mebibytes, Self.peak(of: processIdentifier) >> 10)
        }
      #else
        let ended = wait4(processIdentifier, &status, 0, &usage)
        mebibytes = usage.ru_maxrss >> 20
      #endif
      if ended == processIdentifier || (ended < 0 && errno != EINTR) { break }
    }
    terminationStatus = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    self.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  #if os(Linux)
    /// The first 64 KiB of a file of the system; empty if it is gone. Foundation's way leaks memory with such files, which
    /// adds up at hundreds a second.
    private static func text(_ path: String) -> String {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return "" }
      defer { close(file) }
      let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { $1 = max(0, read(file, $0.baseAddress, $0.count)) }
      return String(decoding: bytes, as: UTF8.self)
    }

    /// Peak memory so far, in KiB, of a process or any it started.
    private static func peak(of process: pid_t) -> Int {
      let folder = "/proc/\(process)"
      let status = text(folder + "/status")
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let own = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      let tasks = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/task")) ?? []
      let children = tasks.flatMap { task in
        text("\(folder)/task/\(task)/children").split(separator: " ")
      }
      return children.compactMap { pid_t($0) }.reduce(own) { max($0, peak(of: $1)) }
    }
  #endif
}
