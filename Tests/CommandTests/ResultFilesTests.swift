import Foundation
import HDF5
import Testing

/// Results changed since the run ended: reported by readers, repaired by `run`.
@Suite struct ResultFilesTests {
  private static let tiny = Small.experiment(
    train: 40, test: 20, timeBins: 20, validation: 0.25, network: "hidden: 8", training: "epochs: 2, batch_size: 15",
    record: 2)

  private enum Damage: CaseIterable {
    case missing, cut, changed, empty
    func apply(_ path: String) throws {
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      switch self {
      case .missing: return try FileManager.default.removeItem(atPath: path)
      case .cut: bytes.removeLast()
      case .changed: bytes[bytes.count * 2 / 3] ^= 1
      case .empty: bytes = []
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
  }

  @Test func everyFileIsCheckedAndMended() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run().status == 0)
    let run = try #require(sweep.runs.first)
    let folder = sweep.root + "/runs/" + run
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    // A state is no result: see `ContinuedRunTests`.
    let files = names.filter { $0.contains(".") && !["run.json", "log.txt", "state.h5"].contains($0) }.sorted()
    #expect(files.count == 5, "\(files)")
    let before = try sweep.results()
    let tables = ["history.csv"]
    for (index, file) in files.enumerated() {
      // Every kind of damage on every table, one on each of the other files.
      let kinds = tables.contains(file) ? Damage.allCases : [Damage.allCases[index % Damage.allCases.count]]
      for kind in kinds {
        try kind.apply("\(folder)/\(file)")
        // A change in a large file is detected only by `run`.
        if tables.contains(file) || kind != .changed {
          let table = try Program.run(["table", sweep.root, "--csv"])
          #expect(table.out.contains(",damaged,") && table.err.contains("damaged"), "\(file) \(kind): \(table)")
          let status = try Program.run(["status", sweep.root])
          #expect(status.out.contains("1 damaged") && status.out.contains("\(file): "), "\(status)")
          let best = try Program.run(["best", sweep.root])
          #expect(best.status == 2 && best.err.contains("no run has finished"), "\(best)")
        }
        let retrains = ["history.csv", "weights.h5"].contains(file)
        let started = sweep.count("started", run)
        let again = try Program.run(sweep.loudArguments([]))
        #expect(again.status == 0 && again.err.contains("\(run): \(file): "), "\(again.err)")
        #expect(sweep.count("started", run) == started + (retrains ? 1 : 0), "\(file) \(kind)")
        let after = try sweep.results()
        for (name, data) in before { #expect(after[name] == data, "\(file) \(kind): \(name)") }
        #expect(try Program.run(["table", sweep.root]).err.isEmpty)
      }
    }
  }

