import Foundation
import Testing

/// Commands that show results: status, logs, table, best, plan, check, eval, and the JSON of run.
@Suite struct ReadingCommandTests {
  private static let tiny = Small.experiment("tiny", network: "hidden: [33, 20]", record: 3)

  private static let sweep = Small.experiment(
    seeds: "[0, 1]", validation: 0.2, network: "hidden: 16",
    training: "epochs: 2, batch_size: 20, optimizer: {kind: adam, learning_rate: 1e-3}",
    more: "sweep: {grid: {network.tau_mem: [10 ms, 5 ms], network.init.gain: [1, 1e38]}}\n")

  /// A mapping has a short name in tables, and stands whole in CSV and JSON.
  @Test func sweptMappingsAreShortInTables() throws {
    let mapping = "{init: {uniform: [5 ms, 25 ms]}, bounds: [5 ms, 25 ms], trained: true, per: unit}"
    let sweep = try Sweep(
      Small.experiment(
        seeds: "[0, 1]", network: "hidden: 8, readout: {tau_mem: 10 ms}", record: 0,
        more: "sweep: {grid: {network.tau_mem: [20 ms, \(mapping)]}}\n"))
    let run = try Program.run(sweep.loudArguments([]))
    let short = "uniform 5–25 ms trained"
    #expect(run.status == 0 && run.out.contains(short) && !run.out.contains("bounds"), "\(run)")
    for arguments in [["table", sweep.root], ["table", sweep.root, "--group-by", "tau_mem"], ["plan", sweep.file]] {
      let output = try Program.run(arguments)
      #expect(output.status == 0 && output.out.contains(short) && !output.out.contains("bounds"), "\(output)")
      // A part of a parameter is called after it.
      let part = try Program.run(["plan", sweep.file, "network.tau_mem=20ms", "network.tau_mem.trained=false,true"])
      #expect(part.out.contains("  tau_mem.trained  "), "\(part)")
      let whole = try Program.run(arguments + [arguments[0] == "plan" ? "--json" : "--csv"])
      #expect(whole.out.contains("bounds: [5 ms, 25 ms]"), "\(whole)")
    }
  }

