import Foundation
import Testing

/// Where output goes, and that lost output is reported.
@Suite struct OutputTests {
  private func results() throws -> Folder {
    let folder = try Folder()
    _ = try folder.write(Small.sweep)
    let run = try Shell.run("snnexp run e.yaml --no-plots -q", in: folder)
    try #require(run.status == 0, "\(run.out)")
    return folder
  }

  private static let commands = [
    "table results/sweep", "table results/sweep --csv", "table results/sweep --json", "plan e.yaml", "config e.yaml",
    "best results/sweep", "best results/sweep --json", "status results/sweep", "logs $run", "eval $run", "schema",
    "check e.yaml", "bench --limits --threads 1", "--help", "run --help", "help run", "--version",
    "--generate-completion-script bash", "run e.yaml --no-plots", "run e.yaml --no-plots --json",
    "run e.yaml --no-plots --json -n",
  ]

  @Test func aFullStdoutIsAFailure() throws {
    let folder = try results()
    for command in Self.commands {
      let output = try Shell.run(
        "run=$(echo results/sweep/runs/*10ms-seed_0*); snnexp \(command) >/dev/full", in: folder)
      #expect(output.status == 1, "\(command)")
      #expect(output.out.hasSuffix("snnexp: error: stdout: No space left on device\n"), "\(command): \(output.out)")
      // The same command succeeds if there is room.
      let good = try Shell.run("run=$(echo results/sweep/runs/*10ms-seed_0*); snnexp \(command) >out", in: folder)
      #expect(good.status == 0 && !good.out.contains("stdout"), "\(command): \(good.out)")
    }
  }

  @Test(arguments: ["--json", ""], [">/dev/full", ">&-", ">&- 2>&- <&-"])
  func aRunGoesOnWithoutStdout(json: String, where place: String) throws {
    let folder = try Folder()
    _ = try folder.write(Small.sweep)
    let output = try Shell.run("snnexp run e.yaml --no-plots \(json) \(place)", in: folder)
    #expect(output.status == 1)
    let done = try Shell.run("snnexp status results/sweep; cat results/sweep/runs/*/*.csv", in: folder)
    #expect(done.out.contains("4 runs: 4 done") && !done.out.contains("{"), "\(done.out)")
  }

  @Test func aClosedStdoutIsAFailureAndAClosedStderrIsNot() throws {
    let folder = try results()
    let out = try Shell.run("snnexp table results/sweep >&-", in: folder)
    #expect(out.status == 1 && out.out == "snnexp: error: stdout: Bad file descriptor\n", "\(out.out)")
    let err = try Shell.run("snnexp table results/sweep --group-by seed 2>&-", in: folder)
    #expect(err.status == 0 && err.out.contains("seed"))
    // A command that prints nothing loses nothing.
    let quiet = try Shell.run("snnexp run e.yaml -q --no-plots >&-", in: folder)
    #expect(quiet.status == 0, "\(quiet.out)")
  }

  @Test func aReaderThatHasGoneIsNoError() throws {
    let folder = try results()
    let output = try Shell.run(
      "snnexp run e.yaml --force --json --no-plots -q | head -1 >/dev/null; echo ${PIPESTATUS[0]}; "
        + "(snnexp schema; echo $? >&2) | true; snnexp status results/sweep", in: folder)
    #expect(output.out.hasPrefix("0\n0\n") && output.out.contains("4 runs: 4 done"), "\(output.out)")
  }

