import Foundation
import Testing

/// One memory estimate: what `check` says is what `run` uses, and both reject what cannot fit.
@Suite(.serialized) struct MemoryTests {
  private static let base = """
    experiment: sweep
    data: {source: synthetic, synthetic: {train_samples: 100, test_samples: 50}}
    training: {epochs: 1, batch_size: 64}
    record: {samples: 1}

    """

  /// Each makes a different part the largest: data, recordings by units and by classes, weights, batch state.
  @Test(arguments: [
    ["data.synthetic.train_samples=4000"],
    ["record.samples=200", "data.synthetic.test_samples=200", "network.hidden=512"],
    ["record.samples=50", "data.classes=2000"], ["network.hidden=2000"],
    [
      "network.hidden=1024", "training.regularizer.total_spikes=1e-9", "data.synthetic.train_samples=256",
      "training.batch_size=256",
    ],
  ]) func checkSaysWhatRunUses(_ change: [String]) throws {
    let sweep = try Sweep(Self.base)
    let check = try Program.run(["check", sweep.file] + change)
    let line = try #require(check.out.split(separator: "\n").first { $0.hasPrefix("memory: at most ") })
    let numbers = line.matches(of: #/([0-9.]+) MiB/#).compactMap { Double($0.1) }
    try #require(numbers.count == 4, "\(line)")
    // A run, of which recordings; data; the program.
    let said = numbers[0] + numbers[2] + numbers[3]
    let used = try Program.run(sweep.arguments(change + ["--threads", "2"]), measuring: true)
    #expect(used.status == 0, "\(used.err)")
    #expect(Double(used.mebibytes) <= said, "\(line): used \(used.mebibytes)")
    #expect(said <= 2 * Double(used.mebibytes) + 64, "\(line): used \(used.mebibytes)")
  }

  @Test(arguments: [
    (["data.synthetic.train_samples=10000000"], "use fewer samples"),
    (["network.hidden=[65536,65536]"], "network.hidden"),
    (
      ["record.samples=10000", "data.synthetic.test_samples=10000", "network.hidden=8192", "data.time_bins=1000"],
      "record.samples"
    ),
    (
      [
        "data.synthetic.test_samples=2000", "data.time_bins=65535", "data.channels=65535",
        "data.synthetic.train_samples=5000000",
      ], "out of memory"
    ),
  ]) func whatCantBeIsRefusedByBoth(_ change: [String], _ expected: String) throws {
    let sweep = try Sweep(Self.base)
    for command in [["check", sweep.file], ["run", sweep.file, "-o", sweep.folder.path + "/results", "--no-plots"]] {
      let output = try Program.run(command + change, measuring: true)
      #expect(output.status == 2 && output.err.contains("out of memory: "), "\(output.err)")
      #expect(output.err.contains(expected), "\(output.err)")
      #expect(output.mebibytes < 1024 && output.seconds < 10)
    }
    #expect(sweep.runs.isEmpty)
  }
}
