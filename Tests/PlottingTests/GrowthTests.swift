import Foundation
import Plotting
import Testing

@Suite struct GrowthTests {
  private let quantities: [(name: String, values: [Double])] = [
    ("hidden", [16, 64, 256, 1024]), ("steps", [25, 100, 400]), ("events", [487.25, 960.5, 5133, 21_343.5]),
    ("samples", [512, 1024]),
  ]

  private func writeMeasurements(_ fixture: Fixture, without omitted: String = "") throws {
    var text = GrowthFigure.columns.joined(separator: ",") + "\n"
    for (quantity, values) in quantities where quantity != omitted {
      for (phase, share) in [(GrowthFigure.total, 1.0), ("input", 0.4), ("spike_gradient", 0.5)] {
        for value in values {
          let seconds = share * (quantity == "samples" ? 4e-5 : 1e-5 + 1e-7 * value)
          text += "\(quantity),\(value),2,avx512,\(phase),\(seconds),\(value == values[0] ? "" : "1"),5000,0.1\n"
        }
      }
    }
    try fixture.write("growth.csv", text)
  }

  @Test func hasAPanelForEachQuantityAndALineForEachPhase() throws {
    let fixture = try Fixture()
    try writeMeasurements(fixture)
    let result = try GrowthFigure(folder: fixture.path, searchPath: "/nonexistent").write()
    #expect(result.picture == nil && result.note?.contains("gnuplot") == true)
    let script = try fixture.read("plots/growth.gp")
    #expect(script.contains("2 threads, avx512 kernels"))
    for (quantity, _) in quantities { #expect(script.contains("value_of(\"\(quantity)\", phases[i])"), "\(quantity)") }
    #expect(script.contains("array phases[3] = [\"input\", \"spike_gradient\", \"total\"]"))
    // Swept values have their own tics, measured ones round ones.
    #expect(script.contains("set xtics (\"16\" 16, \"64\" 64, \"256\" 256, \"1024\" 1024)"))
    #expect(script.contains("\"500\" 500, \"\" 1000, \"2000\" 2000, \"\" 5000, \"10000\" 10000"))
    #expect(!script.contains(fixture.path))
  }

  @Test(.enabled(if: Plots(resultsFolder: ".").canDraw, "gnuplot is not on PATH")) func isDrawn() throws {
    let fixture = try Fixture()
    try writeMeasurements(fixture)
    let result = try GrowthFigure(folder: fixture.path).write()
    #expect(result.note == nil)
    let picture = try fixture.read("plots/growth.svg")
    for text in ["hidden units", "time bins", "input events per sample", "samples", "µs per sample", "ms per epoch"] {
      #expect(picture.contains(text), "\(text)")
    }
    #expect(picture.contains("spike gradient") && picture.contains("slope 1"))
  }

  @Test func saysWhatIsMissing() throws {
    let fixture = try Fixture()
    let figure = GrowthFigure(folder: fixture.path)
    #expect { _ = try figure.write() } throws: { "\($0)".contains("growth.csv") }
    try fixture.write("growth.csv", "quantity,value\nhidden,16\n")
    #expect { _ = try figure.write() } throws: { "\($0)".contains("no column threads") }
    try writeMeasurements(fixture, without: "steps")
    #expect { _ = try figure.write() } throws: { "\($0)".contains("steps") }
    #expect(!fixture.exists("plots"))
  }
}
