import Foundation
import Testing

/// `snnexp collect`: the tables of `run`, from run folders alone.
@Suite struct CollectTests {
  private func collect(_ sweep: Sweep, _ more: String...) throws -> Program.Output {
    try Program.run(["collect", sweep.root, "--no-plots"] + more)
  }

  private static let tables = ["plan.csv", "history.csv", "summary.csv", "aggregate.csv", "speakers.csv"]

  @Test func theSameTablesAsRun() throws {
    let sweep = try Sweep(Small.sweep)
    #expect(try sweep.run().status == 0)
    let expected = Self.tables.map(sweep.text)
    // Without the experiment file, and with nothing but the plan beside the run folders.
    for name in Self.tables.dropFirst() { unlink(sweep.root + "/" + name) }
    unlink(sweep.file)
    let output = try collect(sweep)
    #expect(output.status == 0 && output.out.contains("4 of 4 runs done"), "\(output)")
    #expect(Self.tables.map(sweep.text) == expected)
  }

  @Test func runsWithoutTablesWriteRunFoldersOnly() throws {
    let sweep = try Sweep(Small.sweep)
    for shard in ["1/2", "2/2"] {
      #expect(try sweep.run("--shard", shard, "--no-tables").status == 0)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: sweep.root) == ["runs"])
    // Without a plan: what is there, in the order of names, and a warning.
    let output = try collect(sweep)
    #expect(output.status == 0 && output.err.contains("no plan.csv"), "\(output)")
    #expect(sweep.text("summary.csv").split(separator: "\n").count == 5)
  }

  @Test func saysWhatIsMissing() throws {
    let sweep = try Sweep(Small.sweep)
    #expect(try sweep.run("--only", "seed=0").status == 0)
    let expected = Self.tables.map(sweep.text)
    let part = try collect(sweep)
    #expect(part.status == 0 && part.out.contains("2 of 4 runs done"), "\(part)")
    #expect(part.err.contains("2 pending: "), "\(part.err)")
    #expect(Self.tables.map(sweep.text) == expected)
    let diverging = try sweep.run("--only", "seed=1", "training.optimizer.learning_rate=1e30")
    #expect(diverging.status == 1, "\(diverging)")
    let failed = try collect(sweep, "--json")
    #expect(failed.status == 1 && failed.err.contains("failed: "), "\(failed)")
    #expect(failed.out.contains("\"failed\": [{\"run_id\": "), "\(failed.out)")
  }

  @Test func otherFoldersAreRefused() throws {
    let folder = try Folder()
    let output = try Program.run(["collect", folder.path])
    #expect(output.status == 2 && folder.files.isEmpty, "\(output)")
  }
}
