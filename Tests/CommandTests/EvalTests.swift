import Foundation
import Testing

@Suite struct EvalTests {
  /// A full matrix of all classes would take 32 GB.
  @Test func manyClassesTakeLittleMemory() throws {
    let folder = try Folder()
    _ = try folder.write(
      """
      experiment: many
      data:
        source: synthetic
        synthetic: {train_samples: 60, test_samples: 30}
        time_bins: 10
        classes: 65535
      network: {hidden: 2}
      training: {epochs: 0, batch_size: 20}
      record: {samples: 1}

      """)
    let output = try Shell.run(
      "snnexp run e.yaml --no-plots -q && (ulimit -v 4000000; snnexp eval results/many/runs/*)", in: folder)
    #expect(output.status == 0 && output.out.contains("65535 classes, "), "\(output.out)")
    #expect(output.out.contains(" -> ") && output.out.utf8.count < 4000, "\(output.out)")
  }

  @Test(arguments: ["18446744073709551615", "9223372036854775808"]) func theLargestSeedsAreNoTrap(seed: String) throws {
    let folder = try Folder()
    _ = try folder.write(Small.sweep.replacing("[0, 1]", with: "[\(seed)]"))
    let run = try Program.run(["run", folder.path + "/e.yaml", "-o", folder.path + "/r", "--json", "--no-plots"])
    // Whole numbers in YAML have 63 bits and a sign.
    #expect(run.status == 2 && run.err.contains("e.yaml:2:9: error: seeds: \(seed) is not an integer"), "\(run.err)")
    let root = folder.path + "/hand/x"
    try FileManager.default.createDirectory(atPath: root + "/runs/a", withIntermediateDirectories: true)
    try #"{"state": "failed", "seed": \#(seed)}"#.write(
      toFile: root + "/runs/a/run.json", atomically: true, encoding: .utf8)
    let status = try Program.run(["status", root, "--json"])
    #expect(status.status == 0 && status.out.contains("\"seed\": \(seed)"), "\(status.out)\(status.err)")
    let table = try Program.run(["table", root, "--json"])
    #expect(table.status == 0 && table.out.contains(#""run_id": "a""#), "\(table)")
    let best = try Program.run(["best", root])
    #expect(best.status == 2 && best.err.contains("no run has finished"), "\(best)")
  }
}
