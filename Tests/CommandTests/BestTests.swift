import Foundation
import Testing

/// `snnexp best` and the other summaries of several seeds.
@Suite struct BestTests {
  /// A sweep with handwritten validation accuracies: the luckiest seed is at 10 ms, the better mean at 5 ms.
  private func results() throws -> (path: String, folder: Folder) {
    let folder = try Folder()
    let root = folder.path + "/results/sweep"
    func write(_ text: String, _ name: String) throws {
      let path = root + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    var plan = "run_id,seed,network.tau_mem\n"
    for (point, (tau, values)) in [("10 ms", ["0.5", "0.875", ""]), ("5 ms", ["0.75", "0.75", "0.6"])].enumerated() {
      for (seed, value) in values.enumerated() {
        let id = "r\(point)-\(seed)"
        plan += "\(id),\(seed),\(tau)\n"
        try write(
          Small.sweep.replacing("seeds: [0, 1]", with: "seeds: [\(seed)]").replacing(
            "sweep: {grid: {network.tau_mem: [10 ms, 5 ms]}}\n", with: ""
          ).replacing(
            "hidden: 16", with: "hidden: 16, tau_mem: \(tau)"), "runs/\(id)/config.yaml")
        if value.isEmpty {
          try write(#"{"state": "failed", "seed": \#(seed), "error": "the loss is nan"}"#, "runs/\(id)/run.json")
          continue
        }
        try write(#"{"state": "done", "seed": \#(seed), "epochs_done": 2}"#, "runs/\(id)/run.json")
        // Not every run has a test loss.
        try write(
          "run_id,seed,network.tau_mem,state,epochs,validation_accuracy,test_loss\n"
            + "\(id),\(seed),\(tau),done,2,\(value),\(seed == 0 ? "0.5" : "")\n", "runs/\(id)/summary.csv")
      }
    }
    try write(plan, "plan.csv")
    return (root, folder)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func pointsAreComparedByTheirMeans() throws {
    let (results, folder) = try results()
    let best = try Program.run(["best", results])
    let lines = best.out.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(
      lines.prefix(6) == [
        "best by mean validation_accuracy: network.tau_mem 5 ms", "validation_accuracy: 70.0 +- 8.7 % (3)",
        "compared: 2 of 2 sweep points", "run: r1-0: 75.0 %", "run: r1-1: 75.0 %", "run: r1-2: 60.0 %",
      ], "\(best.out)")
    #expect(best.status == 0 && best.err.isEmpty, "\(best.err)")
    // The configuration is an experiment of the whole point.
    let yaml = try #require(best.out.range(of: "\n\n")).upperBound
    let file = try folder.write(String(best.out[yaml...]), "best.yaml")
    let plan = try Program.run(["plan", file, "--json"])
    let runs = try #require(try JSONSerialization.jsonObject(with: Data(plan.out.utf8)) as? [[String: Any]])
    #expect(runs.map { $0["seed"] as? Int } == [0, 1, 2], "\(plan.err)")
    let json = try object(try Program.run(["best", results, "--json"]).out)
    #expect(
      Set(json.keys) == [
        "metric", "value", "std", "n", "n_failed", "swept", "seeds", "runs", "compared", "tied", "chosen_on_test",
        "folder", "config",
      ])
    #expect(
      json["metric"] as? String == "validation_accuracy" && json["n"] as? Int == 3 && json["n_failed"] as? Int == 0)
    #expect(abs(try #require(json["value"] as? Double) - 0.7) < 1e-15)
    // Squares of 0.05, 0.05 and 0.1 over two.
    #expect(abs(try #require(json["std"] as? Double) - 0.0075.squareRoot()) < 1e-15)
    #expect(json["seeds"] as? [Int] == [0, 1, 2] && json["runs"] as? [String] == ["r1-0", "r1-1", "r1-2"])
    #expect((json["swept"] as? [String: String]) == ["network.tau_mem": "5 ms"])
    #expect((json["config"] as? [String: Any])?["seeds"] as? [Int] == [0, 1, 2])
  }

  @Test func theSingleBestRunIsCalledLucky() throws {
    let (results, folder) = try results()
    defer { withExtendedLifetime(folder) {} }
    let best = try Program.run(["best", results, "--single-run"])
    #expect(best.status == 0)
    #expect(
      best.out.hasPrefix("best single run (its luckiest seed) by validation_accuracy: r0-1\n"), "\(best.out)")
    #expect(best.err.contains("luckiest of 2 seeds"), "\(best.err)")
    let json = try object(try Program.run(["best", results, "--single-run", "--json"]).out)
    #expect(json["run_id"] as? String == "r0-1" && json["value"] as? Double == 0.875 && json["seed"] as? Int == 1)
  }

  @Test func aPointWithFailedRunsSaysSo() throws {
    let (results, folder) = try results()
    defer { withExtendedLifetime(folder) {} }
    // Without the others' point it is the best there is.
    for seed in 0..<3 {
      try #"{"state": "failed", "seed": 0, "error": "x"}"#.write(
        toFile: "\(results)/runs/r1-\(seed)/run.json", atomically: true, encoding: .utf8)
    }
    let best = try Program.run(["best", results])
    #expect(best.out.contains("network.tau_mem 10 ms\nvalidation_accuracy: 68.8 +- 26.5 % (2 of 3)\n"), "\(best.out)")
    #expect(best.out.contains("compared: 1 of 2 sweep points (") && best.out.contains("run: r0-2: failed"))
    #expect(best.err.contains("only 2 of this point's 3 runs") && best.err.contains("1 failed"), "\(best.err)")
    let json = try object(try Program.run(["best", results, "--json"]).out)
    #expect(json["n"] as? Int == 2 && json["n_failed"] as? Int == 1 && json["compared"] as? Int == 1)
  }

