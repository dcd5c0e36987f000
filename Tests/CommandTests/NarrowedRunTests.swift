import Foundation
import Testing

/// Running part of a sweep replaces its tables and figures: it says so, and leaves no figure of the whole sweep.
@Suite struct NarrowedRunTests {
  @Test func tablesAndFiguresAreOfOnePlan() throws {
    let sweep = try Sweep(Small.sweep)
    func run(_ more: [String]) throws -> Program.Output {
      try Program.run(["run", sweep.file, "-o", sweep.folder.path + "/results"] + more)
    }
    func figures() -> Set<String> {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: sweep.root + "/plots")) ?? []
      return Set(files.filter { $0.hasSuffix(".gp") })
    }
    let whole = try run([])
    #expect(whole.status == 0 && figures().contains("sweep.gp") && !whole.err.contains("not in the last plan"))
    _ = try sweep.folder.write("mine", "results/sweep/plots/mine.gp")
    let narrowed = try run(["network.tau_mem=5ms"])
    #expect(narrowed.status == 0 && figures().contains("loss.gp") && !figures().contains("sweep.gp"))
    #expect(figures().contains("mine.gp"))
    #expect(
      narrowed.err.contains(
        "note: 2 run folders in \(sweep.root)/runs not in the last plan, so not shown; "
          + "snnexp run '\(sweep.file)' -o '\(sweep.folder.path)/results' shows those of the file"), "\(narrowed.err)")
    #expect(sweep.text("summary.csv").split(separator: "\n").count == 3)
    let again = try run([])
    #expect(figures().contains("sweep.gp") && sweep.text("summary.csv").split(separator: "\n").count == 5)
    #expect(again.err.contains("skipped  4 runs"), "\(again.err)")
  }

  /// Even if nothing is redrawn.
  @Test func oldFiguresGoWithoutNewOnes() throws {
    let sweep = try Sweep(Small.sweep)
    #expect(try Program.run(["run", sweep.file, "-o", sweep.folder.path + "/results", "-q"]).status == 0)
    #expect(sweep.folder.files.contains { $0.hasSuffix("plots/sweep.gp") })
    #expect(try sweep.run("network.tau_mem=5ms").status == 0)
    #expect(!sweep.folder.files.contains { $0.hasSuffix(".gp") || $0.hasSuffix(".svg") })
  }
}
