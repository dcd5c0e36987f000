import CSV
import Foundation
import Plotting
import Testing

/// A folder list without gnuplot, so that only scripts are written.
private let nowhere = "/nonexistent"
private let gnuplotIsThere = Plots(resultsFolder: ".").canDraw

@Suite struct ScriptTests {
  @Test func everyFigureHasAScriptThatFindsItsOwnPlace() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 20)
    try fixture.writeRun()
    let results = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write()
    #expect(results.map(\.kind) == PlotKind.allCases.filter { $0 != .sweep && $0 != .heatmap }, "nothing is swept")
    for result in results {
      guard case .scriptOnly(let note) = result.outcome else {
        Issue.record("\(result)")
        continue
      }
      #expect(note.contains("gnuplot"))
      let script = try fixture.read("plots/\(result.kind.rawValue).gp")
      #expect(script.hasPrefix("# "))
      #expect(script.contains("here = ARG0"))
      #expect(script.contains("if (!exists(\"term\")) term = \"svg\""))
      #expect(script.contains("set output here . \"\(result.kind.rawValue).\" . ending"))
      #expect(script.contains("column(\""))
      #expect(script.contains("# ---- Settings"))
      #expect(!script.contains("runs/"), "a script draws from plots/data, not from the run's folder")
      #expect(!script.contains(fixture.path))
    }
  }

  @Test func curvesAreTheSetsThatExist() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 5)
    let plots = Plots(resultsFolder: fixture.path, searchPath: nowhere)
    _ = try plots.write(kinds: [.loss])
    #expect(Set(try CSVTable(path: fixture.path + "/plots/data/loss.csv").column("set")) == ["train", "test"])
    try fixture.writeHistory(epochs: 5, validation: true)
    _ = try plots.write(kinds: [.loss])
    #expect(
      Set(try CSVTable(path: fixture.path + "/plots/data/loss.csv").column("set")) == ["train", "validation", "test"])
  }

  @Test func lossOverDecadesIsLogarithmic() throws {
    let fixture = try Fixture()
    let plots = Plots(resultsFolder: fixture.path, searchPath: nowhere)
    try fixture.writeHistory(epochs: 20)
    _ = try plots.write(kinds: [.loss])
    #expect(try fixture.read("plots/loss.gp").contains("set logscale y"))
    try fixture.writeHistory(epochs: 2)
    _ = try plots.write(kinds: [.loss])
    #expect(try !fixture.read("plots/loss.gp").contains("set logscale y"))
  }

  @Test func confusionCountsAndShares() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.confusion])
    let table = try CSVTable(path: fixture.path + "/plots/data/confusion.csv")
    #expect(table.column("count") == ["1", "0", "1", "0", "1", "0", "0", "0", "1"])
    #expect(table.column("percent_of_label") == ["50", "0", "50", "0", "100", "0", "0", "0", "100"])
    #expect(table.column("label_name")[3] == "say \"one\"")
  }

  @Test func timeIsMillisecondsOfTheStimulus() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.readout, .raster])
    let traces = try CSVTable(path: fixture.path + "/plots/data/readout.csv")
    #expect(traces.header == ["sample", "time_ms", "class_0", "class_1", "class_2"])
    #expect(traces.rows.count == 3 * 11)
    #expect(traces.rows[10] == ["0", "105", "0", "1.429", "2.857"])
    let input = try CSVTable(path: fixture.path + "/plots/data/raster_input.csv")
    #expect(input.rows.count == 3 * 10 * 3, "several spikes of a channel in one bin make one dot")
  }

  @Test func figuresOfARunOutliveItsFolder() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    let plots = Plots(resultsFolder: fixture.path, searchPath: nowhere)
    let kinds = PlotKind.allCases.filter(\.showsOneRun)
    _ = try plots.write(kinds: kinds)
    let before = try kinds.map { try fixture.read("plots/\($0.rawValue).gp") }
    try FileManager.default.removeItem(atPath: fixture.path + "/runs")
    for result in try plots.write(kinds: kinds) { #expect(result.script != nil, "\(result)") }
    #expect(try kinds.map { try fixture.read("plots/\($0.rawValue).gp") } == before)
  }

  @Test func theRunThatIsAskedForIsShown() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    try fixture.writeRates(run: "other", [[77]])
    let plots = Plots(resultsFolder: fixture.path, searchPath: nowhere)
    _ = try plots.write(kinds: [.rates], runID: "other", choice: "the\nfirst")
    #expect(try fixture.read("plots/data/rates.csv").contains("77"))
    #expect(try fixture.read("plots/rates.gp").contains("Run other: the\\nfirst."))
    // The first that was recorded.
    try FileManager.default.removeItem(atPath: "\(fixture.path)/runs/\(fixture.runID)/recordings.h5")
    _ = try plots.write(kinds: [.rates], runID: nil)
    #expect(try fixture.read("plots/data/rates.csv").contains("77"))
    let note = try plots.write(kinds: [.rates], runID: fixture.runID)[0].note
    #expect(note?.contains("has no recordings") == true && note?.contains("record.runs=all") == true)
  }

  @Test func aRunHasFiguresOfItsOwn() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    try fixture.writeHistory(epochs: 3)
    let run = "runs/\(fixture.runID)"
    try fixture.write(run + "/history.csv", try fixture.read("history.csv"))
    let results = try Plots(resultsFolder: fixture.path + "/" + run, searchPath: nowhere, isRun: true).write()
    #expect(results.map(\.kind) == PlotKind.allCases.filter { $0 != .sweep && $0 != .heatmap })
    for result in results { #expect(result.script?.hasPrefix("\(fixture.path)/\(run)/plots/") == true, "\(result)") }
    #expect(!fixture.exists("plots"))
    #expect(try fixture.read(run + "/plots/rates.gp").contains("Run \(fixture.runID)."))
  }
}

