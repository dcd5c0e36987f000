import Foundation
import TestSupport
import Testing

/// Runs of every neuron model that are killed and resumed end with the bytes of one that was not.
@Suite struct KilledModelTests {
  /// A checkpoint after every batch.
  private static let slow = ["SNNEXP_CHECKPOINT_SECONDS": "0"]

  /// - Parameter kills: after the first, which waits for a checkpoint, at random moments.
  private func expectSameAfterKills(_ text: String, start: Data? = nil, kills: Int = 4) throws {
    let (undisturbed, killed) = (try Sweep(text), try Sweep(text))
    if let start {
      for sweep in [undisturbed, killed] { try sweep.folder.write([UInt8](start), "start.h5") }
    }
    let output = try undisturbed.run("--threads", "2")
    #expect(output.status == 0, "\(output.err)")
    var random = SystemRandomNumberGenerator()
    var delays: [UInt32] = []
    for kill in 0..<kills {
      let process = try killed.start("--threads", "\(1 + kill % 3)", environment: Self.slow)
      if kill == 0 {
        killed.waitForLog(containing: "epoch 2,")
      } else {
        delays.append(UInt32.random(in: 20_000...800_000, using: &random))
        usleep(delays[delays.count - 1])
      }
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let last = try killed.run("--threads", "1")
    #expect(last.status == 0, "\(last.err)")
    let run = try #require(killed.runs.first)
    #expect(killed.runs == undisturbed.runs && killed.log(run).contains("resumed"), "\(killed.log(run))")
    let (expected, found) = (try undisturbed.results(), try killed.results())
    #expect(expected.keys.sorted() == found.keys.sorted() && expected["\(run)/recordings.h5"] != nil)
    for (name, data) in expected { #expect(found[name] == data, "\(name), killed after \(delays) us") }
    #expect(killed.leftovers == [])
  }

  @Test(arguments: ModelExperiment.allCases) func endTheSame(_ experiment: ModelExperiment) throws {
    try expectSameAfterKills(experiment.text(epochs: 200))
  }

  @Test(arguments: [
    "{kind: step, every: 40, factor: 0.5, warmup_epochs: 5}", "{kind: exponential, factor: 0.99}",
    "{kind: cosine, minimum: 1e-4}", "one_cycle",
    "{kind: plateau, metric: train_loss, factor: 0.8, patience: 1, cooldown: 1}, evaluate_every: 7",
    "{kind: plateau, metric: train_accuracy, factor: 0.7, patience: 0, warmup_epochs: 3}, evaluate_every: 5",
  ]) func endTheSameWithASchedule(_ schedule: String) throws {
    let optimizer = "optimizer: {kind: adamw, learning_rate: 5e-3, learning_rates: {neuron: 1e-2}}, schedule: "
    try expectSameAfterKills(ModelExperiment.seAdlif.text(epochs: 200, optimizer: optimizer + schedule))
  }

  /// From a file with neuron parameters, whose values are not those that single precision makes of what is trained.
  @Test(arguments: [ModelExperiment.deep, .lif]) func endTheSameFromAFile(_ experiment: ModelExperiment) throws {
    let first = try Sweep(experiment.text(epochs: 2))
    let output = try first.run()
    #expect(output.status == 0, "\(output.err)")
    let run = try #require(first.runs.first)
    let start = try first.folder.contents("results/sweep/runs/\(run)/weights.h5")
    try expectSameAfterKills(experiment.text(epochs: 200, start: "start.h5"), start: start)
    // Training that moves nothing gives back the bytes of the values.
    let idle = try Sweep(
      experiment.text(epochs: 1, start: "start.h5").replacing("learning_rate: 5e-3", with: "learning_rate: 0"))
    try idle.folder.write([UInt8](start), "start.h5")
    let result = try idle.run()
    #expect(result.status == 0, "\(result.err)")
    let idleRun = try #require(idle.runs.first)
    #expect(try idle.folder.contents("results/sweep/runs/\(idleRun)/weights.h5") == start)
  }
}
