import CSV
import Foundation
import Plotting
import Quantities
import Testing

/// A folder list without gnuplot, so that only scripts are written.
private let nowhere = "/nonexistent"
private let gnuplotIsThere = Plots(resultsFolder: ".").canDraw

@Suite struct QuantityTests {
  @Test(arguments: [
    ("5 ms", 5, TimeUnit.ms), ("5ms", 5, .ms), ("0.02 s", 0.02, .s), ("1e-3", 1e-3, nil), ("-2", -2, nil),
    ("100", 100, nil),
    ("1e-3 s", 1e-3, .s),
  ])
  func numbers(text: String, number: Double, unit: TimeUnit?) {
    let quantity = Quantity(text)
    #expect(quantity?.value == number && quantity?.unit == unit)
  }

  @Test(arguments: ["adam", "true", "[128, 64]", "", "nan", "inf", "ms", "5 ms 3", "20 Hz"])
  func words(text: String) { #expect(Quantity(text) == nil) }

  @Test func timesConvertAndNumbersDoNot() {
    #expect(Quantity("0.02 s")?.number(in: .ms) == 20 && Quantity("2.1 ms")?.number(in: .s) == 0.0021)
    #expect(Quantity("20")?.number(in: .ms) == nil && Quantity("20 ms")?.number(in: nil) == nil)
  }
}

@Suite struct MetricKindTests {
  @Test(arguments: [
    ("test_loss", MetricKind.loss), ("loss", .loss), ("validation_accuracy", .accuracy), ("silent_fraction", .fraction),
    ("hidden_rate_hz", .rate), ("epoch_seconds", .seconds), ("parameters", .count), ("gloss", .count),
  ])
  func nameTellsKind(column: String, kind: MetricKind) { #expect(MetricKind(column: column) == kind) }
}

@Suite struct SweepDesignTests {
  private func design(_ header: [String], _ rows: [[String]]) -> SweepDesign {
    SweepDesign(CSVTable(header: ["run_id", "seed"] + header, rows: rows.map { ["r", "0"] + $0 }))
  }

  @Test func numbersAreSortedAndTheLabelHasTheUnit() {
    let axis = design(["network.tau_mem"], [["20 ms"], ["5 ms"], ["100 ms"], ["0.01 s"]]).axes[0]
    #expect(axis.label == "tau_mem (ms)")
    #expect(axis.names == ["5", "10", "20", "100"])
    #expect(axis.numbers == [5, 10, 20, 100])
    #expect(axis.values == [["5 ms"], ["0.01 s"], ["20 ms"], ["100 ms"]])
  }

  @Test func wordsKeepTheirOrder() {
    let axis = design(["training.optimizer.kind"], [["sgd"], ["adam"], ["adamax"]]).axes[0]
    #expect(axis.label == "optimizer.kind" && axis.names == ["sgd", "adam", "adamax"] && axis.numbers == nil)
  }

  @Test func keysThatChangeTogetherAreOneAxis() {
    let rows = ["5 ms", "10 ms"].flatMap { tau in [["64", "1e-3"], ["128", "1e-4"]].map { [tau] + $0 } }
    let design = design(["network.tau_mem", "network.hidden", "training.optimizer.learning_rate"], rows)
    #expect(design.axes.map(\.label) == ["tau_mem (ms)", "hidden, learning_rate"])
    #expect(design.axes[1].names == ["64, 1e-3", "128, 1e-4"])
    #expect(design.place(of: ["10 ms", "64", "1e-3"]) == [1, 0])
    #expect(design.place(of: ["10 ms", "64", "1e-4"]) == nil)
  }

  @Test func computedValuesHaveThreeDigits() {
    let axis = design(["training.optimizer.learning_rate"], [["1e-4"], ["0.00021544346900318845"], ["0.1"]]).axes[0]
    #expect(axis.names == ["1e-4", "0.000215", "0.1"])
    #expect(axis.values[1] == ["0.00021544346900318845"])
  }

  @Test func aKeyOfOneValueIsNoAxis() {
    #expect(
      design(["network.tau_mem", "network.hidden"], [["5 ms", "64"], ["5 ms", "128"]]).axes.map(\.label) == ["hidden"])
  }

