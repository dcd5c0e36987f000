import CSV
import Foundation
import Plotting
import Testing

private let nowhere = "/nonexistent"
private let gnuplotIsThere = Plots(resultsFolder: ".").canDraw

/// Histograms of neuron parameters.
@Suite struct ParametersTests {
  /// The figure of the fixture's run after changes: its result, its values and its bins.
  private func figure(
    _ change: @escaping (inout FixtureRecordings) -> Void = { _ in }
  ) throws -> (result: PlotResult, values: CSVTable, bins: CSVTable, script: String) {
    let fixture = try Fixture()
    try fixture.writeRun()
    try fixture.writeRecordings(change)
    let result = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.parameters])[0]
    guard result.script != nil else { return (result, CSVTable(header: []), CSVTable(header: []), "") }
    return (
      result, try CSVTable(path: fixture.path + "/plots/data/parameters.csv"),
      try CSVTable(path: fixture.path + "/plots/data/parameters_bins.csv"), try fixture.read("plots/parameters.gp")
    )
  }

  /// The items of an array of the script.
  private func array(_ name: String, in script: String) throws -> [String] {
    let start = try #require(script.range(of: "\narray \(name)[")).upperBound
    // In lines of some hundred characters.
    let items = try #require(script[start...].firstMatch(of: /= \[([^\]]*)\]/)).1.replacing("\\\n  ", with: "")
    return items.split(separator: ", ").map(String.init)
  }

  @Test func valuesAreInMillisecondsAndInOrder() throws {
    let (_, values, _, script) = try figure()
    #expect(values.rows[0] == ["0", "tau_mem (ms)", "0", "5", "5", "1", "5", "25"])
    #expect(values.rows[2] == ["0", "tau_mem (ms)", "2", "20", "25", "1", "5", "25"])
    #expect(values.rows[6] == ["0", "adapt_b", "0", "1", "1.5", "1", "", ""])
    #expect(
      try array("panel", in: script) == [#""tau_mem (ms)""#, #""tau_adapt (ms)""#, #""adapt_b""#, #""bias""#])
  }

  /// Every unit is in a bin, before and after, a value on the upper bound in the last one.
  @Test func bothHistogramsHaveAllUnitsInTheSameBins() throws {
    let (_, _, bins, script) = try figure {
      $0.parameters["tau_mem"]!.initial = (0..<200).map { 0.005 + 0.02 * Float($0) / 199 }
      $0.parameters["tau_mem"]!.trained = [Float](repeating: 0.025, count: 150) + [Float](repeating: 0.005, count: 50)
    }
    let rows = bins.rows.filter { $0[0] == "1" }
    #expect(rows.first?[1] == "5" && rows.last?[1] == "25", "\(rows)")
    for column in [2, 3] { #expect(rows.compactMap { Int($0[column]) }.reduce(0, +) == 200) }
    // From the axis, 50 in the first bin, 150 in the last, and back to the axis.
    let trained = rows.map { $0[3] }
    #expect(trained.first == "0" && trained[1] == "50" && Array(trained.suffix(2)) == ["150", "0"], "\(rows)")
    #expect(try array("lower_bound", in: script)[0] == "5" && array("upper_bound", in: script)[0] == "25")
  }

  /// No bar reaches beyond the bounds.
  @Test func binsBeginAtTheLowerBound() throws {
    let bins = try figure {
      $0.parameters["tau_mem"]!.initial = (0..<16).map { 0.0052 + 0.0012 * Float($0) }
      $0.parameters["tau_mem"]!.trained = $0.parameters["tau_mem"]!.initial
    }.bins
    let edges = bins.rows.filter { $0[0] == "1" }.map { $0[1] }
    #expect(edges.prefix(3) == ["5", "5", "10"] && edges.last == "25", "\(edges)")
  }

  @Test func oneValueForAllIsALine() throws {
    let (_, _, bins, script) = try figure()
    #expect(try array("initial_line", in: script) == ["NaN", "NaN", "1", "0"])
    #expect(try array("trained_line", in: script) == ["NaN", "NaN", "1.5", "NaN"])
    #expect(try array("has_bins", in: script) == ["1", "1", "0", "1"])
    #expect(!bins.column("panel").contains("3"))
    // Of the bias, only the trained ones are in bins.
    #expect(bins.rows.filter { $0[0] == "4" }.allSatisfy { $0[2] == "0" })
  }

  @Test func whatIsNotTrainedSaysSo() throws {
    let script = try figure().script
    #expect(try array("is_trained", in: script) == ["1", "0", "1", "1"])
    #expect(script.contains("drawn, not trained"))
    #expect(!(try figure { $0.parameters["tau_adapt"] = nil }).script.contains("drawn, not trained"))
  }

  @Test func farBoundsAreOffTheAxisAndTheKeySaysSo() throws {
    let script = try figure { $0.parameters["tau_mem"]!.upper = 100 }.script
    #expect(try array("upper_bound", in: script)[0] == "NaN" && array("lower_bound", in: script)[0] == "5")
    #expect(try Double(array("high", in: script)[0])! < 30)
    #expect(script.contains("\"bounds, if on the axis\""))
  }

  /// Runs without such parameters have no such figure, which is no news; who asks for it is told why.
  @Test func runsWithoutParameters() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    try fixture.writeRecordings { $0.parameters = [:] }
    let plots = Plots(resultsFolder: fixture.path, searchPath: nowhere)
    #expect(try !plots.write().contains { $0.kind == .parameters })
    let note = try #require(try plots.write(kinds: [.parameters])[0].note)
    #expect(note.contains("no neuron parameters or biases that are trained or drawn"), "\(note)")
    try FileManager.default.removeItem(atPath: fixture.path + "/runs")
    #expect(try !plots.write().contains { $0.kind == .parameters })
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e30, .leastNonzeroMagnitude])
  func valuesThatCannotBe(value: Float) throws {
    for name in ["tau_mem", "adapt_b", "bias"] {
      let (result, _, bins, script) = try figure {
        $0.parameters[name]!.initial[0] = value
        $0.parameters[name]!.trained = $0.parameters[name]!.trained.map { _ in value }
        $0.parameters[name]!.lower = Double(value)
        $0.parameters[name]!.isTrained = Double(value)
      }
      #expect(result.script != nil && !script.contains("inf") && !script.contains("nan"), "\(name): \(result)")
      #expect(bins.rows.count < 200)
      if !value.isFinite { #expect(result.note?.contains("can't be drawn") == true, "\(result)") }
    }
  }

  @Test func shapesThatCannotBe() throws {
    let changes: [(inout FixtureRecordings) -> Void] = [
      { $0.parameters["tau_mem"]!.trained.removeLast() }, { $0.parameters["tau_mem"]!.trained = [] },
      { ($0.parameters["tau_mem"]!.initial) = [] },
    ]
    for change in changes {
      let result = try figure(change).result
      #expect(result.script == nil && result.note?.contains("do not have the same shape") == true, "\(result)")
    }
  }

  /// Only names as keys have them become titles.
  @Test func otherDatasetsAreNoParameters() throws {
    let values = FixtureRecordings.Parameter(initial: [1, 2, 3], trained: [2, 3, 4])
    let script = try figure {
      $0.parameters["x\"; system(\"touch x\")"] = values
      $0.parameters[String(repeating: "x", count: 41)] = values
      for number in 0..<100 { $0.parameters["y\(number)"] = values }
    }.script
    #expect(!script.contains("system") && !script.contains("xxx"))
    #expect(try array("low", in: script).count <= 30)
  }

  @Test(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH")) func gnuplotHasNothingToSay() throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [.parameters])
    for terminal in PlotTerminal.allCases {
      #expect(try gnuplot(fixture.path + "/plots/parameters.gp", terminal: terminal) == "")
    }
  }
}
