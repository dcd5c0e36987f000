import Files
import Foundation
import HDF5
import Testing

/// Runs that continue from finished ones with fewer epochs end with the bytes of a run that was that long from the
/// start.
@Suite struct ContinuedRunTests {
  private static func experiment(_ training: String, more: String = "") -> String {
    Small.experiment(
      train: 60, test: 20, timeBins: 20, validation: 0.25, network: "hidden: 8, dropout: 0.2",
      training: "epochs: 8, batch_size: 15, optimizer: {kind: adam, learning_rate: 1e-2}, \(training)", record: 2,
      more: more)
  }

  /// A checkpoint after every batch.
  private static let slow = ["SNNEXP_CHECKPOINT_SECONDS": "0"]

  /// The results of a run, by file; without wall times.
  private func files(_ sweep: Sweep, _ run: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in ["weights.h5", "predictions.csv", "recordings.h5", "state.h5", "config.yaml"] {
      files[name] = try? sweep.folder.contents("results/sweep/runs/\(run)/\(name)")
    }
    files["history.csv"] = Data(
      sweep.text("runs/\(run)/history.csv").split(separator: "\n").map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
      }.joined(separator: "\n").utf8)
    let report = try JSONSerialization.jsonObject(with: try sweep.folder.contents("results/sweep/runs/\(run)/run.json"))
    let results = try #require((report as? [String: Any])?["results"])
    files["results"] = try JSONSerialization.data(withJSONObject: results, options: .sortedKeys)
    return files
  }

  private func expectSame(_ found: Sweep, as expected: Sweep, _ what: String) throws {
    // Those of fewer epochs stay.
    for run in expected.runs {
      #expect(found.runs.contains(run), "\(what): \(found.runs)")
      let (found, expected) = (try files(found, run), try files(expected, run))
      #expect(found.keys.sorted() == expected.keys.sorted(), "\(what)")
      for (name, data) in expected { #expect(found[name] == data, "\(what): \(run)/\(name)") }
    }
    #expect(found.leftovers == [], "\(what)")
    for table in ["plan.csv", "summary.csv", "aggregate.csv"] {
      #expect(found.text(table) == expected.text(table), "\(what): \(table)")
    }
  }

  private func run(_ sweep: Sweep, _ more: String...) throws -> Program.Output {
    let output = try Program.run(sweep.loudArguments(["-j1", "--threads", "1"] + more))
    #expect(output.status == 0, "\(output)")
    return output
  }

  @Test(arguments: [
    // The last epoch of the short run, 8, is not one of those evaluated on the way to 17.
    "evaluate_every: 3", "evaluate_every: 3, select_on: validation_accuracy", "select_on: test_accuracy",
    "evaluate_every: 5, select_on: validation_loss, early_stopping: {patience: 4}",
    // It stops before the end of the short run.
    "evaluate_every: 2, select_on: validation_accuracy, early_stopping: {patience: 1}",
    "optimizer: {kind: sgd, learning_rate: 0.1}", "optimizer: {kind: sgd, learning_rate: 0.1, momentum: 0.9}",
    "optimizer: {kind: adamax, learning_rate: 1e-2}, shuffle: false, drop_last: false, clip_norm: 0.1",
    "optimizer: {kind: adamw, learning_rate: 1e-2, weight_decay: 0.1}",
    "schedule: {kind: step, every: 3, factor: 0.5, warmup_epochs: 2}", "schedule: {kind: exponential, factor: 0.9}",
    "schedule: {kind: cosine, epochs: 12}",
    // Its metric is unknown after the last epoch of the short run, as seen from the long one.
    "evaluate_every: 3, schedule: {kind: plateau, metric: validation_accuracy, patience: 0, factor: 0.5}",
  ])
  func endTheSame(_ training: String) throws {
    let own = training.contains("optimizer") ? "evaluate_every: 3, " : ""
    let text = Self.experiment(own + training).replacing(
      "optimizer: {kind: adam, learning_rate: 1e-2}, ",
      with: training.contains("optimizer") ? "" : "optimizer: {kind: adam, learning_rate: 1e-2}, ")
    let (long, continued) = (try Sweep(text), try Sweep(text))
    _ = try run(long, "training.epochs=17")
    _ = try run(continued)
    let short = try #require(continued.runs.first)
    let before = try files(continued, short)
    let output = try run(continued, "training.epochs=17")
    let run = try #require(long.runs.first)
    #expect(
      output.err.contains("resumed  \(run): after epoch ") && output.err.contains(" of \(short)"), "\(output.err)")
    #expect(continued.log(run).contains("continued from \(short) after epoch "))
    #expect(try files(continued, short) == before)
    try expectSame(continued, as: long, training)
  }

  /// Step by step, and killed after each.
  @Test func killedOnTheWay() throws {
    let text = Self.experiment("evaluate_every: 7, select_on: validation_loss")
    let (long, continued) = (try Sweep(text), try Sweep(text))
    _ = try run(long, "training.epochs=600")
    _ = try run(continued)
    _ = try run(continued, "training.epochs=15")
    for kill in 0..<3 {
      let process = try continued.start("training.epochs=600", environment: Self.slow)
      continued.waitForLog(containing: ["epoch 17,", "epoch 40,", "epoch 60,"][kill])
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let output = try run(continued, "training.epochs=600")
    let name = try #require(long.runs.first)
    #expect(continued.log(name).contains("continued from") && continued.log(name).contains("resumed after epoch"))
    #expect(output.err.contains("resumed  \(name): after epoch"), "\(output.err)")
    try expectSame(continued, as: long, "killed")
    // What the checkpoint remembers.
    let status = try Program.run(["status", "--json", continued.root + "/runs/" + name])
    #expect(status.out.contains("\"continued_after_epoch\": 15, \"can_be_trained_further\": true"), "\(status.out)")
  }

  @Test func aSweepWithSeeds() throws {
    let text = Self.experiment(
      "select_on: validation_accuracy", more: "seeds: [0, 1]\nsweep: {grid: {network.tau_mem: [5 ms, 10 ms]}}\n")
    let (long, continued) = (try Sweep(text), try Sweep(text))
    let more = ["-j2", "--threads", "1", "training.epochs=12"]
    #expect(try Program.run(long.arguments(more)).status == 0)
    _ = try run(continued)
    func plan() throws -> Program.Output {
      try Program.run(["plan", continued.file, "-o", continued.folder.path + "/results", "training.epochs=12"])
    }
    let before = try plan()
    #expect(before.out.contains("from epoch") && before.out.components(separatedBy: " 8\n").count == 5, "\(before)")
    #expect(before.err.contains("4 runs: 4 pending\n4 runs will continue from finished runs"), "\(before)")
    #expect(try Program.run(continued.arguments(more)).status == 0)
    try expectSame(continued, as: long, "-j2")
    let after = try plan()
    #expect(!after.out.contains("from epoch") && after.err == "4 runs: 4 done\n", "\(after)")
    // Only the planned runs are in the tables: not both lengths.
    #expect(continued.runs.count == 8 && continued.text("summary.csv").split(separator: "\n").count == 5)
    #expect(try Program.run(["status", continued.root]).out.contains("4 more run folders of other settings"))
    let table = try Program.run(["table", continued.root])
    #expect(table.err.contains("4 run folders") && !table.err.contains("mix"), "\(table)")
    // Without the plan nothing tells which are wanted.
    try FileManager.default.removeItem(atPath: continued.root + "/plan.csv")
    let all = try Program.run(["table", continued.root])
    #expect(all.err.contains("8 runs share seed and swept values"), "\(all)")
  }

  /// A sweep over the number of epochs: later runs continue from earlier ones of the same call.
  @Test func epochsMayBeSwept() throws {
    let (both, alone) = (try Sweep(Self.experiment("")), try Sweep(Self.experiment("")))
    let output = try run(both, "training.epochs=2,5,9")
    #expect(output.err.components(separatedBy: "resumed").count == 3, "\(output.err)")
    for epochs in ["2", "5", "9"] { _ = try run(alone, "training.epochs=\(epochs)", "--force") }
    for run in alone.runs {
      let same = try #require(both.runs.first { $0.suffix(12) == run.suffix(12) })
      for name in ["weights.h5", "state.h5", "recordings.h5", "predictions.csv"] {
        #expect(
          try both.folder.contents("results/sweep/runs/\(same)/\(name)")
            == alone.folder.contents("results/sweep/runs/\(run)/\(name)"), "\(name)")
      }
      #expect(!alone.log(run).contains("continued from"))
    }
  }

  /// Schedules that follow the number of epochs, and one that no longer does when its length is given.
  @Test(arguments: ["cosine", "one_cycle"]) func schedulesOfTheWholeLengthStartOver(_ kind: String) throws {
    let sweep = try Sweep(Self.experiment("schedule: {kind: \(kind)}"))
    _ = try run(sweep)
    let plan = try Program.run(["plan", sweep.file, "-o", sweep.folder.path + "/results", "training.epochs=12"])
    let output = try run(sweep, "training.epochs=12")
    for text in [plan.err, output.err] {
      #expect(
        text.replacing("\n", with: " ").contains("the \(kind) schedule depends on training.epochs")
          && text.contains("8 epochs"), "\(text)")
    }
    #expect(!output.err.contains("resumed") && !plan.out.contains("from epoch"), "\(output.err)")
  }

  @Test func withoutState() throws {
    let sweep = try Sweep(Self.experiment(""))
    let check = try Program.run(["check", sweep.file, "record.state=false"])
    #expect(check.out.contains("state: not kept"), "\(check.out)")
    _ = try run(sweep, "record.state=false")
    let short = try #require(sweep.runs.first)
    let folder = "results/sweep/runs/\(short)/"
    #expect(!sweep.folder.files.contains(folder + "state.h5"))
    // It is no reason to train again, and neither is the state of a run that need not keep it.
    #expect(try run(sweep).err.contains("skipped"))
    let output = try run(sweep, "training.epochs=9")
    #expect(
      output.err.contains("state.h5, from which a run can be trained further, was not kept")
        && output.err.contains("(\(short), 8 epochs)") && output.err.contains("leave record.state at true"),
      "\(output.err)")
    let long = try #require(sweep.runs.first { $0 != short })
    #expect(
      !sweep.log(long).contains("continued") && sweep.folder.files.contains("results/sweep/runs/\(long)/state.h5"))
    #expect(try run(sweep, "training.epochs=9", "record.state=false").err.contains("skipped"))
    #expect(sweep.folder.files.contains("results/sweep/runs/\(long)/state.h5"))
    let status = try Program.run(["status", sweep.root + "/runs/" + short])
    #expect(status.out.contains("further training: not possible, state.h5 was not kept"), "\(status.out)")
    // Trained again without it.
    #expect(try run(sweep, "training.epochs=9", "record.state=false", "--force").status == 0)
    #expect(!sweep.folder.files.contains("results/sweep/runs/\(long)/state.h5"))
  }

  private enum Damage: CaseIterable {
    case missing, cut, changed, foreign, pipe
  }

  /// A damaged state is no damage of the run, and is never used.
  @Test(arguments: Damage.allCases) private func damagedState(_ damage: Damage) throws {
    let text = Self.experiment("")
    let (long, sweep) = (try Sweep(text), try Sweep(text))
    _ = try run(long, "training.epochs=10")
    _ = try run(sweep)
    let short = try #require(sweep.runs.first)
    let path = "results/sweep/runs/\(short)/state.h5"
    let absolute = sweep.folder.path + "/" + path
    var bytes = [UInt8](try sweep.folder.contents(path))
    switch damage {
    case .missing: try FileManager.default.removeItem(atPath: absolute)
    case .cut: try sweep.folder.write(Array(bytes.dropLast()), path)
    case .changed:
      bytes[bytes.count / 2] ^= 1
      try sweep.folder.write(bytes, path)
    case .foreign:
      try sweep.folder.write(
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: sweep.root + "/runs/\(short)/weights.h5"))), path)
    case .pipe:
      try FileManager.default.removeItem(atPath: absolute)
      #expect(mkfifo(absolute, 0o600) == 0)
    }
    let status = try Program.run(["status", sweep.root])
    #expect(status.out.contains("1 run: 1 done"), "\(status.out)")
    #expect(try run(sweep).err.contains("skipped"))
    let output = try run(sweep, "training.epochs=10")
    #expect(output.err.contains("state.h5") && !output.err.contains("resumed"), "\(output.err)")
    try expectSame(sweep, as: long, "\(damage)")
  }

  /// A state whose numbers are not those of the run, although `run.json` vouches for the file.
  @Test(arguments: ["weights", "best", "steps", "identity", "shape", "nothing"]) func forgedState(_ part: String) throws
  {
    let sweep = try Sweep(Self.experiment("select_on: validation_accuracy"))
    _ = try run(sweep)
    let short = try #require(sweep.runs.first)
    let path = "results/sweep/runs/\(short)/state.h5"
    let before = try HDF5File.reading(image: [UInt8](try sweep.folder.contents(path)))
    let file = try HDF5File.inMemory()
    try file.writeStrings([part == "identity" ? "0" : try before.readStrings("identity")[0]], to: "identity")
    for group in part == "nothing" ? [] : ["weights", "optimizer/first", "optimizer/second", "best/weights"] {
      for name in ["hidden/0/input", "hidden/0/recurrent", "readout/input"] {
        var (values, shape) = try before.readFloats("\(group)/\(name)")
        if part == "weights", group == "weights" { values[1] = .nan }
        if part == "shape", group == "best/weights" { shape = [1] + shape }
        try file.write(values, shape: shape, to: "\(group)/\(name)")
      }
    }
    try file.write([part == "steps" ? Int64.max : 24], shape: [1], to: "optimizer/steps")
    try file.write(
      [Int64(part == "best" ? 9 : Int(try before.readIntegers("best/epoch")[0]))], shape: [1], to: "best/epoch")
    try file.write(try before.readDoubles("best/value").values, shape: [1], to: "best/value")
    let image = try file.image()
    try vouch(for: image, short, sweep)
    let output = try run(sweep, "training.epochs=9")
    #expect(output.err.contains("can't continue from \(short): ") && !output.err.contains("resumed"), "\(output.err)")
  }

  /// Puts a state in place of a run's own, and its hash into the report.
  private func vouch(for state: [UInt8], _ run: String, _ sweep: Sweep) throws {
    let folder = "results/sweep/runs/\(run)"
    try sweep.folder.write(state, folder + "/state.h5")
    let json = try JSONSerialization.jsonObject(with: sweep.folder.contents(folder + "/run.json"))
    var report = try #require(json as? [String: Any])
    var files = try #require(report["files"] as? [String: Any])
    files["state.h5"] = ["size": state.count, "sha256": ContentHash(of: state).description]
    report["files"] = files
    try sweep.folder.write([UInt8](try JSONSerialization.data(withJSONObject: report)), folder + "/run.json")
  }

  /// Whatever the file is: the run ends, in time, with results or an error.
  @Test func damagedStatesThatTheReportVouchesFor() throws {
    let sweep = try Sweep(Self.experiment("select_on: validation_accuracy"))
    _ = try run(sweep)
    let short = try #require(sweep.runs.first)
    let state = [UInt8](try sweep.folder.contents("results/sweep/runs/\(short)/state.h5"))
    for seed in 0..<UInt64(Int(ProcessInfo.processInfo.environment["SNNEXP_FUZZ"] ?? "") ?? 12) {
      var mutator = FileMutator(seed: seed)
      try vouch(for: mutator.damaged(state), short, sweep)
      let output = try Program.run(sweep.loudArguments(["training.epochs=9"]), measuring: true)
      #expect(output.status == 1 || output.problems.isEmpty, "seed \(seed): \(output)")
      for run in sweep.runs where run != short {
        try FileManager.default.removeItem(atPath: sweep.root + "/runs/" + run)
      }
    }
  }

  /// A changed history is no part of a longer one.
  @Test func changedHistory() throws {
    let text = Self.experiment("")
    let (long, sweep) = (try Sweep(text), try Sweep(text))
    _ = try run(long, "training.epochs=9")
    _ = try run(sweep)
    let short = try #require(sweep.runs.first)
    let path = "results/sweep/runs/\(short)/history.csv"
    var bytes = [UInt8](try sweep.folder.contents(path))
    let digit = try #require(bytes.lastIndex(of: UInt8(ascii: "1")))
    bytes[digit] = UInt8(ascii: "2")
    try sweep.folder.write(bytes, path)
    let output = try run(sweep, "training.epochs=9")
    #expect(
      output.err.contains("can't continue from \(short): history.csv has changed since the run ended"), "\(output.err)")
    try expectSame(sweep, as: long, "history")
  }

  /// From nothing but the initial weights there is nothing to continue.
  @Test func noEpochs() throws {
    let sweep = try Sweep(Self.experiment(""))
    _ = try run(sweep, "training.epochs=0")
    #expect(!sweep.folder.files.contains { $0.hasSuffix("state.h5") })
    let output = try run(sweep, "training.epochs=2")
    #expect(!output.err.contains("state.h5") && !output.err.contains("resumed"), "\(output.err)")
    #expect(try run(sweep, "training.epochs=3").err.contains("after epoch 2 of "))
  }
}
