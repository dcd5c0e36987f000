import Experiments
import Foundation
import Testing

/// The names of runs are for people: short, and different within a sweep.
@Suite struct SlugTests {
  private func slugs(_ grid: String, network: String = "{}") throws -> [String] {
    let experiment = try load(
      "experiment: x\ndata: {source: synthetic}\nnetwork: \(network)\nsweep:\n  grid:\n    \(grid)\n")
    let folder = NSTemporaryDirectory() + UUID().uuidString
    return try RunPlan(experiment: experiment, resultsFolder: folder).runs.map(\.slug)
  }

  @Test func geomspaceHasThreeDigits() throws {
    #expect(
      try slugs("training.optimizer.learning_rate: {geomspace: [1e-4, 1e-2, 4]}") == [
        "learning_rate_0.0001-seed_0", "learning_rate_0.000464-seed_0", "learning_rate_0.00215-seed_0",
        "learning_rate_0.01-seed_0",
      ])
  }

  @Test func closeValuesHaveAsManyAsTheyNeed() throws {
    let slugs = try slugs("network.surrogate.scale: {geomspace: [10, 10.001, 5]}")
    #expect(Set(slugs).count == 5 && slugs[1] == "scale_10.0002-seed_0", "\(slugs)")
  }

  @Test func mappingsAreShort() throws {
    let values = "{init: {uniform: [5 ms, 25 ms]}, bounds: [5 ms, 25 ms], trained: true, per: unit}"
    #expect(
      try slugs("network.tau_mem: [10 ms, \(values)]", network: "{readout: {tau_mem: 10 ms}}") == [
        "tau_mem_10ms-seed_0", "tau_mem_uniform_5_25ms_trained-seed_0",
      ])
  }
}
