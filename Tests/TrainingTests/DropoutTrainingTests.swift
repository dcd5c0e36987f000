import Engine
import Networks
import SpikeData
import Testing
import Training

/// Dropout in training depends on the run's seed, the epoch, the sample and the layer, and on nothing else.
@Suite struct DropoutTrainingTests {
  private static let data = SyntheticSpeech(trainSamples: 40, testSamples: 10).makeTrain(
    binning: Binning(channels: 70, timeBins: 30), threads: 2)

  private func network(_ dropout: Double, _ pool: WorkerPool) -> Network {
    let layers = [23, 17].map { units in
      var layer = HiddenLayerSpecification.lif(units)
      layer.dropout = dropout
      return layer
    }
    let network = Network(
      NetworkSpecification(inputs: 70, timeBins: 30, classes: 20, timeStep: 0.001, hidden: layers, readout: .standard))
    network.drawNormal(gain: 4, seed: 3)
    network.weightsDidChange(pool: pool)
    return network
  }

  /// Loss of an epoch in which the weights do not change.
  private func loss(
    _ dropout: Double, epoch: Int = 1, seed: UInt64 = 1, threads: Int = 2, batch: Int = 8, shuffle: Bool = false,
    regularized: Bool = false
  ) throws -> Double {
    let pool = WorkerPool(threads: threads)
    let trainer = Trainer(
      network: network(dropout, pool), samples: Samples(Self.data),
      specification: TrainingSpecification(
        epochs: 5, batchSize: batch, shuffle: shuffle, dropLast: true, evaluateEvery: 1,
        optimizer: OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 0),
        // Its value is too small to see, but the order of passes is another.
        regularizer: RegularizerSpecification(totalSpikes: regularized ? 1e-30 : 0)), seed: seed, pool: pool)
    return try #require(try trainer.runEpoch(epoch)).loss
  }

  @Test func doesNotDependOnTheirOrder() throws {
    let expected = try loss(0.5)
    for threads in [1, 3, 8] { #expect(try loss(0.5, threads: threads) == expected) }
    // Sums of the same losses in another order.
    for batch in [1, 4, 20, 40] {
      for shuffle in [false, true] {
        let other = try loss(0.5, batch: batch, shuffle: shuffle, regularized: batch == 20)
        #expect(abs(other - expected) < 1e-12 * expected, "\(batch) \(shuffle): \(other), \(expected)")
      }
    }
  }

  @Test func dependsOnSeedAndEpoch() throws {
    let losses = [
      try loss(0.5), try loss(0.5, epoch: 2), try loss(0.5, epoch: 3), try loss(0.5, seed: 2),
      try loss(0.4), try loss(0),
    ]
    #expect(Set(losses).count == 6, "\(losses)")
    #expect(try loss(0, epoch: 2) == losses[5])
  }

  /// Evaluation of a network with dropout is that of the same network without.
  @Test func doesNotAffectEvaluation() throws {
    let pool = WorkerPool(threads: 2)
    let (with, without) = (network(0.5, pool), network(0, pool))
    let samples = Samples(Self.data)
    func evaluation(_ network: Network) -> Evaluation {
      Evaluator(specification: network.specification, pool: pool).evaluate(network, on: samples)
    }
    let (a, b) = (evaluation(with), evaluation(without))
    #expect(a.loss == b.loss && a.predicted == b.predicted && a.unitRates == b.unitRates)
    #expect(b.unitRates.joined().contains { $0 > 0 })
    let recordings = [with, without].map {
      Evaluator(specification: $0.specification, pool: pool).recordings(of: $0, on: samples, count: 3)
    }
    #expect(recordings[0].map(\.readout) == recordings[1].map(\.readout))
    #expect(recordings[0].map(\.spikes) == recordings[1].map(\.spikes))
  }
}
