import Foundation
import Plotting
import Testing

@Suite struct RooflineTests {
  private func writeMeasurements(_ fixture: Fixture) throws {
    var phases = RooflineFigure.phaseColumns.joined(separator: ",") + "\n"
    for (threads, faster) in [(1, 1.0), (2, 2.0)] {
      for hidden in [64, 256, 1024] {
        let bytes = 8000 * 4 * Double(hidden), size = Double(hidden * hidden)
        phases += "input,sparse,\(hidden),100,\(threads),avx512,\(bytes / 2e11 / faster),\(bytes),\(bytes / 2),l2,0.8\n"
        phases += "backward,sparse,\(hidden),100,\(threads),avx512,\(200 * size / 2e11 / faster),\(67 * size),"
        phases += "\(200 * size),multiply_adds,0.8\n"
      }
    }
    try fixture.write("phases.csv", phases)
    var limits = RooflineFigure.limitColumns.joined(separator: ",") + "\n"
    for (threads, faster) in [(1, 1.0), (2, 2.0)] {
      for (limit, value) in [("multiply_adds", 260e9), ("l1", 520e9), ("l2", 250e9), ("l3", 110e9), ("memory", 42e9)] {
        limits += "\(threads),avx512,\(limit),\(value * faster)\n"
      }
    }
    try fixture.write("limits.csv", limits)
  }

  @Test func hasARoofForEachLimitAndMarksForEachPhase() throws {
    let fixture = try Fixture()
    try writeMeasurements(fixture)
    let result = try RooflineFigure(folder: fixture.path, searchPath: "/nonexistent").write()
    #expect(result.picture == nil && result.note?.contains("gnuplot") == true)
    let script = try fixture.read("plots/roofline.gp")
    #expect(script.contains("2 threads, avx512 kernels"))
    for roof in ["L1 1040 GB/s", "L2 500 GB/s", "L3 220 GB/s", "memory 84 GB/s", "multiply-adds 520 GFLOP/s"] {
      #expect(script.contains(roof), "\(roof)")
    }
    #expect(script.contains("\"input\" at screen") && script.contains("\"backward\" at screen"))
    #expect(!script.contains(fixture.path))
  }

  @Test(.enabled(if: Plots(resultsFolder: ".").canDraw, "gnuplot is not on PATH")) func isDrawn() throws {
    let fixture = try Fixture()
    try writeMeasurements(fixture)
    let result = try RooflineFigure(folder: fixture.path).write()
    #expect(result.note == nil)
    #expect(try fixture.read("plots/roofline.svg").contains("operations per byte"))
  }

  @Test func saysWhatIsMissing() throws {
    let fixture = try Fixture()
    let figure = RooflineFigure(folder: fixture.path)
    #expect { _ = try figure.write() } throws: { "\($0)".contains("phases.csv") }
    try writeMeasurements(fixture)
    try fixture.write("limits.csv", "threads,kernels,limit,per_second\n1,avx512,l1,5e11\n")
    #expect { _ = try figure.write() } throws: { "\($0)".contains("multiply_adds") }
    #expect(!fixture.exists("plots"))
  }
}
