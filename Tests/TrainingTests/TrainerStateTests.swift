import Engine
import Networks
import SpikeData
import Testing
import Training

/// Training resumed from a state gives the same bits as uninterrupted training.
@Suite struct TrainerStateTests {
  private static let data = SyntheticSpeech(trainSamples: 50, testSamples: 1).makeTrain(
    binning: Binning(timeBins: 30), threads: 2)

  private func makeTrainer(_ method: OptimizerSpecification.Method, _ pool: WorkerPool) -> (
    trainer: Trainer, network: Network
  ) {
    let network = Network(
      NetworkSpecification(
        inputs: 700, timeBins: 30, classes: 20, timeStep: 0.001, hidden: [.lif(19), .lif(19)], readout: .standard))
    network.drawNormal(gain: 2, seed: 3)
    network.weightsDidChange(pool: pool)
    let specification = TrainingSpecification(
      epochs: 3, batchSize: 8, shuffle: true, dropLast: false, evaluateEvery: 1,
      optimizer: OptimizerSpecification(method: method, learningRate: 1e-2),
      regularizer: RegularizerSpecification(totalSpikes: 1e-6, neuronSpikesSquared: 1e-6))
    let trainer = Trainer(
      network: network, samples: Samples(Self.data), specification: specification, seed: 5, pool: pool)
    return (trainer, network)
  }

  @Test(arguments: [
    OptimizerSpecification.Method.sgd(momentum: 0.9), .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
    .adamax(beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
  ]) func goesOnWithTheSameBits(method: OptimizerSpecification.Method) throws {
    let pool = WorkerPool(threads: 2)
    let (whole, expected) = makeTrainer(method, pool)
    var results: [EpochResult] = []
    for epoch in 1...3 { results.append(try #require(try whole.runEpoch(epoch))) }
    // Stopped after the third batch of the second epoch, after its last, and between two epochs.
    for stop in [2, 6, nil] {
      let (first, _) = makeTrainer(method, pool)
      _ = try first.runEpoch(1)
      let result = try first.runEpoch(2) { batch, _ in batch != stop }
      #expect((result == nil) == (stop != nil) && first.unfinished?.batches == stop.map { $0 + 1 })
      let (second, network) = makeTrainer(method, pool)
      second.restore(first.state)
      for epoch in (stop == nil ? 3 : 2)...3 {
        let found = try #require(try second.runEpoch(epoch))
        #expect(found.loss == results[epoch - 1].loss && found.hiddenRate == results[epoch - 1].hiddenRate)
        #expect(found.synapticOperations == results[epoch - 1].synapticOperations)
        #expect(found.silentFraction == results[epoch - 1].silentFraction)
      }
      #expect(network.weights.matrices == expected.weights.matrices)
    }
  }
}