/// A script that a user has edited is kept, and never run.
@Suite struct EditedScriptTests {
  /// A gnuplot that leaves a trace.
  private func tools(_ fixture: Fixture) throws -> String {
    try fixture.write("tools/gnuplot", "#!/bin/sh\necho ran >> '\(fixture.path.replacing("'", with: "'\\''"))/ran'\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: fixture.path + "/tools/gnuplot")
    return fixture.path + "/tools"
  }

  @Test(arguments: ["end", "middle", "seal", "none", "empty"]) func itIsKept(_ edit: String) throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    let plots = Plots(resultsFolder: fixture.path, searchPath: try tools(fixture))
    _ = try plots.write(kinds: [.loss])
    let ours = try fixture.read("plots/loss.gp")
    // Our own is written again.
    try FileManager.default.removeItem(atPath: fixture.path + "/ran")
    _ = try plots.write(kinds: [.loss])
    #expect(fixture.exists("ran"))
    #expect(try fixture.read("plots/loss.gp") == ours)
    let edited =
      switch edit {
      case "end": ours + "system(\"touch x\")\n"
      case "middle": ours.replacing("width = ", with: "width = 2 * ")
      case "seal": String(ours.dropLast(3)) + "00\n"
      case "none": ours.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
      default: ""
      }
    #expect(edited != ours)
    try fixture.write("plots/loss.gp", edited)
    try FileManager.default.removeItem(atPath: fixture.path + "/ran")
    let kept = try plots.write(kinds: [.loss])[0]
    #expect(kept.note?.contains("kept and not run") == true && kept.note?.contains("--force") == true, "\(kept)")
    #expect(try fixture.read("plots/loss.gp") == edited && !fixture.exists("ran"))
    // Nor is it removed with the figures of another plan, or what it draws from.
    _ = try plots.write(kinds: [.accuracy])
    try fixture.write("plots/loss.svg", "drawn from it")
    try plots.removeFigures()
    #expect(try fixture.read("plots/loss.gp") == edited && fixture.exists("plots/loss.svg"))
    #expect(fixture.exists("plots/data/loss.csv") && !fixture.exists("plots/accuracy.gp"))
    _ = try plots.write(kinds: [.loss], force: true)
    #expect(try fixture.read("plots/loss.gp") == ours && fixture.exists("ran"))
  }
}

