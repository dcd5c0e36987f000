import Files
import Foundation
import MonotonicClock

/// Asks git whether a checkout's files match its commit, without running anything but git.
///
/// git gets a temporary git folder made for this query: the commit, a copy of the index, the location of the objects,
/// and our own configuration. The configuration, hooks and submodules of the repository, the user and the system are
/// not read; without them, filters named in `.gitattributes` have no command.
struct GitStatus {
  private let checkout: GitCheckout

  init(_ checkout: GitCheckout) { self.checkout = checkout }

  /// Time limit for git, in seconds.
  private static let patience = 5.0

  /// nil if unknown.
  func isDirty() -> Bool? {
    guard let git = Self.program, !checkout.commonFolder.contains("\n"),
      let folder = Self.makeFolder()
    else { return nil }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard (try? prepare(folder)) != nil else { return nil }
    let answer = folder + "/answer"
    let arguments =
      [git, "--git-dir=" + folder, "--work-tree=" + checkout.root, "--no-pager", "--no-optional-locks"]
      + ["status", "--porcelain", "-z", "--ignore-submodules=all", "--untracked-files=normal", "--no-renames"]
    guard Self.run(arguments, output: answer), let file = try? RegularFile(answer) else { return nil }
    return file.size > 0
  }

  /// Candidates on the user's PATH, absolute folders only.
  private static var program: String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { $0 + "/git" }
      .first { access($0, X_OK) == 0 }
  }

  /// Accessible to this user only.
  private static func makeFolder() -> String? {
    var name = Array((NSTemporaryDirectory() as NSString).appendingPathComponent("snnexp-git-XXXXXX").utf8CString)
    guard mkdtemp(&name) != nil else { return nil }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func prepare(_ folder: String) throws {
    for name in ["objects/info", "refs", "info"] { try AtomicFile.createFolder(folder + "/" + name) }
    try AtomicFile.write(checkout.commit + "\n", to: folder + "/HEAD")
    try AtomicFile.write(checkout.commonFolder + "/objects\n", to: folder + "/objects/info/alternates")
    let isSHA256 = checkout.commit.utf8.count == 64
    try AtomicFile.write(
      """
      [core]
      \trepositoryformatversion = \(isSHA256 ? 1 : 0)
      \tbare = false
      \tfsmonitor = false
      \thooksPath = /dev/null

      """ + (isSHA256 ? "[extensions]\n\tobjectformat = sha256\n" : ""), to: folder + "/config")
    // Contains only patterns of ignored files.
    if let bytes = try? RegularFile.contents(of: checkout.commonFolder + "/info/exclude", limit: 1 << 20) {
      try AtomicFile.write(bytes, to: folder + "/info/exclude")
    }
    // git works without an index.
    guard let index = try? RegularFile(checkout.gitFolder + "/index") else { return }
    try AtomicFile.write(try index.contents(limit: 1 << 30), to: folder + "/index")
    // Files as new as the index are compared byte by byte, so the copy must keep the original's modification time.
    var status = stat()
    guard fstat(index.descriptor, &status) == 0 else { return }
    #if os(macOS)
      let times = [status.st_atimespec, status.st_mtimespec]
    #else
      let times = [status.st_atim, status.st_mtim]
    #endif
    utimensat(AT_FDCWD, folder + "/index", times, 0)
  }

  /// Runs git with our own environment.
  /// - Returns: whether it succeeded within the time limit.
  private static func run(_ arguments: [String], output: String) -> Bool {
    let inherited = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
    let environment = inherited.merging([
      "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1",
      "GIT_ALLOW_PROTOCOL": "none",
    ]) { $1 }
    func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] { strings.map { strdup($0) } + [nil] }
    let (argv, envp) = (cStrings(arguments), cStrings(environment.map { "\($0)=\($1)" }))
    defer { for pointer in argv + envp { free(pointer) } }
    #if os(macOS)
      var files: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var files = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&files)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&files)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    // Signals ignored here would be ignored there too.
    var ours = sigset_t()
    sigemptyset(&ours)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&ours, number) }
    posix_spawnattr_setsigdefault(&attributes, &ours)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var child: pid_t = 0
    guard posix_spawn(&child, arguments[0], &files, &attributes, argv, envp) == 0 else { return false }
    let start = now()
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child { return status == 0 }
      guard ended == 0 || errno == EINTR else { return false }
      if now() - start > patience { kill(child, SIGKILL) }
      usleep(2000)
    }
  }
}