  @Test func aSweepIsReadWithItsFailedRuns() throws {
    let folder = try Folder()
    let file = try folder.write(Self.sweep)
    let run = try Program.run(["run", file, "-o", folder.path + "/results", "--no-plots"])
    #expect(run.status == 1)
    #expect(run.out.contains("tau_mem") && run.out.contains("(2)") && run.out.contains(" +- "), "\(run.out)")
    #expect(!run.err.contains("\u{1b}"))
    // Only the folder is read.
    try FileManager.default.moveItem(atPath: folder.path + "/results/sweep", toPath: folder.path + "/a copy")
    try FileManager.default.removeItem(atPath: file)
    let results = folder.path + "/a copy"

    let status = try Program.run(["status", results])
    #expect(status.status == 0 && status.out.contains("8 runs: 4 done, 4 failed"), "\(status.out)")
    let failed = status.out.split(separator: "\n").filter { $0.hasPrefix("failed: ") }
    #expect(failed.count == 4 && failed.allSatisfy { $0.contains("the loss is") })
    let id = try #require(failed.first?.split(separator: " ").dropFirst().first?.dropLast())
    let logs = try Program.run(["logs", "\(results)/runs/\(id)"])
    #expect(logs.status == 0 && logs.out.contains("error: the loss is"), "\(logs.out)")
    let one = try Program.run(["status", "\(results)/runs/\(id)"])
    #expect(one.status == 0 && one.out.contains("\(id): failed"), "\(one.out)")

    let groups = try Program.run(["table", results, "--group-by", "tau_mem", "--sort", "tau_mem", "--csv"])
    let rows = groups.out.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(groups.err.contains("averages over all values of network.init.gain"))
    #expect(rows.count == 3 && rows[0].prefix(3) == ["network.tau_mem", "n", "n_failed"], "\(groups.out)")
    #expect(rows[1].prefix(3) == ["5 ms", "2", "2"] && rows[2].prefix(3) == ["10 ms", "2", "2"])
    let top = try Program.run(["table", results, "--sort", "-test_accuracy", "--top", "3", "--json"])
    let list = try #require(try JSONSerialization.jsonObject(with: Data(top.out.utf8)) as? [[String: Any]])
    let accuracies = list.compactMap { $0["test_accuracy"] as? Double }
    #expect(list.count == 3 && accuracies.count == 3 && accuracies == accuracies.sorted(by: >))
    for (arguments, hint) in [
      (["--group-by", "tau_men"], "did you mean network.tau_mem?"),
      (["--sort", "-test_acuracy"], "did you mean test_accuracy?"),
    ] {
      let output = try Program.run(["table", results] + arguments)
      #expect(output.status == 2 && output.err.contains(hint) && output.out.isEmpty, "\(output.err)")
    }

    let best = try Program.run(["best", results, "--json"])
    let choice = try #require(try JSONSerialization.jsonObject(with: Data(best.out.utf8)) as? [String: Any])
    #expect(choice["metric"] as? String == "validation_accuracy" && choice["compared"] as? Int == 2)
    let configuration = try #require(choice["config"] as? [String: Any])
    #expect((configuration["training"] as? [String: Any])?["epochs"] as? Int == 2)
    let onTest = try Program.run(["best", results, "--metric", "test_accuracy"])
    #expect(
      onTest.status == 0 && onTest.out.hasPrefix("best on test, by mean test_accuracy: network.tau_mem "),
      "\(onTest.out)")
    #expect(onTest.out.contains("compared: 2 of 4 sweep points") && onTest.out.contains("experiment: sweep"))
  }

  @Test func jsonTellsEachEvent() throws {
    let folder = try Folder()
    let file = try folder.write(Self.tiny)
    let output = try Program.run(["run", file, "-o", folder.path + "/results", "--no-plots", "--json"])
    #expect(output.status == 0, "\(output.err)")
    let events = try output.out.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(events.map { $0["event"] as? String } == ["started", "epoch", "epoch", "finished", "summary"])
    #expect(events.dropFirst().first?["epoch"] as? Int == 1 && events[1]["train_loss"] is Double)
    #expect(events[4]["done"] as? Int == 1 && events[3]["run_id"] as? String == events[0]["run_id"] as? String)
    let plan = try Program.run(["plan", file, "-o", folder.path + "/results", "--json"])
    let runs = try #require(try JSONSerialization.jsonObject(with: Data(plan.out.utf8)) as? [[String: Any]])
    #expect(runs.count == 1 && runs[0]["state"] as? String == "done")
  }

  @Test func checkEstimatesTheWholeSweep() throws {
    let folder = try Folder()
    let file = try folder.write(Self.sweep)
    let output = try Program.run(["check", file])
    #expect(output.status == 0, "\(output.err)")
    #expect(output.out.contains("8 runs, 4 sweep points"))
    // A bin is 1 s / 39.
    #expect(output.out.contains("bin width: 25.64 ms, time step: 1 ms"), "\(output.out)")
    #expect(
      output.out.contains("hidden 0 tau_mem: 5 ms to 10 ms = 5 to 10 steps, 128.2 ms to 256.4 ms of the stimulus"))
    #expect(output.out.contains("MiB per run") && output.out.contains("time: about "))
    #expect(folder.files == ["e.yaml"])
  }

  @Test func evalNeedsAFinishedRun() throws {
    let folder = try Folder()
    let file = try folder.write(Self.tiny)
    _ = try Program.run(["run", file, "-o", folder.path + "/results", "--no-plots", "-q"])
    let run =
      folder.path + "/results/tiny/runs/"
      + (try #require(
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results/tiny/runs").first))
    let right = try Program.run(["eval", run])
    #expect(right.status == 0 && right.out.contains("confusion matrix"), "\(right.err)")
    // As in tables for people, in full for programs.
    let shown = try #require(
      right.out.firstMatch(of: #/^test accuracy: ([0-9.]+) % \(([0-9]+) of 30\)\ntest loss: ([0-9]+\.[0-9]{4})\n/#),
      "\(right.out)")
    let full = try #require(
      try JSONSerialization.jsonObject(with: Data(try Program.run(["eval", run, "--json"]).out.utf8)) as? [String: Any])
    let (loss, accuracy) = (try #require(full["loss"] as? Double), try #require(full["accuracy"] as? Double))
    #expect(String(format: "%.4f", loss) == shown.3 && "\(loss)".count > 8, "\(full)")
    #expect(String(format: "%.1f", accuracy * 100) == shown.1 && full["right"] as? Int == Int(shown.2), "\(full)")
    try FileManager.default.removeItem(atPath: run + "/weights.h5")
    let missing = try Program.run(["eval", run])
    #expect(missing.status == 2 && missing.err.contains("no weights.h5"), "\(missing.err)")
    let other = try Program.run(["eval", folder.path + "/results/tiny"])
    #expect(other.status == 2 && other.err.contains("not a run folder"), "\(other.err)")
  }
}
