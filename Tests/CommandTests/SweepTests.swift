import Foundation
import Testing

/// Sweeps run in parallel, stopped, resumed, damaged and shared; serialised, since each uses all cores.
@Suite(.serialized) struct SweepTests {
  private static let sweep = Small.experiment(
    seeds: "[0, 1]", train: 90, test: 40, validation: 0.2, network: "hidden: 16",
    training: "epochs: 200, batch_size: 20, select_on: validation_accuracy, optimizer: {learning_rate: 1e-3}",
    record: 2, more: "sweep: {grid: {network.tau_mem: [5 ms, 10 ms]}}\n")

  /// A checkpoint after every batch: such a process does not end before it is stopped.
  private static let slow = ["SNNEXP_CHECKPOINT_SECONDS": "0"]

  /// The results of an undisturbed sweep.
  private static let undisturbed = Result { () throws -> [String: Data] in
    let sweep = try Sweep(Self.sweep)
    let output = try sweep.run("-j1", "--threads", "2")
    #expect(output.status == 0, "\(output.err)")
    #expect(sweep.runs.count == 4 && sweep.leftovers.isEmpty)
    return try sweep.results()
  }

  private func expectUndisturbed(_ sweep: Sweep) throws {
    let (expected, found) = (try Self.undisturbed.get(), try sweep.results())
    #expect(expected.keys.sorted() == found.keys.sorted())
    for (name, data) in expected { #expect(found[name] == data, "\(name)") }
    #expect(sweep.leftovers == [])
    for run in sweep.runs { #expect(sweep.count("done", run) == 1, "\(run)") }
  }

  @Test(arguments: ["2", "4"]) func theSameForAnyJobs(jobs: String) throws {
    let sweep = try Sweep(Self.sweep)
    #expect(try sweep.run("--jobs", jobs, "--threads", "1").status == 0)
    try expectUndisturbed(sweep)
  }

  @Test func signalsLeaveACheckpoint() throws {
    let sweep = try Sweep(Self.sweep)
    for (number, code) in [(SIGINT, 130), (SIGTERM, 143)] {
      let process = try sweep.start("-j", "2", environment: Self.slow)
      sweep.waitForLog(containing: number == SIGINT ? "epoch 3," : "resumed")
      kill(process.processIdentifier, number)
      // Clusters send SIGTERM to a task and to the shell that forwards it.
      if number == SIGTERM { for _ in 0..<5 { kill(process.processIdentifier, number) } }
      process.waitUntilExit()
      #expect(process.terminationStatus == code)
    }
    let stopped = sweep.runs.filter { sweep.log($0).contains("interrupted in epoch") }
    #expect(!stopped.isEmpty)
    #expect(sweep.text("summary.csv").contains(",interrupted,"))
    #expect(try sweep.run().status == 0)
    for run in stopped { #expect(sweep.log(run).contains("resumed after epoch"), "\(sweep.log(run))") }
    try expectUndisturbed(sweep)
  }

  /// What a power loss can leave of unflushed files: nothing, or an empty file.
  @Test func lostFilesCostNoTraining() throws {
    let sweep = try Sweep(Self.sweep)
    let process = try sweep.start("-j", "1", environment: Self.slow)
    sweep.waitForLog(containing: "epoch 3,")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let begun = try #require(sweep.runs.first { sweep.log($0).contains("checkpoint after") })
    for name in ["run.json", "config.yaml"] { try sweep.folder.write([], "results/sweep/runs/\(begun)/\(name)") }
    #expect(try sweep.run().status == 0)
    #expect(sweep.log(begun).contains("resumed after epoch"), "\(sweep.log(begun))")
    try expectUndisturbed(sweep)
    for name in ["config.yaml", "predictions.csv", "recordings.h5"] {
      try sweep.folder.write([], "results/sweep/runs/\(begun)/\(name)")
      #expect(try Program.run(["status", sweep.root]).out.contains("1 damaged"))
      #expect(try sweep.run().status == 0)
      #expect(sweep.count("started", begun) == 2, "\(name)")
      #expect(try sweep.results() == Self.undisturbed.get())
    }
  }

  @Test func unusableCheckpointsAreIgnored() throws {
    let sweep = try Sweep(Self.sweep)
    let process = try sweep.start("-j", "4", "--threads", "1", environment: Self.slow)
    sweep.waitForLog(containing: "epoch 3,")
    process.interrupt()
    process.waitUntilExit()
    let files = sweep.folder.files.filter { $0.hasSuffix("/checkpoint.h5") }.sorted()
    try #require(files.count == 4)
    let image = [UInt8](try sweep.folder.contents(files[3]))
    var flipped = [UInt8](try sweep.folder.contents(files[0]))
    flipped[flipped.count / 2] ^= 1
    try sweep.folder.write(flipped, files[0])
    try sweep.folder.write(Array(image.prefix(image.count / 2)), files[1])
    // That of another run.
    try sweep.folder.write(image, files[2])
    #expect(try sweep.run().status == 0)
    let ignored = sweep.runs.map { sweep.log($0).contains("checkpoint ignored, starting from the beginning: it ") }
    #expect(ignored == [true, true, true, false])
    #expect(sweep.log(sweep.runs[2]).contains("it belongs to another run or version"))
    try expectUndisturbed(sweep)
  }

  @Test func severalProcessesDivideTheRuns() throws {
    let sweep = try Sweep(Self.sweep)
    let processes = try (0..<4).map { _ in try sweep.start("-j", "1", "--threads", "1") }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    for run in sweep.runs { #expect(sweep.count("started", run) == 1, "\(sweep.log(run))") }
    try expectUndisturbed(sweep)
  }

  @Test func aClaimOfADeadProcessIsTakenOver() throws {
    let sweep = try Sweep(Self.sweep)
    let first = try sweep.start("-j", "1", environment: Self.slow)
    sweep.waitForLog(containing: "epoch 3,")
    // Waits for the run of the first, which dies.
    let second = try sweep.start("-j", "1")
    usleep(200_000)
    kill(first.processIdentifier, SIGKILL)
    first.waitUntilExit()
    second.waitUntilExit()
    #expect(second.terminationStatus == 0)
    try expectUndisturbed(sweep)
  }

  @Test func killedSweepsEndTheSame() throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("scripts/kill_test.sh")
    let (status, text) = try Shell.run([script.path, "-n", "6", "-p", "2", Program.path])
    #expect(status == 0 && text.contains("the same results"), "\(text)")
  }

  private static let failing = Small.experiment(
    train: 40, test: 20, timeBins: 20, network: "hidden: 8", record: 1,
    more: "sweep: {grid: {network.init.gain: [1e38, 1, 2]}}\n")

  @Test func failuresAreRecordedAndTheOthersGoOn() throws {
    let sweep = try Sweep(Self.failing)
    let output = try sweep.run()
    #expect(output.status == 1 && output.err.contains("the loss is nan in epoch 1, batch 0"), "\(output.err)")
    let rows = sweep.text("summary.csv").split(separator: "\n").map { $0.split(separator: ",")[3] }
    #expect(rows == ["state", "failed", "done", "done"])
    #expect(sweep.text("aggregate.csv").contains("\n1e+38,0,1,"))
    let failed = try #require(sweep.runs.first { $0.hasPrefix("gain_1e_38") })
    #expect(sweep.text("runs/\(failed)/run.json").contains("the loss is nan in epoch 1, batch 0"))
    // Skipped, but still a failure.
    #expect(try sweep.run().status == 1)
    #expect(sweep.count("started", failed) == 1)
    #expect(try sweep.run("--retry-failed").status == 1)
    #expect(sweep.runs.map { sweep.count("started", $0) }.sorted() == [1, 1, 2])
    #expect(try sweep.run("--force").status == 1)
    #expect(sweep.runs.map { sweep.count("started", $0) }.sorted() == [2, 2, 3])
  }

  @Test func failFastStops() throws {
    let sweep = try Sweep(Self.failing)
    #expect(try sweep.run("--fail-fast", "-j", "1").status == 1)
    #expect(sweep.runs.count == 1)
    #expect(try sweep.run().status == 1)
    #expect(sweep.runs.map { sweep.count("started", $0) } == [1, 1, 1])
  }

  @Test func partsOfASweep() throws {
    let sweep = try Sweep(Self.sweep)
    #expect(try sweep.run("--shard", "1/3").status == 0)
    #expect(sweep.runs.count == 2)
    #expect(try sweep.run("--only", "tau_mem_5ms-*").status == 0)
    #expect(sweep.runs.count == 3)
    for shard in ["2/3", "3/3"] { #expect(try sweep.run("--shard", shard).status == 0) }
    for run in sweep.runs { #expect(sweep.count("started", run) == 1) }
    try expectUndisturbed(sweep)
    let none = try sweep.run("--only", "tau_syn*")
    #expect(none.status == 2 && none.err.contains("no run matches"))
    for bad in ["0/3", "4/3", "3", "a/b"] { #expect(try sweep.run("--shard", bad).status == 64) }
  }

  @Test func aValueMoreKeepsFinishedRuns() throws {
    let sweep = try Sweep(Self.failing.replacingOccurrences(of: "[1e38, 1, 2]", with: "[1, 2]"))
    #expect(try sweep.run().status == 0)
    let output = try sweep.run("network.init.gain=0.5,1,2")
    #expect(output.status == 0, "\(output.err)")
    #expect(sweep.runs.map { sweep.count("started", $0) } == [1, 1, 1])
  }

  @Test(arguments: ["validation_accuracy", "validation_loss", "test_accuracy"])
  func selectsTheBestEpoch(metric: String) throws {
    let sweep = try Sweep(Self.sweep.replacingOccurrences(of: "[5 ms, 10 ms]", with: "[5 ms]"))
    let patience = 5
    let output = try sweep.run(
      "training.select_on=\(metric)", "training.early_stopping.patience=\(patience)", "seeds=0", "training.epochs=100")
    #expect(output.status == 0, "\(output.err)")
    let run = try #require(sweep.runs.first)
    let rows = sweep.text("runs/\(run)/history.csv").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let header = sweep.text("history.csv").split(separator: "\n")[0].split(separator: ",")
    let position = try #require(header.firstIndex { $0 == metric })
    var values = rows.compactMap { Double($0[position]) }
    if metric.hasSuffix("loss") { values = values.map { -$0 } }
    let best = try #require(values.indices.first { values[$0] == values.max() })
    // Some epoch is followed by five without improvement, long before the last.
    #expect(rows.count == best + 1 + patience && rows.count < 100, "\(values)")
    let summary = sweep.text("summary.csv").split(separator: "\n")
    #expect(summary[0].hasSuffix(",selected_epoch,selected_on") && summary[1].hasSuffix(",\(best + 1),\(metric)"))
    let accuracy = rows[best][try #require(header.firstIndex { $0 == "test_accuracy" })]
    let evaluation = try Program.run(["eval", sweep.root + "/runs/" + run, "--json"])
    #expect(evaluation.out.contains("\"accuracy\": \(accuracy), "), "\(evaluation.out)")
  }
}
