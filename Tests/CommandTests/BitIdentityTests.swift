import Engine
import Foundation
import TestSupport
import Testing

/// Same configuration, same bits: on every instruction set, for any number of threads, and when run twice.
@Suite struct BitIdentityTests {
  /// Weights, recordings and history (without its last column, epoch_seconds) of an experiment of one run.
  private struct Outcome: Equatable {
    var weights: Data
    var recordings: Data
    var history: [Substring]
  }

  private func outcome(_ arguments: [String], threads: Int, kernels: String) throws -> Outcome {
    let folder = try Folder()
    let output = try Program.run(
      ["run"] + arguments + ["-o", folder.path, "--threads", "\(threads)", "--no-plots", "-q"],
      environment: ["SNNEXP_ISA": kernels])
    #expect(output.status == 0, "\(output.err)")
    let weights = try #require(folder.files.first { $0.hasSuffix("/weights.h5") })
    let history = String(
      decoding: try folder.contents(weights.replacing("weights.h5", with: "history.csv")), as: UTF8.self)
    return Outcome(
      weights: try folder.contents(weights),
      recordings: try folder.contents(weights.replacing("weights.h5", with: "recordings.h5")),
      history: history.split(separator: "\n").map { $0.prefix(upTo: $0.lastIndex(of: ",") ?? $0.endIndex) })
  }

  private func expectSameBits(_ arguments: [String]) throws {
    let kernels = Kernels.available.map(\.name)
    let fastest = kernels[kernels.count - 1]
    let first = try outcome(arguments, threads: 1, kernels: fastest)
    let others = kernels.map { (2, $0) } + [3, 8].map { ($0, fastest) } + [(1, fastest)]
    for (threads, kernels) in others {
      let other = try outcome(arguments, threads: threads, kernels: kernels)
      #expect(other == first, "\(threads) threads, \(kernels)")
    }
  }

  /// Several layers of odd sizes, and the regularizer's other order of passes.
  @Test func ofASmallNetwork() throws {
    let folder = try Folder()
    let file = try folder.write(
      Small.experiment(
        network: "hidden: [83, 20]",
        training: "epochs: 2, batch_size: 20, regularizer: {total_spikes: 1e-6, neuron_spikes_squared: 1e-6}"))
    try expectSameBits([file])
    try expectSameBits([file, "training.regularizer=none", "network.hidden=70"])
  }

  /// Each model with trained parameters in layers of odd sizes, dropout, clipping, smoothing and all regularizers.
  @Test(arguments: ModelExperiment.allCases) func ofEveryModel(_ experiment: ModelExperiment) throws {
    let folder = try Folder()
    let file = try folder.write(experiment.text(epochs: 2))
    try expectSameBits([file])
    // Without a regularizer the passes have another order.
    try expectSameBits([file, "training.regularizer=none", "training.batch_size=9"])
  }

  /// Two learning rates whose tensors share blocks of work, and rates and momentum that change with each batch.
  @Test(arguments: [ModelExperiment.seAdlif, .deep]) func ofGroupsAndSchedules(_ experiment: ModelExperiment) throws {
    let folder = try Folder()
    let optimizer =
      "optimizer: {kind: adamw, learning_rate: 5e-3, weight_decay: 0.1, learning_rates: {neuron: 2e-2}}, schedule: "
    try expectSameBits([folder.write(experiment.text(epochs: 3, optimizer: optimizer + "one_cycle"))])
    try expectSameBits([
      folder.write(experiment.text(epochs: 4, optimizer: optimizer + "{kind: cosine, warmup_epochs: 1}"), "cosine.yaml")
    ])
  }

  @Test(arguments: ["adam", "adamax", "momentum", "odd_sizes", "uniform_binary", "delays_bounded", "encoder"])
  func ofGoldenCases(_ name: String) throws {
    try expectSameBits([Golden.folder + "/\(name)/experiment.yaml"])
  }

  @Test(.enabled(if: SharedFiles.path != nil, "\(SharedFiles.missing)"), arguments: SharedFiles.cases)
  func ofLargerGoldenCases(_ name: String) throws {
    let shared = try #require(SharedFiles.path)
    try expectSameBits(["\(shared)/golden/\(name)/experiment.yaml"])
  }

  @Test(.enabled(if: SharedFiles.path != nil, "\(SharedFiles.missing)")) func ofSpokenDigits() throws {
    let shared = try #require(SharedFiles.path)
    let folder = try Folder()
    let file = try folder.write(
      """
      experiment: digits
      data: {train: "\(shared)/data/fsdd_train.h5", test: "\(shared)/data/fsdd_train.h5"}
      training: {epochs: 3, evaluate_every: 3}

      """)
    try expectSameBits([file])
  }
}
