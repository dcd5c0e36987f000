import CSV
import Files
import Foundation
import TestSupport
import Testing

/// The tables above the run folders, including what folders of earlier versions contribute.
@Suite struct TableFileTests {
  private static let tiny = """
    experiment: sweep
    data: {source: synthetic, synthetic: {train_samples: 40, test_samples: 20}, time_bins: 20}
    network: {hidden: 8}
    training: {epochs: 1, batch_size: 20}
    record: {samples: 0}

    """

  private func table(_ sweep: Sweep, _ name: String) -> CSVTable { CSVTable(text: sweep.text(name)) }

  @Test func timesStandInSecondsToo() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run("network.tau_mem=5 ms,20 ms", "network.time_step=1 ms,bin", "network.hidden=8,9").status == 0)
    let keys = ["network.tau_mem", "network.time_step", "network.hidden"]
    let seconds = ["network.tau_mem_s", "network.time_step_s"]
    #expect(table(sweep, "plan.csv").header == ["run_id", "seed"] + keys + seconds)
    let history = table(sweep, "history.csv").header
    #expect(Array(history.prefix(6)) == ["run_id", "seed"] + keys + ["epoch"])
    #expect(history.suffix(4) == ["synaptic_operations"] + seconds + ["epoch_seconds"])
    let summary = table(sweep, "summary.csv").header
    #expect(Array(summary.suffix(5)) == seconds + ["parameters", "selected_epoch", "selected_on"])
    #expect(Array(table(sweep, "aggregate.csv").header.suffix(3)) == seconds + ["selected_on"])
    for name in ["plan.csv", "history.csv", "summary.csv", "aggregate.csv"] {
      let table = table(sweep, name)
      #expect(table.rows.count == 8)
      let texts = ["5 ms": "0.005", "20 ms": "0.02", "1 ms": "0.001", "bin": ""]
      for (key, column) in zip(keys, seconds) {
        #expect(table.column(column) == table.column(key).map { texts[$0] ?? "?" }, "\(name) \(column)")
      }
    }
    // They are neither swept keys nor results, with run folders or without.
    let before = try Program.run(["table", sweep.root, "--csv"]).out
    #expect(
      !before.contains("_s,") && before.hasPrefix("run_id,seed,network.tau_mem,network.time_step,network.hidden,state"))
    #expect(!(try Program.run(["status", sweep.root, "--json"]).out.contains("tau_mem_s")))
    try FileManager.default.removeItem(atPath: sweep.root + "/runs")
    #expect(try Program.run(["table", sweep.root, "--csv"]).out == before)
  }

  @Test func speakersHaveATable() throws {
    let sweep = try Sweep(
      Self.tiny.replacing(
        "{train_samples: 40, test_samples: 20}, ",
        with: "{train_samples: 480, test_samples: 240}, validation: {speakers: [3, 8]}, "))
    let output = try Program.run(sweep.loudArguments(["network.tau_mem=5 ms,20 ms", "seeds=0,1"]))
    #expect(output.status == 0, "\(output)")
    let speakers = table(sweep, "speakers.csv")
    #expect(
      speakers.header == [
        "run_id", "seed", "network.tau_mem", "split", "speaker", "samples", "accuracy", "in_training",
        "network.tau_mem_s",
      ])
    let summary = table(sweep, "summary.csv")
    for (index, run) in summary.column("run_id").enumerated() {
      let rows = speakers.rows.filter { $0[0] == run }
      for (split, count, all) in [("train", 400, 10), ("validation", 80, 2), ("test", 240, 12)] {
        let own = rows.filter { $0[3] == split }
        #expect(own.count == all && own.compactMap { Int($0[5]) }.reduce(0, +) == count)
        let correct = own.reduce(0) { $0 + (Double($1[5]) ?? 0) * (Double($1[6]) ?? 0) }
        let accuracy = try #require(Double(summary.column("\(split)_accuracy")[index]))
        #expect(abs(correct / Double(count) - accuracy) < 1e-9)
        #expect(own.allSatisfy { ($0[7] == "no") == ["3", "8"].contains($0[4]) }, "\(own)")
      }
    }
    #expect(output.out.contains("test accuracy by speaker (*: not in training):") && output.out.contains(" 3* "))
    #expect(output.err.contains("sample standard deviation (n - 1)"))
    let evaluation = try Program.run(["eval", sweep.root + "/runs/" + sweep.runs[0]])
    #expect(evaluation.out.contains(#/speaker 3: [0-9.]+ % of 20, not in training\n/#), "\(evaluation)")
    #expect(evaluation.out.contains(#/speaker 4: [0-9.]+ % of 20\n/#))
  }

  /// Run folders as they were before `run.json` had the results: summary.csv and validation_samples.csv in each.
  @Test func runsOfEarlierVersionsStayFinished() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run("network.tau_mem=5 ms,20 ms").status == 0)
    let before = try sweep.results()
    let shown = try Program.run(["table", sweep.root, "--csv"]).out
    let summary = table(sweep, "summary.csv")
    for run in sweep.runs {
      let folder = "results/sweep/runs/\(run)/"
      let row = try #require(summary.rows.first { $0[0] == run })
      let columns = summary.header.indices.filter { summary.header[$0] != "network.tau_mem_s" }
      var own = CSVWriter(header: columns.map { summary.header[$0] })
      own.add(columns.map { row[$0] })
      try sweep.folder.write(Array(own.text.utf8), folder + "summary.csv")
      let path = sweep.root + "/runs/\(run)/run.json"
      var report = try #require(
        try JSONSerialization.jsonObject(with: try sweep.folder.contents(folder + "run.json")) as? [String: Any])
      for key in ["results", "speakers", "swept"] { report[key] = nil }
      var files = try #require(report["files"] as? [String: Any])
      files["summary.csv"] = ["size": own.text.utf8.count, "sha256": ContentHash(of: own.text).description]
      report["files"] = files
      try JSONSerialization.data(withJSONObject: report).write(to: URL(fileURLWithPath: path))
    }
    #expect(try Program.run(["table", sweep.root, "--csv"]).out == shown)
    #expect(try sweep.run("network.tau_mem=5 ms,20 ms").status == 0)
    for run in sweep.runs { #expect(sweep.count("started", run) == 1 && sweep.count("incomplete", run) == 0) }
    #expect(try sweep.results() == before)
    // Still checked, and rebuilt in the current form.
    let first = try #require(sweep.runs.first)
    try sweep.folder.write(Array("x".utf8), "results/sweep/runs/\(first)/summary.csv")
    #expect(try Program.run(["status", sweep.root]).out.contains("1 damaged"))
    #expect(try sweep.run("network.tau_mem=5 ms,20 ms").status == 0)
    #expect(sweep.count("started", first) == 1 && sweep.text("runs/\(first)/summary.csv").isEmpty)
    #expect(try sweep.results() == before)
    #expect(try Program.run(["table", sweep.root, "--csv"]).out == shown)
  }

  /// `run.json` is laid out for people: one line for each member of each member.
  @Test func reportsAreReadable() throws {
    let sweep = try Sweep(Self.tiny)
    #expect(try sweep.run().status == 0)
    let text = sweep.text("runs/\(try #require(sweep.runs.first))/run.json")
    #expect(text.hasPrefix("{\n  \"class_names\"") || text.hasPrefix("{\n  \"classes\" : 20,\n"), "\(text)")
    #expect(text.contains("\n  \"state\" : \"done\",\n") && text.hasSuffix("\n}\n"))
    #expect(text.contains(#/\n    "weights\.h5" : \{"sha256" : "[0-9a-f]{64}", "size" : [0-9]+\}\n  \},\n/#), "\(text)")
  }
}
