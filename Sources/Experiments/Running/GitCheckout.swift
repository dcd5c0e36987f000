import Files
import Foundation

/// The git checkout that contains a folder: its commit, and whether its files match the commit.
///
/// The configuration of an untrusted repository can name commands that git runs even for `git status` (a file system
/// monitor, filters, hooks, also in submodules). So the commit is read directly from the repository's files, and git
/// itself sees them only through a folder with our own configuration (`GitStatus`).
struct GitCheckout {
  /// 40 or 64 hexadecimal digits.
  let commit: String
  /// The folder with the files.
  let root: String
  /// Private to this checkout: HEAD and the index.
  let gitFolder: String
  /// Shared with the repository's other checkouts: objects and branches.
  let commonFolder: String

  /// nil outside a repository, and before the first commit.
  init?(containing folder: String) {
    guard let start = Self.realPath(folder.isEmpty ? "." : folder) else { return nil }
    var place = start
    while true {
      if let found = Self.gitFolder(of: place) {
        (root, gitFolder) = (place, found)
        break
      }
      guard place != "/" else { return nil }
      place = (place as NSString).deletingLastPathComponent
    }
    var common = gitFolder
    if let name = Self.line(of: gitFolder + "/commondir") { common = Self.path(name, from: gitFolder) }
    guard let commonFolder = Self.realPath(common),
      let commit = Self.commit(gitFolder: gitFolder, commonFolder: commonFolder)
    else { return nil }
    (self.commonFolder, self.commit) = (commonFolder, commit)
  }

  /// Whether files differ from the commit, or are neither in it nor ignored; nil if unknown.
  func isDirty() -> Bool? { GitStatus(self).isDirty() }

  // MARK: Files of a repository

  /// The git folder of the checkout whose files are in `folder`; nil if there is none.
  private static func gitFolder(of folder: String) -> String? {
    let path = folder + "/.git"
    if let found = realPath(path), isFile(found + "/HEAD") { return found }
    // In a linked worktree or a submodule, a file that names the folder.
    guard let text = line(of: path), text.hasPrefix("gitdir: ") else { return nil }
    guard let found = realPath(Self.path(String(text.dropFirst(8)), from: folder)), isFile(found + "/HEAD") else {
      return nil
    }
    return found
  }

  private static func commit(gitFolder: String, commonFolder: String) -> String? {
    guard var text = line(of: gitFolder + "/HEAD") else { return nil }
    // A chain of symbolic references may be circular.
    for _ in 0..<5 {
      guard text.hasPrefix("ref: ") else { return isCommit(text) ? text : nil }
      let name = String(text.dropFirst(5)).trimmingCharacters(in: .whitespaces)
      guard isReference(name) else { return nil }
      if let loose = line(of: "\(gitFolder)/\(name)") ?? line(of: "\(commonFolder)/\(name)") {
        text = loose
      } else {
        return packed(name, in: commonFolder)
      }
    }
    return nil
  }

  private static func packed(_ name: String, in folder: String) -> String? {
    guard let bytes = try? RegularFile.contents(of: folder + "/packed-refs", limit: 64 << 20) else { return nil }
    let end = Array(" \(name)".utf8)
    for line in bytes.split(separator: 10) where line.count > end.count && line.suffix(end.count).elementsEqual(end) {
      let commit = String(decoding: line.dropLast(end.count), as: UTF8.self)
      return isCommit(commit) ? commit : nil
    }
    return nil
  }

  private static func isCommit(_ text: String) -> Bool {
    [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// Whether a name stays within the folder of references.
  private static func isReference(_ name: String) -> Bool {
    name.hasPrefix("refs/")
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
      && !name.utf8.contains { $0 < 0x20 || $0 == 0x7f }
  }

  /// The first line of a small file.
  private static func line(of path: String) -> String? {
    guard let text = try? RegularFile.text(of: path, limit: 4096) else { return nil }
    return text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).first
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func path(_ text: String, from folder: String) -> String {
    text.hasPrefix("/") ? text : folder + "/" + text
  }

  private static func isFile(_ path: String) -> Bool { (try? RegularFile(path)) != nil }

  /// With symbolic links resolved; nil if there is no such file.
  private static func realPath(_ path: String) -> String? {
    guard !path.utf8.contains(0), let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
