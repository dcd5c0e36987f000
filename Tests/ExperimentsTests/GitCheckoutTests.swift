import Experiments
import Foundation
import TestSupport
import Testing

/// A repository created by git itself, in a folder with a space in its name.
private final class Repository {
  private let folder: Folder
  var path: String { folder.path }

  init() throws {
    folder = try Folder()
    try FileManager.default.createDirectory(atPath: path + "/main/experiments", withIntermediateDirectories: true)
    try shell("git init -q . && echo a >a && echo b >experiments/e.yaml && git add -A && git commit -q -m one")
  }

  /// Runs in the folder `main`, without the user's own configuration.
  @discardableResult func shell(_ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.currentDirectoryURL = URL(fileURLWithPath: path + "/main")
    process.environment = ProcessInfo.processInfo.environment.merging([
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
      "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
    ]) { $1 }
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(script)")
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func host(_ folder: String = "main") -> HostDescription { .current(folder: path + "/" + folder) }
}

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/git"), "git is not installed"))
struct GitCheckoutTests {
  /// Changes to a repository with one commit; commit and dirty flag must match git's answer afterwards.
  @Test(arguments: [
    "true", "echo changed >a", "echo new >c", "echo new >c; echo c >.git/info/exclude", "echo x >a; git add a",
    "rm a", "git rm -q a", "chmod +x a", "git mv a d", "git pack-refs --all", "git gc -q", "git checkout -q --detach",
    "git checkout -q -b other/branch; echo z >z; git add z; git commit -q -m two", "git symbolic-ref refs/heads/x HEAD",
    "mkdir -p sub/deep; echo c >sub/deep/c", "echo '*.log' >.gitignore; git add -A; git commit -q -m i; echo >x.log",
    "touch -d '1 hour ago' a", "git tag v1; git checkout -q v1",
    // Same length, and as new as the index: only the bytes differ.
    "git update-index --refresh -q; touch -d '2020-01-01' a; git add a; touch -d '2020-01-01' .git/index a; printf 'q\\n' >a; touch -d '2020-01-01' a",
  ]) func saysWhatGitSays(change: String) throws {
    let repository = try Repository()
    try repository.shell(change)
    for folder in ["main", "main/experiments"] {
      let host = repository.host(folder)
      #expect(host.commit == (try repository.shell("git rev-parse HEAD")))
      #expect(host.dirty == !(try repository.shell("git --no-optional-locks status --porcelain").isEmpty), "\(change)")
    }
  }

  @Test func furtherCheckoutsAndSubmodules() throws {
    let repository = try Repository()
    try repository.shell(
      "git worktree add -q ../tree -b side; cd ../tree; echo t >t; git add t; git commit -q -m t; echo u >u")
    let tree = repository.host("tree")
    #expect(tree.commit == (try repository.shell("git -C ../tree rev-parse HEAD")) && tree.dirty == true)
    #expect(tree.commit != repository.host().commit && repository.host().dirty == false)
    try repository.shell("git clone -q . ../other; git -c protocol.file.allow=always submodule add -q ../other inner")
    try repository.shell("git commit -q -m sub; cd inner; echo i >i; git add i; git commit -q -m inner")
    let inner = repository.host("main/inner")
    #expect(inner.commit == (try repository.shell("git -C inner rev-parse HEAD")) && inner.dirty == false)
    #expect(repository.host().dirty == false)
  }

  @Test func noRepositoryAndNoCommit() throws {
    let repository = try Repository()
    try FileManager.default.createDirectory(atPath: repository.path + "/none", withIntermediateDirectories: true)
    #expect(repository.host("none").commit == nil && repository.host("none").dirty == nil)
    try repository.shell("git init -q ../unborn; echo a >../unborn/a")
    #expect(repository.host("unborn").commit == nil && repository.host("unborn").dirty == nil)
  }

