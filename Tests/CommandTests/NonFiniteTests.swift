import Foundation
import HDF5
import Testing

/// A run with non-finite numbers has failed, wherever they first appear.
@Suite struct NonFiniteTests {
  private func run(_ more: [String]) throws -> (output: Program.Output, report: String) {
    let sweep = try Sweep(
      Small.experiment(train: 40, test: 20, timeBins: 20, network: "hidden: 8", record: 1))
    let output = try Program.run(sweep.arguments(more))
    return (output, sweep.runs.first.map { sweep.text("runs/\($0)/run.json") } ?? "")
  }

  /// NaN weights after a step make a silent network, whose loss is that of guessing.
  @Test(arguments: [
    (
      ["training.optimizer={kind: sgd, learning_rate: 3e38}", "network.init.gain=1"], "is not finite in epoch 1, batch "
    ),
    (["network.init.gain=3e37"], "epoch 1, batch 0"),
    // Losses may stay finite, so recordings are checked too.
    (["network.init.gain=1e38", "training.epochs=0"], "is nan after epoch 0"),
  ]) func fails(change: [String], expected: String) throws {
    let (output, report) = try run(change)
    #expect(output.status == 1 && report.contains("\"state\" : \"failed\""), "\(output) \(report)")
    #expect(report.contains(expected), "\(report)")
  }
}
