import Foundation
import TestSupport
import Testing

/// Runs the commands that read results on untrusted folders, under limits of time and memory.
enum ReadingProbe {
  /// What each may take.
  static let mostSeconds = 10.0, mostKiB = 1 << 20

  /// Runs the program in a folder; `drawing` says whether it finds gnuplot.
  static func run(_ arguments: [String], in folder: String, drawing: Bool = true) throws -> Program.Output {
    // Beyond the limit, allocation fails, which ends the program by a signal.
    try Program.run(
      arguments, environment: drawing ? [:] : ["PATH": "/nonexistent"], in: folder,
      prefix: ["/bin/sh", "-c", "ulimit -d \(mostKiB); exec \"$0\" \"$@\""])
  }

  /// A results folder `tiny` of two runs, as the program makes it, in a folder.
  static func makeResults(in folder: Folder) throws {
    let file = try folder.write(
      Small.experiment(
        "tiny", timeBins: 30, validation: 0.2, network: "hidden: 8", record: 2,
        more: "sweep: {grid: {network.tau_mem: [10 ms, 5 ms]}}\n"))
    let output = try Program.run(["run", file, "-o", folder.path, "-q"])
    try #require(output.status == 0, "\(output.err)")
  }

  /// Of a results folder, by its name seen from the folder around it.
  static func commands(_ results: String, run: String?) -> [[String]] {
    [
      ["table", results], ["table", results, "--csv"], ["table", results, "--json"], ["status", results],
      ["best", results, "--metric", "test_accuracy"],
    ] + (run.map { [["logs", "\(results)/runs/\($0)"], ["status", "\(results)/runs/\($0)"]] } ?? [])
  }

  /// What is wrong with how a command ended; nil if nothing is.
  static func fault(_ output: Program.Output) -> String? {
    guard [0, 1, 2, 64].contains(output.status) else { return "status \(output.status)" }
    guard output.seconds < mostSeconds else { return "\(output.seconds) s" }
    let text = output.err
    return text.contains("NSCocoaErrorDomain") || text.contains("Error Domain") ? "a raw error: \(text)" : nil
  }

  /// Whether the lists of cases are long: SNNEXP_FUZZ=3000 sets their number.
  static var cases: Int { ProcessInfo.processInfo.environment["SNNEXP_FUZZ"].flatMap { Int($0) } ?? 100 }

  /// All files of a folder that are no folders, as paths from there, in order.
  static func files(in folder: String) -> [String] {
    ((FileManager.default.enumerator(atPath: folder)?.allObjects as? [String]) ?? []).filter { name in
      var status = stat()
      return lstat(folder + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }.sorted()
  }
}
