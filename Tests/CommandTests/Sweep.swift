import Foundation

/// A results folder of an experiment of its own.
final class Sweep {
  let folder: Folder
  let file: String
  /// The experiment must be called `sweep`.
  var root: String { folder.path + "/results/sweep" }

  init(_ text: String) throws {
    folder = try Folder()
    file = try folder.write(text)
  }

  func arguments(_ more: [String]) -> [String] { loudArguments(["--quiet"] + more) }

  /// Output of a verbose run.
  func loudArguments(_ more: [String]) -> [String] {
    ["run", file, "-o", folder.path + "/results", "--no-plots"] + more
  }

  func run(_ more: String..., environment: [String: String] = [:]) throws -> Program.Output {
    try Program.run(arguments(more), environment: environment)
  }

  /// Runs concurrently with the test.
  func start(_ more: String..., environment: [String: String] = [:]) throws -> RunningProgram {
    try RunningProgram([Program.path] + arguments(more), environment: environment)
  }

  var runs: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: root + "/runs")) ?? []).sorted() }

  func text(_ name: String) -> String { (try? String(contentsOfFile: root + "/" + name, encoding: .utf8)) ?? "" }

  func log(_ run: String) -> String { text("runs/\(run)/log.txt") }

  func count(_ line: String, _ run: String) -> Int { log(run).components(separatedBy: "Z  \(line)").count - 1 }

  func waitForLog(containing text: String) {
    for _ in 0..<3000 where !runs.contains(where: { log($0).contains(text) }) { usleep(5000) }
  }

  /// All results that must not depend on interruptions, by file.
  func results() throws -> [String: Data] {
    var results: [String: Data] = [:]
    for table in ["plan.csv", "summary.csv", "aggregate.csv"] { results[table] = Data(text(table).utf8) }
    results["history.csv"] = withoutSeconds("history.csv")
    for run in runs {
      // Not every run is recorded.
      results["\(run)/recordings.h5"] = try? folder.contents("results/sweep/runs/\(run)/recordings.h5")
      for file in ["weights.h5", "state.h5", "predictions.csv"] {
        results["\(run)/\(file)"] = try folder.contents("results/sweep/runs/\(run)/\(file)")
      }
      results["\(run)/history.csv"] = withoutSeconds("runs/\(run)/history.csv")
    }
    return results
  }

  /// Without the last column, epoch_seconds.
  private func withoutSeconds(_ name: String) -> Data {
    let lines = text(name).split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
    }
    return Data(lines.joined(separator: "\n").utf8)
  }

  var leftovers: [String] {
    let names: Set = ["claim", "lease", "lock", "checkpoint.h5"]
    return folder.files.filter { $0.hasSuffix(".tmp") || names.contains(($0 as NSString).lastPathComponent) }
  }
}