  /// Nothing in a results folder is trusted.
  @Test func nothingThatIsReadSteersTheTerminal() throws {
    let folder = try results()
    defer { withExtendedLifetime(folder) {} }
    let evil = "\u{1b}]0;evil\u{7}\u{1b}[2J\u{9b}31m\u{202e}"
    let root = folder.path + "/results/sweep"
    let run = try #require(try FileManager.default.contentsOfDirectory(atPath: root + "/runs").sorted().first)
    func append(_ text: String, _ name: String) throws {
      let path = "\(root)/runs/\(run)/\(name)"
      try (String(contentsOfFile: path, encoding: .utf8) + text).write(toFile: path, atomically: true, encoding: .utf8)
    }
    try append("a line with \(evil)\n", "log.txt")
    try append("# \(evil)\n", "config.yaml")
    let plan = try String(contentsOfFile: root + "/plan.csv", encoding: .utf8)
    try (plan.replacing("10 ms", with: "10 \(evil)ms") + "\(evil),3,\(evil)\n").write(
      toFile: root + "/plan.csv", atomically: true, encoding: .utf8)
    try FileManager.default.createDirectory(atPath: "\(root)/runs/\(evil)", withIntermediateDirectories: true)
    try
      #"{"state": "failed", "error": "\#(evil.replacing("\u{1b}", with: "\\u001b").replacing("\u{7}", with: "\\u0007"))"}"#
      .write(
        toFile: "\(root)/runs/\(evil)/run.json", atomically: true, encoding: .utf8)
    for command in [
      ["status", root], ["status", root, "--json"], ["table", root], ["table", root, "--json"],
      ["table", root, "--group-by", "tau_mem"], ["table", root, "--csv"], ["best", root, "--json"],
      ["best", root], ["best", root, "--single-run"], ["logs", "\(root)/runs/\(run)"],
      ["logs", "\(root)/runs/\(evil)"],
      ["status", "\(root)/runs/\(evil)"], ["table", root, "--sort", evil], ["status", evil], ["run", evil],
      ["table", evil + "/x"], ["plot", root, "--only", evil], [evil], ["run", "--threads", evil],
      ["check", evil, evil],
      ["data", "info", evil], ["config", folder.path + "/e.yaml", "description=a \(evil)"],
      ["config", folder.path + "/e.yaml", "network.\(evil)=3"],
    ] {
      let output = try Program.run(command)
      for text in [output.out, output.err] {
        let steering = text.unicodeScalars.filter {
          $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
        }
        #expect(steering.isEmpty, "\(command): \(text)")
      }
      #expect([0, 1, 2, 64].contains(output.status), "\(command): \(output)")
    }
    let shown = try Program.run(["logs", "\(root)/runs/\(run)"])
    #expect(shown.out.contains(#"a line with \u{1b}]0;evil\u{7}"#), "\(shown.out)")
  }

  @Test func aFileThatGrewToItsLimitFailsTheRun() throws {
    let folder = try Folder()
    _ = try folder.write(Small.sweep)
    let output = try Shell.run(
      "(ulimit -f 8; snnexp run e.yaml --no-plots); echo code $?; find . -name '*.tmp'; snnexp status results/sweep",
      in: folder)
    #expect(output.out.contains("code 1\n") && output.out.contains("cannot write: File too large"), "\(output.out)")
    #expect(output.out.contains("4 runs: 4 failed") && !output.out.contains(".tmp\n"), "\(output.out)")
  }

  @Test(arguments: [4, 6, 8, 10, 16, 32, 64]) func fewOpenFilesAreNoTrap(limit: Int) throws {
    let folder = try Folder()
    _ = try folder.write(Small.sweep)
    // Without the shell's own files, and in place of the shell.
    let output = try Shell.run(
      "(ulimit -n \(limit); exec '\(Program.path)' run e.yaml --no-plots 2>err); code=$?; cat err; exit $code",
      in: folder)
    #expect(output.status == 0 || output.status == 1, "\(output.status) \(output.out)")
    #expect(output.status == 0 || output.out.contains("Too many open files"), "\(output.out)")
    if limit <= 4 { #expect(output.status == 1) }
    if limit >= 64 { #expect(output.status == 0) }
  }

  private static let canLimitThreads =
    geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

  /// The superuser is not limited.
  @Test(.enabled(if: canLimitThreads, "only the superuser can become a user with few threads"), arguments: [1, 2, 4])
  func tooFewThreadsAreNoHang(limit: Int) throws {
    let folder = try Folder()
    _ = try folder.write(Small.sweep)
    let output = try Shell.run(
      "chmod 777 .; exec timeout -s KILL 60 setpriv --reuid=54321 --regid=54321 --clear-groups bash -c "
        + "\"ulimit -u \(limit); exec '\(Program.path)' run e.yaml --threads 3 -j 2 --no-plots\"", in: folder)
    #expect(output.status == 0, "\(output.status) \(output.out)")
  }
}
