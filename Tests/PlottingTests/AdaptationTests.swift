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

  @Test(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH"), arguments: [nil, 1.5] as [Double?])
  func gnuplotHasNothingToSay(strength: Double?) throws {
    let fixture = try Fixture()
    _ = try membrane(fixture) { ($0.adaptation, $0.adaptStrength) = (Self.adaptation, strength) }
    for terminal in PlotTerminal.allCases {
      #expect(try gnuplot(fixture.path + "/plots/membrane.gp", terminal: terminal) == "")
    }
  }
}
