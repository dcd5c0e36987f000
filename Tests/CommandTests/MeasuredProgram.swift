import Foundation

/// The built program, run on real files, with what it took: its own and that of the processes it started.
enum MeasuredProgram {
  struct Output {
    /// The exit code; negative: the signal that ended it.
    var status: Int32
    var out: String
    var err: String
    /// Computing time.
    var seconds: Double
    /// The most memory of any of its processes.
    var mebibytes: Int

    /// Whether its messages hold nothing that steers a terminal.
    var isPlain: Bool {
      (out + err).unicodeScalars.allSatisfy {
        $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value)
      }
    }

    /// What is not as it must be after any file, sound or not, was read.
    var problems: [String] {
      var problems: [String] = []
      if status != 0 && status != 2 { problems.append("status \(status)") }
      if seconds >= 10 { problems.append("took \(seconds) s") }
      if mebibytes >= 1024 { problems.append("took \(mebibytes) MiB") }
      if !isPlain { problems.append("control characters in messages") }
      return problems
    }
  }

  private struct Failure: Error { var number: Int32 }

  /// - Parameter prefix: a program that runs the program, with its arguments.
  static func run(_ arguments: [String], prefix: [String] = []) throws -> Output {
    let folder = try Folder()
    let (out, err) = (folder.path + "/out", folder.path + "/err")
    let command = prefix + [Program.path] + arguments
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT, 0o600)
    let words = command.map { strdup($0) } + [nil]
    let environment = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for copy in words + environment { free(copy) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, command[0], &actions, nil, words, environment)
    guard error == 0 else { throw Failure(number: error) }
    let id = process
    let watchdog = DispatchWorkItem { kill(id, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
    var (status, usage): (Int32, rusage) = (0, rusage())
    var kibibytes = 0
    while true {
      #if os(Linux)
        // Not the system's account at the end: it begins with the memory of the process that started this one.
        kibibytes = max(kibibytes, peak(of: process))
        let ended = wait4(process, &status, WNOHANG, &usage)
        if ended == 0 { usleep(2000) }
      #else
        let ended = wait4(process, &status, 0, &usage)
      #endif
      if ended == process { break }
      guard ended >= 0 || errno == EINTR else { throw Failure(number: errno) }
    }
    watchdog.cancel()
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    #if os(Linux)
      let mebibytes = kibibytes >> 10
    #else
      let mebibytes = usage.ru_maxrss >> 20
    #endif
    return Output(
      status: status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f),
      out: try String(contentsOfFile: out, encoding: .utf8), err: try String(contentsOfFile: err, encoding: .utf8),
      seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), mebibytes: mebibytes)
  }

  #if os(Linux)
    /// The most memory, in KiB, that a process or one that it started has had so far.
    private static func peak(of process: pid_t) -> Int {
      let folder = "/proc/\(process)"
      let status = (try? String(contentsOfFile: folder + "/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let own = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      let tasks = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/task")) ?? []
      let children = tasks.flatMap { task in
        ((try? String(contentsOfFile: "\(folder)/task/\(task)/children", encoding: .utf8)) ?? "").split(separator: " ")
      }
      return children.compactMap { pid_t($0) }.reduce(own) { max($0, peak(of: $1)) }
    }
  #endif
}
