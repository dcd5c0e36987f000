import CSV
import Foundation
import Plotting
import Testing

private let nowhere = "/nonexistent"

/// Numbers that no results have, and tables that are cut: no figure ends the program, and those concerned say so.
@Suite struct DamagedDataTests {
  private static let values = [
    "1e300", "-1", "nan", "inf", "1e400", "-1e400", "9223372036854775807", "99999999999999999999", "", "0x10",
    "1000000000",
    "007", "1.5", "word", "2147483647",
  ]

  /// The table with one field of a column changed, in the first or the last row.
  private func changed(_ text: String, column: Int, isLast: Bool, to value: String) -> String {
    let table = CSVTable(text: text)
    var rows = table.rows
    rows[isLast ? rows.count - 1 : 0][column] = value
    return CSVTable(header: table.header, rows: rows).text
  }

  /// What no figure says, whatever its data: a script that gnuplot would stumble over, or silence about what is
  /// missing.
  private func expectSound(_ results: [PlotResult], _ change: String) throws {
    #expect(!results.isEmpty)
    for result in results {
      switch result.outcome {
      case .skipped(let note): #expect(!note.isEmpty && result.script == nil, "\(result.kind), \(change)")
      case .scriptOnly:
        let text = try String(contentsOfFile: try #require(result.script), encoding: .utf8)
        for wrong in ["[inf", ":inf", "[nan", ":nan]", ":NaN]", "[-inf", "1e+300"] {
          #expect(!text.contains(wrong), "\(result.kind), \(change): \(wrong)")
        }
      case .drawn, .kept, .failed: Issue.record("\(result) without gnuplot, \(change)")
      }
    }
  }

  @Test func numbersOfARun() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    let run = "runs/\(fixture.runID)/"
    let kinds: [String: [PlotKind]] = [
      "predictions.csv": [.confusion]
    ]
    for (name, kinds) in kinds {
      let sound = try fixture.read(run + name)
      for column in CSVTable(text: sound).header.indices {
        for (index, value) in Self.values.enumerated() {
          try fixture.write(run + name, changed(sound, column: column, isLast: index % 2 == 1, to: value))
          try expectSound(
            Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: kinds), "\(name) \(column) \(value)")
        }
      }
      try fixture.write(run + name, sound)
    }
    // What plots/data says when the run is gone.
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write()
    try FileManager.default.removeItem(atPath: fixture.path + "/runs")
    for name in try FileManager.default.contentsOfDirectory(atPath: fixture.path + "/plots/data") {
      let sound = try fixture.read("plots/data/" + name)
      for column in CSVTable(text: sound).header.indices {
        for (index, value) in Self.values.enumerated() {
          try fixture.write("plots/data/" + name, changed(sound, column: column, isLast: index % 2 == 1, to: value))
          try expectSound(
            Plots(resultsFolder: fixture.path, searchPath: nowhere).write(
              kinds: PlotKind.allCases.filter(\.showsOneRun)), "\(name) \(column) \(value)")
        }
      }
      try fixture.write("plots/data/" + name, sound)
    }
  }

  @Test func numbersOfASweep() throws {
    for axes in [
      [("network.tau_mem", ["5 ms", "10 ms", "20 ms"])],
      [("network.tau_mem", ["5 ms", "10 ms"]), ("network.hidden", ["64", "128"])],
    ] {
      let fixture = try Fixture()
      try fixture.writeSweep(axes, validation: true)
      for name in ["plan.csv", "history.csv", "summary.csv", "aggregate.csv"] {
        let sound = try fixture.read(name)
        for column in CSVTable(text: sound).header.indices {
          for (index, value) in Self.values.enumerated() {
            try fixture.write(name, changed(sound, column: column, isLast: index % 2 == 1, to: value))
            for result in try Plots(resultsFolder: fixture.path, searchPath: nowhere).write() {
              guard let script = result.script else { continue }
              let text = try String(contentsOfFile: script, encoding: .utf8)
              #expect(
                !text.contains("[inf") && !text.contains(":inf") && !text.contains(":NaN]"),
                "\(name) \(column) \(value)")
            }
          }
          // The column is missing.
          let table = CSVTable(text: sound)
          try fixture.write(
            name,
            CSVTable(
              header: table.header.enumerated().filter { $0.offset != column }.map(\.element),
              rows: table.rows.map { $0.enumerated().filter { $0.offset != column }.map(\.element) }
            ).text)
          _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write()
        }
        try fixture.write(name, sound)
      }
    }
  }

  @Test func damageIsSaidInTheNote() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    try fixture.writeRun()
    let plots = Plots(resultsFolder: fixture.path)
    #expect(try plots.write(kinds: [.loss, .rates, .raster, .confusion]).allSatisfy { $0.damage.isEmpty })
    // A cut file; rows that can't be.
    try fixture.write("history.csv", String(try fixture.read("history.csv").dropLast(30)))
    let run = "runs/\(fixture.runID)/"
    try fixture.writeRecordings { $0.inputChannels[7] = 700 }
    try fixture.write(run + "predictions.csv", "sample,label,predicted\n0,0,0\n1,1,1000000\n2,nan,0\n")
    let notes = try plots.write(kinds: [.loss, .rates, .raster, .confusion]).map { $0.note ?? "" }
    #expect(
      notes[0].contains("history.csv is damaged: ") && notes[0].contains("line feed") && notes[0].contains("fields"))
    #expect(!notes[1].contains("damaged"))
    #expect(notes[2].contains("is damaged: it has an input spike of channel 700 in bin 1"), "\(notes[2])")
    #expect(notes[3].contains("2 of 3 rows have no label and prediction"))
  }

  /// What no recordings say: each is named, and nothing is drawn of it.
  @Test func recordingsThatCannotBe() throws {
    typealias Change = (inout FixtureRecordings) -> Void
    let changes: [(expected: String, change: Change)] = [
      ("is from an earlier version", { $0.binWidth = nil }), ("not a duration", { $0.binWidth = -1 }),
      ("not a duration", { $0.binWidth = .nan }), ("time_bins is not a number", { $0.timeBins = 0 }),
      ("time_bins is not a number", { $0.timeBins = .max }), ("readout/membrane has the shape", { $0.timeBins = 11 }),
      ("channels is not a number", { $0.channelCount = -5 }), ("labels has 2 values", { $0.labels.removeLast() }),
      ("labels has values that are not", { $0.labels[0] = -1 }),
      ("predicted has values", { $0.predicted[2] = 1 << 40 }),
      ("a sample is in it twice", { $0.samples[1] = 0 }), ("readout/membrane has the shape", { $0.samples.append(3) }),
    ]
    for (expected, change) in changes {
      let fixture = try Fixture()
      try fixture.writeRun()
      try fixture.writeRecordings {
        change(&$0)
        if $0.samples.count == 4 { ($0.labels, $0.predicted) = ([0, 0, 0, 0], [0, 0, 0, 0]) }
      }
      for result in try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(
        kinds: [.raster, .membrane, .readout, .rates])
      {
        #expect(result.script == nil && result.note?.contains(expected) == true, "\(expected): \(result)")
      }
    }
    // Of one figure alone.
    for (expected, change) in [
      ("inputs/offsets goes from 9223372036854775807", { $0.offsets[0] = .max }),
      ("inputs/offsets goes from 0 to -1", { $0.offsets[1] = -1 }),
      ("does not contain the part", { $0.offsets[1] = 4000 }),
      ("channel -1", { $0.inputChannels[3] = -1 }), ("in bin 10", { $0.inputBins[3] = 10 }),
    ] as [(String, Change)] {
      let fixture = try Fixture()
      try fixture.writeRun()
      try fixture.writeRecordings(change)
      let results = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.raster, .readout])
      #expect(results[0].note?.contains(expected) == true, "\(expected): \(results[0])")
      #expect(results[1].script != nil)
    }
  }

  /// Numbers that can't be drawn stay out of the figures' data.
  @Test func valuesThatCannotBeDrawn() throws {
    for value: Float in [.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      let fixture = try Fixture()
      try fixture.writeRun()
      try fixture.writeRecordings {
        $0.readout[4] = value
        $0.membrane[0][1] = value
        $0.rates[0][2] = Double(value)
      }
      for result in try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(
        kinds: [.membrane, .readout, .rates])
      {
        let script = try String(contentsOfFile: try #require(result.script), encoding: .utf8)
        #expect(!script.contains("inf]") && !script.contains(":inf") && !script.contains("nan"), "\(value)")
      }
    }
  }

  @Test func unreadableTablesAreNamed() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"])])
    let sound = try fixture.read("plan.csv")
    for name in ["plan.csv", "history.csv"] {
      try FileManager.default.removeItem(atPath: fixture.path + "/" + name)
      #expect(mkfifo(fixture.path + "/" + name, 0o600) == 0)
      let note = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.loss])[0].note
      #expect(note?.contains("\(name): it is a named pipe") == true, "\(note ?? "")")
      unlink(fixture.path + "/" + name)
      try fixture.write(name, sound)
    }
  }

  @Test func whatCannotBeLegibleIsNotDrawn() throws {
    let fixture = try Fixture()
    try fixture.writeSweep(
      [("network.tau_mem", (1...210).map { "\($0) ms" }), ("network.hidden", ["64", "128"])], epochs: 1)
    let note = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.heatmap])[0].note
    #expect(note?.contains("210 x 2 cells are too many") == true, "\(note ?? "")")
    try fixture.writeSweep([("network.rule", (1...300).map { "rule \($0)" })], epochs: 1)
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.sweep])
    let ticks = try fixture.read("plots/sweep.gp").split(separator: "\n").first { $0.hasPrefix("set xtics") }
    #expect(ticks.map { $0.split(separator: ",").count <= 60 } == true)
  }

  /// Twenty thousand points on one axis: nothing grows with their square.
  @Test func aLargeSweepTakesNoTime() throws {
    let fixture = try Fixture()
    let points = (1...20_000).map { "\($0) ms" }
    try fixture.write(
      "plan.csv", "run_id,seed,network.tau_mem\n" + points.map { "r\($0),0,\($0)\n" }.joined())
    try fixture.write(
      "history.csv",
      "run_id,seed,network.tau_mem,epoch,train_loss,test_loss,test_accuracy\n"
        + points.map { "r\($0),0,\($0),1,1,1,0.5\n" }.joined())
    try fixture.write(
      "aggregate.csv",
      "network.tau_mem,n,n_failed,test_accuracy_mean,test_accuracy_std\n" + points.map { "\($0),1,0,0.5,\n" }.joined())
    let clock = ContinuousClock(), start = clock.now
    let results = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.loss, .accuracy, .sweep])
    #expect(results.allSatisfy { $0.script != nil })
    #expect(clock.now - start < .seconds(20))
  }
}
