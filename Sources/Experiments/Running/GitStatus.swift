import ChildProcess
import Files
import Foundation

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
    let arguments =
      ["--git-dir=" + folder, "--work-tree=" + checkout.root, "--no-pager", "--no-optional-locks"]
      + ["status", "--porcelain", "-z", "--ignore-submodules=all", "--untracked-files=normal", "--no-renames"]
    let outcome = ChildProcess.run(
      git, arguments, environment: Self.environment, collecting: [1], mostBytes: 1, mostSeconds: Self.patience)
    guard case .ended(0, let output) = outcome else { return nil }
    return !output.isEmpty
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

  /// All that git sees of the environment.
  private static var environment: [String: String] {
    ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }.merging([
      "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1",
      "GIT_ALLOW_PROTOCOL": "none",
    ]) { $1 }
  }
}
