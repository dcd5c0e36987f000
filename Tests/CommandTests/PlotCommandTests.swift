import Foundation
import Testing

/// `plot`: which run is shown, figures of one run, edited scripts.
@Suite struct PlotCommandTests {
  /// Long enough that validation accuracies differ.
  private static let sweep = """
    experiment: sweep
    seeds: [0, 1]
    data: {source: synthetic, synthetic: {train_samples: 200, test_samples: 40}, time_bins: 20, validation: {fraction: 0.5}}
    network: {hidden: 16}
    training: {epochs: 4, batch_size: 20, optimizer: {learning_rate: 5e-3}}
    record: {samples: 2}
    sweep: {grid: {network.init.gain: [1e-6, 1]}}

    """

  /// Without gnuplot, so that only scripts are written.
  private static let environment = ["PATH": "/nonexistent"]

  private func plot(_ arguments: String...) throws -> Program.Output {
    try Program.run(["plot"] + arguments, environment: Self.environment)
  }

  @Test func theShownRun() throws {
    let sweep = try Sweep(Self.sweep)
    #expect(try sweep.run().status == 0)
    let best = try Program.run(["best", sweep.root, "--json"])
    let choice = try #require(try JSONSerialization.jsonObject(with: Data(best.out.utf8)) as? [String: Any])
    let values = try #require(choice["swept"] as? [String: Any])
    let gain = try #require(values["network.init.gain"])
    // The one that could not learn comes first in the plan.
    #expect("\(gain)" == "1", "\(best.out)")
    let output = try plot(sweep.root)
    let shown = try #require(sweep.runs.first { $0.contains("gain_1-seed_0") })
    #expect(
      output.err.contains(
        "rasters and traces: \(shown), the first recorded of 2 seeds at the sweep point with the best"))
    #expect(
      sweep.text("plots/data/run.csv").contains(shown)
        && sweep.text("plots/raster.gp").contains("Run \(shown): the first"))

    // By an unambiguous prefix; otherwise an error that lists runs.
    let other = try #require(sweep.runs.first { $0.contains("gain_1e-06-seed_0") || $0.contains("gain_1e-6-seed_0") })
    let named = try plot(sweep.root, "--run", String(other.dropLast(10)))
    #expect(named.status == 0 && sweep.text("plots/data/run.csv").contains(other), "\(named)")
    let ambiguous = try plot(sweep.root, "--run", "gain_1-")
    #expect(ambiguous.status == 2 && ambiguous.err.contains("2 runs begin with gain_1-:\n  \(shown)"), "\(ambiguous)")
    let part = try plot(sweep.root, "--run", "seed_1")
    #expect(part.status == 2 && part.err.contains("no run begins with seed_1; these contain it:"), "\(part)")
    let unknown = try plot(sweep.root, "--run", "gaim_1")
    #expect(
      unknown.status == 2 && unknown.err.contains("there is no run gaim_1; the nearest names:\n  gain_"), "\(unknown)")
    #expect(try plot(sweep.root, "--run", "").status == 2)

    // For an unrecorded run, says what to do.
    let unrecorded = try #require(sweep.runs.first { $0.contains("gain_1-seed_1") })
    let none = try plot(sweep.root, "--run", unrecorded, "--only", "raster")
    #expect(none.err.contains("run \(unrecorded) has no recordings") && none.err.contains("record.runs=all"), "\(none)")

    // The figures of one run, in its own folder.
    let own = try plot("\(sweep.root)/runs/\(shown)")
    #expect(own.status == 0, "\(own)")
    for kind in ["loss", "accuracy", "raster", "readout", "membrane", "rates", "confusion"] {
      #expect(!sweep.text("runs/\(shown)/plots/\(kind).gp").isEmpty, "\(kind)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(sweep.root)/runs/\(shown)/plots/sweep.gp"))
    #expect(try plot("\(sweep.root)/runs/\(shown)", "--run", "x").status == 2)
    #expect(try Program.run(["status", sweep.root]).out.contains("4 runs: 4 done"))
  }

  @Test func editedScriptsAreKept() throws {
    let sweep = try Sweep(Self.sweep)
    #expect(try sweep.run("training.epochs=1").status == 0)
    #expect(try plot(sweep.root).status == 0)
    let edited = sweep.text("plots/loss.gp") + "set xrange [0:10]\n"
    _ = try sweep.folder.write(edited, "results/sweep/plots/loss.gp")
    let kept = try plot(sweep.root)
    #expect(kept.status == 0 && kept.err.contains("loss: ") && kept.err.contains("kept and not run"), "\(kept)")
    #expect(sweep.text("plots/loss.gp") == edited)
    // A new plan removes the others.
    #expect(try sweep.run("training.epochs=2").status == 0)
    #expect(sweep.text("plots/loss.gp") == edited && sweep.text("plots/accuracy.gp").isEmpty)
    let forced = try plot(sweep.root, "--force")
    #expect(forced.status == 0 && !forced.err.contains("kept"), "\(forced)")
    #expect(!sweep.text("plots/loss.gp").contains("set xrange [0:10]\n"))
  }
}
