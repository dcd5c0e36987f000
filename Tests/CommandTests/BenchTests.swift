import Foundation
import Testing

/// `snnexp bench` on few samples: that it runs and what it writes, not speed.
@Suite struct BenchTests {
  private let few = ["--samples", "8", "--batch", "8", "--epochs", "1", "--threads", "1"]

  @Test func writesGrowthWithItsSlopes() throws {
    let folder = try Folder()
    let bench = try Program.run(["bench", "--growth", "-o", folder.path] + few)
    #expect(bench.status == 0, "\(bench.err)")
    #expect(folder.files.contains("growth.csv") && folder.files.contains("plots/growth.gp"))
    let lines = String(decoding: try folder.contents("growth.csv"), as: UTF8.self).split(separator: "\n")
    let rows = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(
      rows[0].prefix(7) == ["quantity", "value", "threads", "kernels", "phase", "seconds_per_sample", "slope"])
    let totals = rows.filter { $0[4] == "total" }
    for (quantity, points) in [("hidden", 8), ("steps", 6), ("events", 8), ("samples", 4)] {
      let line = totals.filter { $0[0] == quantity }
      #expect(line.count == points, "\(quantity)")
      // From the numbers of the rows themselves.
      for (before, row) in zip(line, line.dropFirst()) {
        let numbers = [row[1], before[1], row[5], before[5], row[6]].map { Double($0) ?? .nan }
        let slope = log(numbers[2] / numbers[3]) / log(numbers[0] / numbers[1]) + (quantity == "samples" ? 1 : 0)
        #expect(abs(slope - numbers[4]) < 1e-9, "\(row)")
      }
      #expect(line.first?[6] == "")
    }
    // The phases of a point are parts of its total.
    for total in totals {
      let phases = rows.filter { $0[0] == total[0] && $0[1] == total[1] && $0[4] != "total" }
      #expect(phases.count == 8 && phases.allSatisfy { (Double($0[5]) ?? -1) >= 0 }, "\(total)")
    }
  }

  @Test func printsJSONAndWritesNothing() throws {
    let folder = try Folder()
    let results = folder.path + "/results"
    let growth = try Program.run(["bench", "--growth", "--json", "-o", results] + few)
    let points =
      try #require(
        try JSONSerialization.jsonObject(with: Data(growth.out.utf8)) as? [String: Any])["points"] as? [[String: Any]]
    #expect(points?.count == 26 && (points?[0]["phases"] as? [Any])?.count == 8)

    let phases = try Program.run(["bench", "--json", "-o", results, "--hidden", "16", "--steps", "20"] + few)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(phases.out.utf8)) as? [String: Any])
    let runs = try #require(object["runs"] as? [[String: Any]])
    #expect(runs.map { $0["input"] as? String } == ["sparse", "dense"] && runs[0]["hidden"] as? Int == 16)
    #expect((object["limits"] as? [[String: Any]])?[0]["multiply_adds_per_s"] is Double)
    #expect(!FileManager.default.fileExists(atPath: results))
  }

  @Test func refusesWhatGrowthChooses() throws {
    for option in [["--hidden", "16"], ["--steps", "20"], ["--input", "sparse"], ["--data", "x.h5"], ["--limits"]] {
      let bench = try Program.run(["bench", "--growth"] + option)
      #expect(bench.status == 64 && bench.err.contains("leave out \(option[0])"), "\(bench.err)")
    }
    let bench = try Program.run(["bench", "--growth", "--threads", "1", "2"])
    #expect(bench.status == 64 && bench.err.contains("one value of --threads"))
  }
}