  @Test func nothingThatTheRepositoryNamesIsRun() throws {
    let repository = try Repository()
    let touch = "touch '\(repository.path)/PWNED'"
    _ = try repository.shell("git clone -q . ../other")
    _ = try repository.shell("git -c protocol.file.allow=always submodule add -q ../other inner; git commit -q -m sub")
    let script = """
      cat >'\(repository.path)/run' <<'END'
      #!/bin/sh
      \(touch)
      cat
      END
      chmod +x '\(repository.path)/run'
      mkdir '\(repository.path)/hooks'
      for hook in post-index-change fsmonitor-watchman pre-commit post-checkout reference-transaction; do
        cp '\(repository.path)/run' '\(repository.path)/hooks/'$hook
        cp '\(repository.path)/run' .git/hooks/$hook
      done
      printf '[core]\\n\\tfsmonitor = "%s"\\n' "\(touch)" >.git/included
      poison() {
        git -C "$1" config core.fsmonitor "\(touch); false"
        git -C "$1" config core.hooksPath '\(repository.path)/hooks'
        git -C "$1" config filter.x.clean "\(touch); cat"
        git -C "$1" config filter.x.smudge "\(touch); cat"
        git -C "$1" config filter.x.process "\(touch)"
        git -C "$1" config filter.x.required true
        git -C "$1" config diff.external "\(touch)"
        git -C "$1" config diff.x.textconv "\(touch)"
        git -C "$1" config diff.x.command "\(touch)"
        git -C "$1" config alias.status "!\(touch)"
        git -C "$1" config core.sshCommand "\(touch)"
        git -C "$1" config core.pager "\(touch)"
        git -C "$1" config core.editor "\(touch)"
        git -C "$1" config core.alternateRefsCommand "\(touch)"
        git -C "$1" config extensions.partialClone origin
        git -C "$1" config remote.origin.promisor true
        git -C "$1" config remote.origin.url "ext::sh -c touch% '\(repository.path)/PWNED'"
        git -C "$1" config protocol.ext.allow always
        git -C "$1" config include.path '\(repository.path)/main/.git/included'
      }
      printf '* filter=x diff=x\\n' >.gitattributes
      cp .gitattributes inner/
      poison inner; poison .
      # Of the same length and time, so that the content is looked at.
      touch -d '2030-01-01' a experiments/e.yaml inner/a
      """
    _ = try repository.shell(script)
    // The trap works: git itself falls into it.
    try repository.shell("git status --porcelain || true")
    #expect(FileManager.default.fileExists(atPath: repository.path + "/PWNED"))
    try FileManager.default.removeItem(atPath: repository.path + "/PWNED")
    // A program of that name in the experiment's folder.
    let cwd = repository.path + "/main"
    try repository.shell("cp '\(repository.path)/run' git")
    for folder in [cwd, cwd + "/experiments", cwd + "/inner"] {
      let host = HostDescription.current(folder: folder)
      #expect(host.commit?.count == 40 && host.dirty != nil, "\(folder)")
      #expect(!FileManager.default.fileExists(atPath: repository.path + "/PWNED"), "\(folder)")
    }
  }

  @Test(arguments: [
    "ref: ../../secret", "ref: refs/heads/../../../../secret", "ref: refs/heads/loop", "$(touch PWNED)", "",
    "0123456789abcdef0123456789abcdef0123456", "0123456789ABCDEF0123456789abcdef01234567", "ref: refs/heads/\u{1b}[2J",
  ]) func whatIsNoCommitIsNone(head: String) throws {
    let repository = try Repository()
    let git = repository.path + "/main/.git"
    try "0123456789abcdef0123456789abcdef01234567\n".write(
      toFile: repository.path + "/secret", atomically: true, encoding: .utf8)
    try "ref: refs/heads/loop\n".write(toFile: git + "/refs/heads/loop", atomically: true, encoding: .utf8)
    try (head + "\n").write(toFile: git + "/HEAD", atomically: true, encoding: .utf8)
    #expect(repository.host().commit == nil && repository.host().dirty == nil)
  }

  @Test func aPipeInsteadOfAFileDoesNotHang() throws {
    let repository = try Repository()
    try repository.shell("git pack-refs --all; rm .git/packed-refs .git/HEAD; mkfifo .git/HEAD .git/packed-refs")
    #expect(repository.host().commit == nil)
    try repository.shell("rm .git/HEAD; echo ref: refs/heads/none >.git/HEAD")
    #expect(repository.host().commit == nil)
  }
}
