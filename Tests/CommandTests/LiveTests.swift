import Foundation
import Testing

/// What is visible of a sweep during training.
@Suite struct LiveTests {
  private static let endless = """
    experiment: sweep
    seeds: [0, 1]
    data: {source: synthetic, synthetic: {train_samples: 40, test_samples: 20}}
    network: {hidden: 16}
    training: {epochs: 1000000, batch_size: 20}
    record: {samples: 2}
    sweep: {grid: {network.tau_mem: [5 ms, 10 ms]}}

    """

  @Test func figuresOfRunsThatAreStillTrained() throws {
    let sweep = try Sweep(Self.endless)
    let running = try sweep.start("--live", "-j", "1", "--threads", "1")
    defer { running.waitUntilExit(limit: 30) }
    defer { running.interrupt() }
    let curves = sweep.root + "/plots/data/loss.csv"
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: curves) { usleep(100_000) }
    let live = try String(contentsOfFile: curves, encoding: .utf8)
    #expect(live.contains("5 ms,train,2,1,"), "\(live.prefix(300))")

    let all = try Program.run(["plot", sweep.root])
    #expect(all.status == 0, "\(all)")
    #expect(all.err.contains("of 4 runs: 1 running, 3 pending"), "\(all)")
    for kind in ["loss", "accuracy", "firing_rate"] {
      #expect(FileManager.default.fileExists(atPath: "\(sweep.root)/plots/\(kind).gp"), "\(all)")
    }
    // The run may be drawing at this moment.
    func areUnfinished() -> Bool { sweep.folder.files.contains { $0.hasSuffix(".unfinished") } }
    for _ in 0..<300 where areUnfinished() { usleep(100_000) }
    #expect(!areUnfinished())
  }

  @Test func aFigureThatCanNotBeDrawnIsANoteAndNoMore() throws {
    let sweep = try Sweep(Self.endless)
    let gnuplot = try sweep.folder.write("#!/bin/sh\necho something is wrong\nexit 1\n", "gnuplot")
    chmod(gnuplot, 0o755)
    let messages = sweep.folder.path + "/messages"
    let running = try RunningProgram(
      [Program.path] + sweep.loudArguments(["--live", "-j", "1", "--threads", "1"]),
      environment: ["PATH": sweep.folder.path + ":/usr/bin:/bin"], err: messages)
    func text() -> String { (try? String(contentsOfFile: messages, encoding: .utf8)) ?? "" }
    for _ in 0..<600 where !text().contains("something is wrong") { usleep(100_000) }
    running.interrupt()
    running.waitUntilExit(limit: 30)
    #expect(text().contains("live figures: something is wrong") && running.terminationStatus == 130, "\(text())")
  }

  @Test func whereTheLiveFiguresAreIsSaidAndWhatCanNotBeDrawnIsANote() throws {
    let sweep = try Sweep(
      Self.endless.replacing("epochs: 1000000", with: "epochs: 2").replacing("5 ms, 10 ms", with: "5 ms"))
    let output = try Program.run(
      sweep.loudArguments(["--live", "-j", "1"]), environment: ["PATH": "/nonexistent"])
    #expect(output.status == 0 && output.err.contains("live: gnuplot is not on PATH"), "\(output)")
    let dry = try Program.run(sweep.loudArguments(["--live", "--dry-run"]))
    #expect(dry.status == 0 && !dry.err.contains("live:"), "\(dry)")
  }
}
