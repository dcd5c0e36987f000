import Foundation
import SafeText
import Slurm
import Testing

@Suite struct SlurmQueueTests {
  @Test func linesOfAQueue() {
    var queue = SlurmQueue()
    queue.add("7|3|RUNNING|n1|None\n7|4-6%2|PENDING||ReqNodeNotAvail, UnavailableNodes:n2|x\n")
    queue.add("8|N/A|PENDING|(null)|Dependency\n")
    let running = queue.task("7", 3)
    #expect(running?.state == "RUNNING" && running?.node == "n1" && running?.reason == nil)
    #expect(queue.task("7", 5)?.reason == "ReqNodeNotAvail, UnavailableNodes:n2|x")
    #expect(queue.tasks("7").count == 4 && queue.task("7", 7) == nil)
    #expect(queue.job("8")?.node == nil && queue.job("8")?.reason == "Dependency")
  }

  /// What can't be a queue is told apart from an empty one.
  @Test(arguments: [
    ("", true), ("CLUSTER: a\n", true), ("7|3|RUNNING|n1|None\n", true), ("hello\n7|3|RUNNING|n1|None\n", true),
    ("hello\n", false), ("7|3|RUNNING|n1|None\n7|4|RUNN\n", false),
  ])
  func answers(text: String, isAnswer: Bool) {
    var queue = SlurmQueue()
    #expect(queue.add(text) == isAnswer)
  }

  /// Whatever is read, nothing traps, and what is kept can be shown.
  @Test func anythingCanBeRead() throws {
    let count = ProcessInfo.processInfo.environment["SNNEXP_FUZZ"].flatMap { Int($0) } ?? 300
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "1", "99999999999999999999", "|", "||", "-", "%", ",", ":", "RUNNING", "PENDING", "\n", "\u{1b}[2J", "a", " ",
      "1-9",
      "é", "0", "N/A", "'", "\"", "\\", "--",
    ]
    for _ in 0..<count {
      let text = (0..<Int.random(in: 0..<30, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      var queue = SlurmQueue()
      queue.add(text)
      for job in ["1", "11", "0"] {
        for task in queue.tasks(job).values {
          for word in [task.state, task.node ?? "", task.reason ?? ""] { #expect(SafeText.line(word) == word) }
        }
      }
      _ = (ArrayList.indices(text), TimeLimit(text), ShellText.words(text))
      #expect(!ShellText.sbatchWord(text).contains("\n"))
      for name in ["time", "memory", "partition", "sbatch", "tasks"] { _ = SlurmSettings.problem(of: name, text) }
    }
  }
}
