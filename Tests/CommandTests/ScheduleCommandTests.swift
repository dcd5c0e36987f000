import CSV
import Foundation
import TestSupport
import Testing

/// The learning rates of a run, as its history shows them.
@Suite struct ScheduleCommandTests {
  private func rates(_ training: String) throws -> [Double] {
    let sweep = try Sweep(Small.experiment(network: "hidden: 8", training: "batch_size: 20, \(training)"))
    let output = try sweep.run()
    #expect(output.status == 0, "\(output.err)")
    let table = try CSVTable(path: sweep.root + "/history.csv")
    let position = try #require(table.position(of: "learning_rate"))
    return table.rows.compactMap { Double($0[position]) }
  }

  private func expect(_ training: String, _ expected: [Double]) throws {
    let found = try rates(training)
    #expect(
      found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 * $1 },
      "\(training): \(found)")
  }

  @Test func perEpoch() throws {
    try expect(
      "epochs: 6, optimizer: {learning_rate: 8e-3}, schedule: {kind: step, every: 2, factor: 0.5, warmup_epochs: 1}",
      [4e-3, 8e-3, 8e-3, 4e-3, 4e-3, 2e-3])
    try expect(
      "epochs: 3, optimizer: {kind: adamw, learning_rate: 8e-3}, schedule: {kind: cosine, epochs: 2, minimum: 2e-3}",
      [8e-3, 5e-3, 2e-3])
  }

  /// Only epochs 2, 4 and so on are evaluated; nothing is an improvement by more than 1.
  @Test func afterEvaluatedEpochs() throws {
    try expect(
      "epochs: 9, evaluate_every: 2, optimizer: {learning_rate: 8e-3}, schedule: {kind: plateau, metric: train_accuracy,"
        + " factor: 0.5, patience: 0, threshold: 1, threshold_mode: absolute, minimum: 3e-3}",
      [8e-3, 8e-3, 8e-3, 8e-3, 4e-3, 4e-3, 3e-3, 3e-3, 3e-3])
  }

  /// Of 60 samples, three batches per epoch, each first one: 0, 3, 6, 9 of 12, with the peak at 0.5 * 12 - 1.
  @Test func ofTheFirstBatch() throws {
    try expect(
      "epochs: 4, optimizer: {learning_rate: 1e-2}, schedule: {kind: one_cycle, warmup_fraction: 0.5, start_divisor: 2,"
        + " final_divisor: 5, anneal: linear}",
      [5e-3, 5e-3 + 5e-3 * 3 / 5, 1e-2 - 9e-3 * 1 / 6, 1e-2 - 9e-3 * 4 / 6])
  }
}
