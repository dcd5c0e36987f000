import CSV
import Foundation
import Plotting
import Testing

private let nowhere = "/nonexistent"
private let gnuplotIsThere = Plots(resultsFolder: ".").canDraw

/// Membranes of models with an adaptation, and thresholds other than 1.
@Suite struct AdaptationTests {
  private static let adaptation: [Float] = FixtureRecordings.grid(
    rows: FixtureRecordings.bins, columns: FixtureRecordings.units
  ) { bin, unit in Float(bin * (unit + 1)) }

  private func membrane(
    _ fixture: Fixture, _ change: @escaping (inout FixtureRecordings) -> Void
  ) throws -> (result: PlotResult, table: CSVTable, script: String) {
    try fixture.writeRun()
    try fixture.writeRecordings(change)
    let result = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.membrane])[0]
    guard result.script != nil else { return (result, CSVTable(header: []), "") }
    return (
      result, try CSVTable(path: fixture.path + "/plots/data/membrane.csv"), try fixture.read("plots/membrane.gp")
    )
  }

  @Test func theThresholdIsTheLayers() throws {
    let (_, table, script) = try membrane(Fixture()) { $0.threshold = 2.5 }
    #expect(Set(table.column("threshold")) == ["2.5"])
    #expect(script.contains("\nthreshold = 2.5\n") && script.contains("\nspike_height = 12.5\n"))
    #expect(script.contains("\"membrane (threshold = 2.5)\""))
    #expect(!script.contains("adaptation"))
    // A file that does not say.
    #expect(try membrane(Fixture()) { $0.threshold = nil }.script.contains("\nthreshold = 1\n"))
  }

  @Test func aCurrentHasAnAxisOfItsOwn() throws {
    let (_, table, script) = try membrane(Fixture()) {
      $0.threshold = 1
      $0.adaptation = Self.adaptation
    }
    #expect(table.column("adaptation_2")[9] == "27" && table.position(of: "threshold_0") == nil)
    #expect(script.contains("\"adaptation: a current, threshold = 1\"") && script.contains("\"membrane\""))
    #expect(script.contains("column(\"adaptation_\" . u)") && !script.contains("threshold_"))
  }

  @Test func aThresholdThatMovesIsDrawnAsItMoves() throws {
    let (_, table, script) = try membrane(Fixture()) {
      $0.threshold = 1
      ($0.adaptation, $0.adaptStrength) = (Self.adaptation, 1.5)
    }
    // 1 + 1.5 w
    #expect(table.column("threshold_1").prefix(3) == ["1", "4", "7"])
    #expect(script.contains("column(\"threshold_\" . coloured_unit)"))
    #expect(script.contains("adaptation: w, which raises the threshold from 1"))
    // A spike is above the threshold.
    let height = try #require(script.firstMatch(of: /spike_height = ([0-9.]+)/)?.1)
    #expect(try #require(Double(height)) > 1 + 1.5 * 18)
  }

  /// Layers of that many units, whose membranes are the number of the layer and whose units all spike in the last bin.
  private static func layers(_ widths: [Int]) -> (inout FixtureRecordings) -> Void {
    { recordings in
      recordings.rates = widths.map { [Double](repeating: 1, count: $0) }
      recordings.membrane = widths.enumerated().map { layer, units in
        FixtureRecordings.grid(rows: FixtureRecordings.bins, columns: units) { _, _ in Float(layer) / 8 }
      }
      recordings.spikes = widths.map { units in
        FixtureRecordings.grid(rows: FixtureRecordings.bins, columns: units) { bin, _ in
          bin == FixtureRecordings.bins - 1 ? 1 : 0
        }
      }
    }
  }

  @Test func everyLayerHasAStrip() throws {
    let fixture = try Fixture()
    let (result, table, script) = try membrane(fixture) {
      Self.layers([3, 2])(&$0)
      ($0.threshold, $0.furtherThresholds) = (1, [1: 0.5])
      $0.furtherAdaptations = [1: FixtureRecordings.grid(rows: 10, columns: 2) { bin, _ in Float(bin) }]
    }
    #expect(result.damage.isEmpty, "\(result)")
    // Three samples of ten bins in each layer; what a layer lacks is empty.
    #expect(table.rows.count == 60 && table.column("layer").count { $0 == "1" } == 30)
    let second = table.rows.indices.filter { table.column("layer")[$0] == "1" }
    #expect(second.allSatisfy { table.column("membrane_2")[$0] == "" && table.column("threshold")[$0] == "0.5" })
    #expect(second.allSatisfy { table.column("membrane_1")[$0] == "0.125" && table.column("adaptation_1")[$0] != "" })
    #expect(table.column("adaptation_0")[0] == "" && table.column("membrane_2")[0] == "0")
    for part in [
      "\nthreshold_0 = 1\n", "\nthreshold_1 = 0.5\n", "\nspike_height_1 = 2.5\n", "\"layer 0: membrane\"",
      "\"layer 1: membrane\"", "\"adaptation\"", "column(\"layer\") == 1", "of layer 0; ", "thresholds 1, 0.5",
    ] {
      #expect(script.contains(part), "\(part)")
    }
    // One adaptation, in the second layer.
    #expect(script.components(separatedBy: "column(\"adaptation_\" . coloured_unit_1)").count == 2)
    #expect(!script.contains("column(\"adaptation_\" . coloured_unit_0)"))
  }

  @Test func manyLayersAreThinnedOut() throws {
    let (result, table, _) = try membrane(Fixture(), Self.layers([Int](repeating: 2, count: 9)))
    #expect(Set(table.column("layer")) == ["0", "1", "3", "4", "6", "8"])
    #expect(result.damage.contains { $0.contains("only 6 of 9 layers are drawn") }, "\(result)")
  }

  /// Tables may come from elsewhere, or from an earlier version.
  @Test func layersOfTables() throws {
    let fixture = try Fixture()
    _ = try membrane(fixture, Self.layers([2, 2]))
    let path = fixture.path + "/plots/data/membrane.csv"
    let text = try fixture.read("plots/data/membrane.csv")
    for (change, isThere) in [
      (text.replacing(",1\n", with: ",\"; system 'x'\"\n"), true), (text.replacing(",layer\n", with: ",other\n"), true),
      (text.replacing(",0\n", with: ",-1\n").replacing(",1\n", with: ",1e300\n"), false),
    ] {
      try FileManager.default.removeItem(atPath: fixture.path + "/runs")
      try change.write(toFile: path, atomically: true, encoding: .utf8)
      let result = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.membrane])[0]
      #expect((result.script != nil) == isThere, "\(result)")
      if isThere { #expect(try !fixture.read("plots/membrane.gp").contains("system")) }
      try FileManager.default.createDirectory(atPath: fixture.path + "/runs", withIntermediateDirectories: true)
    }
  }

  @Test func whatCannotBe() throws {
    let changes: [(expected: String, change: (inout FixtureRecordings) -> Void)] = [
      ("the threshold of layer 0 is", { $0.threshold = .nan }), ("the threshold of layer 0 is", { $0.threshold = -1 }),
      ("the threshold of layer 0 is", { $0.threshold = 1e300 }),
      ("adaptation has the shape", { $0.adaptation = [Float](repeating: 0, count: 3 * 10 * 2) }),
      (
        "adapt_strength of hidden/0/adaptation is",
        { ($0.adaptation, $0.adaptStrength) = (Self.adaptation, .infinity) }
      ),
    ]
    for (expected, change) in changes {
      let result = try membrane(Fixture(), change).result
      #expect(result.script == nil && result.note?.contains(expected) == true, "\(expected): \(result)")
    }
    for value: Float in [.nan, .infinity, -.greatestFiniteMagnitude] {
      for strength in [nil, 1e8] as [Double?] {
        let script = try membrane(Fixture()) {
          $0.adaptation = Self.adaptation
          $0.adaptation![3] = value
          $0.adaptStrength = strength
        }.script
        #expect(!script.isEmpty && !script.contains("inf]") && !script.contains(":inf") && !script.contains("nan"))
      }
    }
  }

  @Test(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH"), arguments: [nil, 1.5] as [Double?], [1, 2, 9])
  func gnuplotHasNothingToSay(strength: Double?, layers: Int) throws {
    let fixture = try Fixture()
    _ = try membrane(fixture) {
      Self.layers([Int](repeating: 3, count: layers))(&$0)
      ($0.adaptation, $0.adaptStrength) = (Self.adaptation, strength)
    }
    for terminal in PlotTerminal.allCases {
      #expect(try gnuplot(fixture.path + "/plots/membrane.gp", terminal: terminal) == "")
    }
  }
}
