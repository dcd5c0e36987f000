import ChildProcess
import Foundation
import Testing

@Suite struct ChildProcessTests {
  private func shell(
    _ script: String, _ streams: [Int32] = [1, 2], environment: [String: String] = [:], mostBytes: Int = 100,
    mostSeconds: Double = 60, shouldStop: () -> Bool = { false }
  ) -> ChildProcess.Outcome {
    ChildProcess.run(
      "/bin/sh", ["-c", script], environment: environment, collecting: streams, mostBytes: mostBytes,
      mostSeconds: mostSeconds, shouldStop: shouldStop)
  }

  private func ended(_ status: Int32, _ text: String) -> ChildProcess.Outcome {
    .ended(status: status, output: Array(text.utf8))
  }

  @Test func streamsThatAreCollected() {
    let script = "echo out; echo err >&2; exit 3"
    #expect(shell(script) == ended(3 << 8, "out\nerr\n"))
    #expect(shell(script, [1]) == ended(3 << 8, "out\n"))
    #expect(shell(script, [2]) == ended(3 << 8, "err\n"))
    #expect(shell("cat; echo $X", environment: ["X": "a b"]) == ended(0, "a b\n"))
    #expect(shell("kill -9 $$") == ended(SIGKILL, ""))
  }

  /// More than a pipe holds, by far.
  @Test func outputBeyondTheLimitBlocksNothing() {
    #expect(shell("head -c 1000000 /dev/zero | tr '\\0' x", mostBytes: 4) == ended(0, "xxxx"))
  }

  /// A descendant keeps the pipe open.
  @Test func theEndOfTheProgramIsTheEnd() {
    #expect(shell("sleep 50 & echo done; exit 0") == ended(0, "done\n"))
  }

  @Test func whatTakesTooLongIsKilledWithItsDescendants() throws {
    let mark = FileManager.default.temporaryDirectory.appendingPathComponent("snnexp-\(UUID().uuidString)").path
    defer { unlink(mark) }
    #expect(shell("sleep 1000 & echo $! > '\(mark)'; wait", mostSeconds: 1) == .killed)
    let child = try #require(
      pid_t(try String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    // Killed, if perhaps not yet waited for by the process that inherited it. On a busy machine it takes time to die.
    var state: String?
    for _ in 0..<200 {
      state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
      if kill(child, 0) != 0 || state?.contains(") Z ") == true { state = nil }
      if state == nil { break }
      usleep(100_000)
    }
    #expect(state == nil)
    #expect(shell("sleep 1000", shouldStop: { true }) == .killed)
  }

  @Test func whatIsNoProgramIsNotStarted() {
    let outcome = ChildProcess.run(
      "/nonexistent", [], environment: [:], collecting: [1], mostBytes: 1, mostSeconds: 1)
    #expect(outcome == .notStarted)
  }
}