  @Test(arguments: [
    (["1", "10", "100", "1000"], true), (["1", "3", "10", "30", "100"], true), (["5", "10", "20"], true),
    (["5", "10", "15"], false), (["64", "128"], false), (["0", "1", "10"], false), (["-1", "1", "10"], false),
  ])
  func geometric(values: [String], expected: Bool) {
    #expect(design(["network.x"], values.map { [$0] }).axes[0].isGeometric == expected)
  }
}

@Suite struct SweepFigureTests {
  @Test func figuresFollowTheNumberOfKeys() throws {
    let keys = [
      ("network.tau_mem", ["5 ms", "10 ms"]), ("network.hidden", ["64", "128"]),
      ("network.recurrent", ["true", "false"]),
    ]
    for (count, expected) in [(0, []), (1, [PlotKind.sweep]), (2, [.heatmap]), (3, [.heatmap])] {
      let fixture = try Fixture()
      try fixture.writeSweep(Array(keys.prefix(count)))
      let kinds = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write().filter { $0.script != nil }.map(
        \.kind)
      #expect(kinds == [.loss, .accuracy, .firingRate, .silentFraction] + expected)
    }
  }

  @Test func cellsHoldMeanAndDeviation() throws {
    let fixture = try Fixture()
    try fixture.writeSweep(
      [("network.tau_mem", ["10 ms", "5 ms"]), ("network.hidden", ["64", "[128, 64]"])],
      exclude: { $0 == ["5 ms", "64"] },
      state: { $0 == ["10 ms", "64"] ? "failed" : $1 == 1 && $0[0] == "5 ms" ? "pending" : "done" })
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.heatmap])
    let table = try CSVTable(path: fixture.path + "/plots/data/heatmap.csv")
    #expect(table.column("x") == ["2", "2", "1"], "5 ms stands left of 10 ms")
    #expect(table.column("y") == ["1", "2", "2"])
    #expect(table.column("n") == ["0", "2", "1"])
    #expect(table.column("n_failed") == ["2", "0", "0"])
    #expect(table.column("mean") == ["", "0.56", "0.52"])
    #expect(table.column("std") == ["", "0.0707107", ""])
  }

  @Test func bandsReachFromTheLowestToTheHighestSeed() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"])], epochs: 1)
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.accuracy])
    let table = try CSVTable(path: fixture.path + "/plots/data/accuracy.csv")
    let rows = zip(table.rows, table.column("set")).filter { $0.1 == "test" }.map(\.0)
    #expect(rows.map { Array($0.suffix(4)) } == [["2", "0.25", "0.2", "0.3"], ["2", "0.26", "0.21", "0.31"]])
    #expect(try fixture.read("plots/accuracy.gp").contains("min–max of 2 seeds"))
  }

  @Test func aMetricIsValidationAccuracyBeforeTestAccuracy() throws {
    for (validation, label) in [(true, "validation accuracy (%)"), (false, "test accuracy (%)")] {
      let fixture = try Fixture()
      try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"])], validation: validation)
      _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.sweep])
      #expect(try fixture.read("plots/sweep.gp").contains("set label 2 \"\(label)\""))
    }
  }

  @Test func anotherMetricHasFilesOfItsOwn() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"])])
    let results = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(
      kinds: [.sweep], metric: "test_loss")
    #expect(results[0].script?.hasSuffix("/plots/sweep_test_loss.gp") == true)
    #expect(try fixture.read("plots/sweep_test_loss.gp").contains("set label 2 \"test loss\""))
  }

  @Test func selectionOnTheTestSetIsSaid() throws {
    for (selectedOn, isSaid) in [("test_accuracy", true), ("validation_accuracy", false), ("last", false)] {
      let fixture = try Fixture()
      try fixture.writeSweep(
        [("network.tau_mem", ["5 ms", "10 ms"]), ("network.hidden", ["64", "128"])], selectedOn: selectedOn)
      try fixture.writeRates(run: "run-0-0", [[77]])
      _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.heatmap, .rates])
      #expect(try fixture.read("plots/heatmap.gp").contains("best on test") == isSaid)
      #expect(try fixture.read("plots/rates.gp").contains("best on test") == isSaid)
    }
  }

  @Test func manyPointsAreGreyButTheBest() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", (1...40).map { "\($0) ms" })])
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.accuracy])
    let script = try fixture.read("plots/accuracy.gp")
    #expect(script.contains("in colour: best on test") && script.contains("the other 34 points"))
    let table = try CSVTable(path: fixture.path + "/plots/data/accuracy.csv")
    let best = zip(table.column("line"), table.column("network.tau_mem")).filter { $0.0 == "1" }.map(\.1)
    #expect(Set(best) == ["40 ms"])
  }
}