  /// Changed in place, with the same size: evaluates what was trained, or refuses.
  @Test(arguments: ["weights.h5", "config.yaml"]) func evaluationKnowsItsRun(_ name: String) throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run().status == 0)
    let run = try #require(sweep.runs.first)
    let path = "results/sweep/runs/\(run)/\(name)"
    var bytes = [UInt8](try sweep.folder.contents(path))
    if name == "config.yaml" {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("tau_mem: 10 ms"))
      bytes = Array(text.replacingOccurrences(of: "tau_mem: 10 ms", with: "tau_mem: 90 ms").utf8)
    } else {
      // The sign of a weight.
      bytes[bytes.count * 3 / 4 | 3] ^= 0x80
    }
    try sweep.folder.write(bytes, path)
    let evaluation = try Program.run(["eval", sweep.root + "/runs/" + run])
    #expect(
      evaluation.err.contains(
        name == "weights.h5"
          ? "weights.h5: it has changed since the run ended, so it is not the network that gave the run's results"
          : "(config.yaml: content changed since the run ended): this may evaluate another network"),
      "\(evaluation.err)")
    #expect(!evaluation.err.contains("hash") && evaluation.err.contains("rerun snnexp run"), "\(evaluation.err)")
    #expect(evaluation.status == (name == "weights.h5" ? 2 : 0), "\(evaluation)")
  }

  @Test func damagedRunsAreNotPlannedAsDone() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run().status == 0)
    let run = try #require(sweep.runs.first)
    try FileManager.default.removeItem(atPath: "\(sweep.root)/runs/\(run)/recordings.h5")
    let plan = try Program.run(["plan", sweep.file, "-o", sweep.folder.path + "/results"])
    #expect(plan.status == 0 && plan.out.contains("damaged") && plan.err.contains("1 run: 1 damaged"), "\(plan)")
  }

  /// An empty report does not mean that the run never existed.
  @Test(arguments: ["", "{", "[]", "{\"state\": \"done\"}"]) func anUnreadableReportIsDamage(_ text: String) throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run().status == 0)
    let run = try #require(sweep.runs.first)
    let before = try sweep.results()
    _ = try sweep.folder.write(text, "results/sweep/runs/\(run)/run.json")
    let again = try Program.run(sweep.loudArguments([]))
    #expect(again.status == 0 && again.err.contains("damaged  \(run): run.json: cannot be read; retrained"))
    #expect(sweep.count("started", run) == 2)
    #expect(try sweep.results() == before)
  }

  @Test func heldOutSamplesAreRecorded() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run().status == 0)
    let run = try #require(sweep.runs.first)
    let report = try JSONSerialization.jsonObject(with: try sweep.folder.contents("results/sweep/runs/\(run)/run.json"))
    let held = ((report as? [String: Any])?["validation"] as? [String: Any])?["samples"] as? [Int]
    #expect(held?.count == 10 && held?.allSatisfy { (0..<40).contains($0) } == true)
    #expect(held == held?.sorted() && Set(held ?? []).count == 10)
  }

  @Test func moreRecordingsNeedNoTraining() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run("record.samples=1").status == 0)
    let run = try #require(sweep.runs.first)
    let file = sweep.root + "/runs/" + run + "/recordings.h5"
    #expect(try HDF5File(readingPath: file).shape("hidden/0/spikes") == [1, 20, 8])
    #expect(try sweep.run("record.samples=5").status == 0)
    #expect(try HDF5File(readingPath: file).shape("hidden/0/spikes") == [5, 20, 8])
    #expect(sweep.count("started", run) == 1)
    let five = try sweep.folder.contents("results/sweep/runs/\(run)/recordings.h5")
    // The same as if they had been requested from the start.
    let other = try Sweep(Self.tiny)
    #expect(try other.run("record.samples=5").status == 0)
    #expect(try other.folder.contents("results/sweep/runs/\(run)/recordings.h5") == five)
    // More than there are.
    #expect(try sweep.run("record.samples=99").status == 0)
    #expect(try sweep.run("record.samples=100").status == 0)
    #expect(sweep.count("rebuilt", run) == 2)
  }

  @Test func evaluationOnOtherDataSaysSo() throws {
    let folder = try Folder()
    try folder.write(BadDataTests.SpikeFile().image(), "a.h5")
    let file = try folder.write(
      "experiment: e\ndata: {train: a.h5, test: a.h5, classes: 3}\nnetwork: {hidden: 4}\n"
        + "training: {epochs: 1, batch_size: 2}\n")
    #expect(try Program.run(["run", file, "-o", folder.path + "/r", "--no-plots"]).status == 0)
    let run = try #require(folder.files.first { $0.hasSuffix("/run.json") }?.dropLast("/run.json".count))
    let same = try Program.run(["eval", "\(folder.path)/\(run)"])
    #expect(same.status == 0 && !same.err.contains("changed"), "\(same.err)")
    let report = String(decoding: try folder.contents("\(run)/run.json"), as: UTF8.self)
    #expect(report.contains(#/"data_fingerprint" : \{\s+"test" : "[0-9a-f]{64}",\s+"train" : "[0-9a-f]{64}"/#))
    var other = BadDataTests.SpikeFile()
    other.times[0][0] = 0.15
    try folder.write(other.image(), "a.h5")
    let changed = try Program.run(["eval", "\(folder.path)/\(run)"])
    #expect(changed.status == 0 && changed.err.contains("data.test has changed since the run was trained"))
  }
}