@Suite struct MissingDataTests {
  @Test func anUnknownMetricNamesThoseThatExist() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"])])
    #expect {
      try Plots(resultsFolder: fixture.path).write(kinds: [.sweep], metric: "accuracy")
    } throws: { "\($0)".contains("no metric accuracy") && "\($0)".contains("test_accuracy") }
    #expect(!fixture.exists("plots/sweep_accuracy.gp"))
  }

  @Test func aFigureAskedForSaysWhyItIsNotDrawn() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"])])
    let results = try Plots(resultsFolder: fixture.path).write(kinds: [.heatmap])
    #expect(results[0].note == "it shows sweeps of two keys or more, this one has 1")
  }

  @Test func anEmptyFolderSkipsEverything() throws {
    let fixture = try Fixture()
    for result in try Plots(resultsFolder: fixture.path).write() {
      guard case .skipped(let note) = result.outcome else {
        Issue.record("\(result)")
        continue
      }
      #expect(!note.isEmpty)
      #expect(result.script == nil)
    }
    #expect(!fixture.exists("plots/loss.gp"))
  }

  @Test func noEpochsYet() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 0)
    let results = try Plots(resultsFolder: fixture.path).write(kinds: [.loss])
    #expect(results[0].note == "history.csv has no rows")
  }

  @Test func emptyAndBrokenTables() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    let run = "runs/\(fixture.runID)/"
    try fixture.write(run + "recordings.h5", "")
    try fixture.write(run + "predictions.csv", "sample,label,predicted\n0,,\n")
    let results = try Plots(resultsFolder: fixture.path).write(kinds: [.rates, .readout, .raster, .confusion])
    for result in results {
      guard case .skipped = result.outcome else {
        Issue.record("\(result)")
        continue
      }
    }
    #expect(results[0].note?.contains("recordings.h5") == true)
  }

  @Test func anUnknownRunIsNamed() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    let results = try Plots(resultsFolder: fixture.path).write(kinds: [.rates], runID: "nobody")
    #expect(results[0].note == "there is no run nobody")
  }
}

@Suite(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH")) struct RenderingTests {
  @Test(arguments: PlotTerminal.allCases) func everyFigureIsDrawn(terminal: PlotTerminal) throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 20, values: ["5 ms", "10 ms"], validation: true)
    try fixture.writeRun()
    for result in try Plots(resultsFolder: fixture.path).write(terminal: terminal) {
      guard case .drawn(let picture) = result.outcome else {
        Issue.record("\(result)")
        continue
      }
      #expect(try gnuplot(result.script!, terminal: terminal) == "", "gnuplot has nothing to say")
      let beginning = try Data(contentsOf: URL(fileURLWithPath: picture)).prefix(400)
      let signature = [PlotTerminal.svg: "<svg", .png: "PNG", .pdf: "%PDF"][terminal]!
      #expect(beginning.range(of: Data(signature.utf8)) != nil)
    }
  }

  /// What gnuplot counts, read back from its own table of the histogram.
  @Test func everyUnitIsInTheHistogramOnce() throws {
    let fixture = try Fixture()
    // Layers alternate, so that the rows of each are interrupted by the other's.
    let units = (0..<20).map { "\($0 % 2),\($0 / 2),\($0 % 4 == 0 ? 0 : 10 + $0 % 3)" }.joined(separator: "\n")
    try fixture.write("plots/data/rates.csv", "layer,unit,rate_hz\n\(units)\n")
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.rates])
    let script = try fixture.read("plots/rates.gp")
    try fixture.write(
      "plots/counts.gp", script.replacing("\nplot rates", with: "\nset table here . \"counts.txt\"\nplot rates"))
    #expect(try gnuplot(fixture.path + "/plots/counts.gp") == "")
    let curves = try fixture.read("plots/counts.txt").components(separatedBy: "# Curve").dropFirst().map { curve in
      curve.split(separator: "\n").dropFirst().filter { !$0.hasPrefix("#") }
        .compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Double($0) } }.reduce(0, +)
    }
    // Both layers stacked, the first alone, and the silent units, which are all in the first.
    #expect(curves.prefix(3) == [15, 5, 5])
  }

  @Test(arguments: [1, 2]) func fewEpochs(epochs: Int) throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: epochs)
    for result in try Plots(resultsFolder: fixture.path).write(kinds: [.loss, .accuracy]) {
      #expect(result.note == nil)
    }
  }

  @Test func gnuplotsMessageIsReported() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    let tools = fixture.path + "/tools"
    try fixture.write("tools/gnuplot", "#!/bin/sh\necho 'line 7: no such thing' >&2\nexit 1\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/gnuplot")
    let results = try Plots(resultsFolder: fixture.path, searchPath: tools).write(kinds: [.loss])
    #expect(results[0].outcome == .failed(message: "line 7: no such thing"))
  }

  @Test func drawsSilentUnitsAndPerfectPredictions() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    let run = "runs/\(fixture.runID)/"
    try fixture.writeRates([[0], [0]])
    try fixture.write(run + "predictions.csv", "sample,speaker,label,predicted,label_name,predicted_name\n0,,0,0,,\n")
    for result in try Plots(resultsFolder: fixture.path).write(kinds: [.rates, .confusion, .raster]) {
      #expect(result.note == nil)
    }
  }
}
