import Foundation
import Testing

/// Which run a configuration is, and where its results are found.
@Suite struct RunIdentityTests {
  private static let tiny = Small.experiment(
    train: 40, test: 20, timeBins: 20, network: "hidden: 8", training: "epochs: 1, batch_size: 20", record: 1)

  private func trainings(_ sweep: Sweep) -> [Int] { sweep.runs.map { sweep.count("started", $0) } }

  /// Two values whose identities agree in the 32 bits that once distinguished runs.
  @Test func theWholeHashTellsRunsApart() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run("network.tau_mem=2.37054370544ms,6.40825408254ms").status == 0)
    #expect(sweep.runs.count == 2 && trainings(sweep) == [1, 1])
    let endings = sweep.runs.map { $0.suffix(13) }
    #expect(Set(endings).count == 2 && endings.allSatisfy { $0.hasPrefix("-") })
    for run in sweep.runs {
      let report = sweep.text("runs/\(run)/run.json")
      let hash = try #require(report.firstMatch(of: /"hash" : "([0-9a-f]{64})"/)?.1)
      #expect(run.hasSuffix(hash.prefix(12)) && run.count <= 64)
    }
    let losses = Set(sweep.runs.map { sweep.text("runs/\($0)/run.json").firstMatch(of: /"train_loss" : ([0-9.]+)/)?.1 })
    #expect(losses.count == 2)
  }

  @Test func sweptKeysMayComeAndGo() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run().status == 0)
    // The same configuration, written differently.
    for change in [
      ["network.hidden=8"], ["network.hidden=[8]"], ["network.hidden=[{units: 8}]"],
      ["training.regularizer={total_spikes: 0, neuron_spikes_squared: 0}"], ["training.regularizer=none"],
      ["network.tau_mem=0.01s"], ["data.max_time=1000ms"],
    ] {
      let output = try Program.run(sweep.arguments(change))
      #expect(output.status == 0 && trainings(sweep) == [1], "\(change): \(output.err)")
    }
    let first = try #require(sweep.runs.first)
    #expect(try sweep.run("network.hidden=8,9").status == 0)
    #expect(trainings(sweep).sorted() == [1, 1])
    // The tables have the swept key, though the run's own do not.
    let rows = sweep.text("summary.csv").split(separator: "\n")
    #expect(rows[0].hasPrefix("run_id,seed,network.hidden,state,"))
    #expect(rows.contains { $0.hasPrefix("\(first),0,8,done,1,") })
    #expect(sweep.text("history.csv").contains("\n\(first),0,8,1,"))
  }

  /// The folder name does not matter.
  @Test func foldersMayBeRenamed() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run("seeds=0,1").status == 0)
    let (a, b) = (sweep.runs[0], sweep.runs[1])
    let root = sweep.root + "/runs/"
    let files = FileManager.default
    func results() -> [String] {
      sweep.text("summary.csv").split(separator: "\n").dropFirst().map {
        $0.split(separator: ",").dropFirst().joined(separator: ",")
      }
    }
    let before = results()
    // Each under the other's name.
    try files.moveItem(atPath: root + a, toPath: root + "x")
    try files.moveItem(atPath: root + b, toPath: root + a)
    try files.moveItem(atPath: root + "x", toPath: root + b)
    #expect(try sweep.run("seeds=0,1").status == 0)
    #expect(trainings(sweep) == [1, 1] && results() == before)
    try files.moveItem(atPath: root + a, toPath: root + "best")
    #expect(try sweep.run("seeds=0,1").status == 0)
    #expect(sweep.runs.sorted() == [b, "best"].sorted() && trainings(sweep) == [1, 1] && results() == before)
    // A name already used by another run, as if two shared 12 digits of their hash: both are kept.
    try files.moveItem(atPath: root + "best", toPath: root + "later")
    try files.moveItem(atPath: root + b, toPath: root + a)
    try files.removeItem(atPath: root + "later")
    #expect(try sweep.run("seeds=0,1").status == 0)
    #expect(sweep.runs.count == 2 && results() == before)
  }

  @Test func equalPointsAreOneRun() throws {
    let sweep = try Sweep(Self.tiny)
    let output = try Program.run(sweep.loudArguments(["network.hidden=8,[8],9"]))
    #expect(output.status == 0 && sweep.runs.count == 2, "\(output.err)")
    #expect(output.err.contains("1 of 3 planned runs duplicates another one: for example, hidden__8_-seed_0"))
    #expect(sweep.text("plan.csv").split(separator: "\n").count == 3)
  }

  /// Processes whose sweeps name the same runs differently still share them.
  @Test func differentSweepsShareTheirRuns() throws {
    let sweep = try Sweep(Self.tiny.replacingOccurrences(of: "epochs: 1", with: "epochs: 40"))
    let sweeps = ["network.hidden=8", "network.hidden=8,16", "network.hidden=8,16,24", "network.hidden=8,32"]
    let processes = try sweeps.map { try sweep.start("-j", "1", "--threads", "1", "seeds=0..3", $0) }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    // 8, 16, 24 and 32 units with four seeds, each once.
    #expect(sweep.runs.count == 16 && Set(sweep.runs.map { $0.suffix(12) }).count == 16, "\(sweep.runs)")
    for run in sweep.runs { #expect(sweep.count("done", run) == 1, "\(sweep.log(run))") }
  }

  /// A copy of a run is not a second run, even without a plan.
  @Test func copiesCountOnce() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run("seeds=0,1").status == 0)
    let run = try #require(sweep.runs.first)
    let root = sweep.root + "/runs/"
    try FileManager.default.copyItem(atPath: root + run, toPath: root + "copy")
    try FileManager.default.removeItem(atPath: sweep.root + "/plan.csv")
    let table = try Program.run(["table", sweep.root, "--csv"])
    #expect(table.out.split(separator: "\n").count == 3, "\(table.out)")
  }

  @Test func onlyTakesValuesWithCommas() throws {
    let sweep = try Sweep(Self.tiny + "sweep: {grid: {network.hidden: [8, [8, 9], [9, 9]]}}\n")
    for (only, count) in [("network.hidden=[8,9]", 1), ("hidden=8,[9, 9]", 2), ("hidden=[8, 9],[9, 9]", 2)] {
      let output = try Program.run(sweep.arguments(["-n", "--json", "--only", only]))
      #expect(output.out.split(separator: "\n").count == count, "\(only): \(output)")
    }
  }

  /// Names are cut at the front: selection by value never depends on that.
  @Test func onlyMatchesWholeValues() throws {
    let sweep = try Sweep(
      Self.tiny + """
        seeds: [0, 1]
        sweep:
          grid:
            training.optimizer.learning_rate: [0.001, 0.0015]
            network.surrogate.scale: [100, 50]
            network.readout.tau_mem: [10 ms, 20 ms]

        """)
    func chosen(_ only: String) throws -> Int {
      let output = try Program.run(sweep.arguments(["-n", "--json", "--only", only]))
      return output.status == 0 ? output.out.split(separator: "\n").count : -Int(output.status)
    }
    #expect(try chosen("*rate_0.001-*") == 8)
    #expect(try chosen("*rate_0.001*") == 16)
    #expect(try chosen("learning_rate=0.001") == 8 && chosen("training.optimizer.learning_rate=1e-3") == 8)
    #expect(try chosen("network.readout.tau_mem=0.01s") == 8 && chosen("tau_mem=20ms,10 ms") == 16)
    #expect(try chosen("seed=1") == 8 && chosen("scale=5*") == 8)
    #expect(try chosen("seed=7") == -2 && chosen("hidden=8") == -2 && chosen("rate_0.001") == -2)
  }
}