  @Test func eachMetricOfAGroupHasItsOwnCount() throws {
    let (results, folder) = try results()
    defer { withExtendedLifetime(folder) {} }
    let table = try Program.run(["table", results, "--group-by", "tau_mem", "--csv"])
    let rows = table.out.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    func column(_ name: String) throws -> [Substring] {
      let position = try #require(rows.first?.firstIndex(of: Substring(name)))
      return rows.dropFirst().map { $0[position] }
    }
    #expect(try column("n") == ["2", "3"] && column("n_failed") == ["1", "0"])
    #expect(try column("validation_accuracy_n") == ["2", "3"] && column("test_loss_n") == ["1", "1"])
    let header = try #require(rows.first).map(String.init)
    let mean = try #require(header.firstIndex(of: "test_loss_mean"))
    #expect(
      header[mean...].prefix(5) == ["test_loss_mean", "test_loss_std", "test_loss_min", "test_loss_max", "test_loss_n"])
  }

  @Test func theFinishedEventIsThatOfTheSelectedEpoch() throws {
    let folder = try Folder()
    let file = try folder.write(
      Small.sweep.replacing("epochs: 2,", with: "epochs: 6, select_on: validation_accuracy,"))
    let output = try Program.run(["run", file, "-o", folder.path + "/r", "--no-plots", "--json"])
    let events = try output.out.split(separator: "\n").map { try object(String($0)) }
    let finished = events.filter { $0["event"] as? String == "finished" }
    #expect(finished.count == 4)
    var differs = false
    for event in finished {
      let epochs = events.filter {
        $0["event"] as? String == "epoch" && $0["run_id"] as? String == event["run_id"] as? String
      }
      let selected = try #require(epochs.first { $0["epoch"] as? Int == event["selected_epoch"] as? Int })
      let loss = try #require(event["train_loss"] as? Double)
      #expect(loss == selected["train_loss"] as? Double)
      differs = differs || loss != epochs.last?["train_loss"] as? Double
      let id = try #require(event["run_id"] as? String)
      #expect(
        output.err.split(separator: "\n").contains {
          $0.hasPrefix("done") && $0.contains(id) && $0.contains("loss \(String(format: "%.3f", loss)),")
        }, "\(output.err)")
    }
    // Otherwise the test could not fail.
    #expect(differs)
  }
}