@Suite(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH")) struct SweepRenderingTests {
  /// Draws everything there is to draw, and again with plain gnuplot, which must have nothing to say.
  private func draws(_ fixture: Fixture, metric: String? = nil) throws -> [PlotKind] {
    var drawn: [PlotKind] = []
    for result in try Plots(resultsFolder: fixture.path).write(terminal: .png, metric: metric) {
      if let script = result.script {
        #expect(result.note == nil)
        #expect(try gnuplot(script) == "", "\(result.kind)")
        drawn.append(result.kind)
      }
    }
    return drawn
  }

  private static let curves: [PlotKind] = [.loss, .accuracy, .firingRate, .silentFraction]

  @Test(arguments: [
    ["1", "10", "100"], ["adam", "adamax"], ["5 ms", "0.01 s", "15 ms"], ["a \"b\" `c`, $d\\", "it's"],
    (1...40).map { "\($0) ms" },
  ])
  func oneKey(values: [String]) throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", values)])
    #expect(try draws(fixture) == Self.curves + [.sweep])
    #expect(try draws(fixture, metric: "train_loss") == Self.curves + [.sweep])
  }

  @Test(arguments: [0, 1, 2, 30]) func twoKeysWithHoles(epochs: Int) throws {
    let fixture = try Fixture()
    try fixture.writeSweep(
      [("network.tau_mem", ["5 ms", "10 ms", "20 ms", "40 ms"]), ("network.hidden", ["64", "[128, 64]", "256"])],
      epochs: epochs, validation: true, exclude: { $0 == ["5 ms", "64"] },
      state: { point, seed in point[0] == "10 ms" ? "failed" : point[1] == "256" && seed == 1 ? "pending" : "done" })
    #expect(try draws(fixture) == (epochs == 0 ? [] : Self.curves) + [.heatmap])
  }

  @Test func threeKeys() throws {
    let fixture = try Fixture()
    try fixture.writeSweep(
      [
        ("network.tau_mem", ["5 ms", "10 ms"]), ("network.hidden", ["64", "128", "256"]),
        ("network.recurrent", ["true", "false"]),
      ],
      selectedOn: "test_accuracy", state: { point, _ in point[2] == "false" ? "failed" : "done" })
    #expect(try draws(fixture) == Self.curves + [.heatmap])
  }

  @Test func onlyTheFirstRunHasBegun() throws {
    let fixture = try Fixture()
    try fixture.writeSweep(
      [("network.tau_mem", ["5 ms", "10 ms", "20 ms"]), ("network.hidden", ["64", "128", "256"])],
      state: { point, seed in point == ["5 ms", "64"] && seed == 0 ? "interrupted" : "pending" })
    #expect(try draws(fixture) == Self.curves)
  }

  @Test func allRunsFailed() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"])], state: { _, _ in "failed" })
    #expect(try draws(fixture) == Self.curves)
  }

  @Test func scriptsMoveWithTheirFolder() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", ["5 ms", "10 ms"]), ("network.hidden", ["64", "128"])])
    let scripts = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write().compactMap(\.script)
    let other = (fixture.path as NSString).deletingLastPathComponent + "/another place"
    try FileManager.default.moveItem(atPath: fixture.path, toPath: other)
    for script in scripts {
      let moved = other + "/plots/" + (script as NSString).lastPathComponent
      #expect(try gnuplot(moved) == "")
      #expect(FileManager.default.fileExists(atPath: (moved as NSString).deletingPathExtension + ".png"))
    }
  }
}
