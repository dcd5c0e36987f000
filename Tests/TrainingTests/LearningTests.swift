import Engine
import Networks
import SpikeData
import Testing
import Training

/// Training learns, beyond each part being correct. The same bits on every machine, so never by chance.
@Suite struct LearningTests {
  private static let speech = SyntheticSpeech(trainSamples: 400, testSamples: 200)
  private static let binning = Binning(channels: 100, timeBins: 40)
  private static let train = speech.makeTrain(binning: binning), test = speech.makeTest(binning: binning)

  private func accuracies(
    _ optimizer: OptimizerSpecification, epochs: Int, hidden: [HiddenLayerSpecification]
  ) throws -> (train: Double, test: Double, losses: [Double]) {
    let pool = WorkerPool(threads: 2)
    let network = Network(
      NetworkSpecification(
        inputs: 100, timeBins: 40, classes: 20, timeStep: 0.001, hidden: hidden, readout: .standard))
    network.drawNormal(gain: 1, seed: 1)
    network.weightsDidChange(pool: pool)
    let trainer = Trainer(
      network: network, samples: Samples(Self.train),
      specification: TrainingSpecification(
        epochs: epochs, batchSize: 20, shuffle: true, dropLast: true, evaluateEvery: 1, optimizer: optimizer,
        regularizer: RegularizerSpecification()),
      seed: 1, pool: pool)
    let evaluator = Evaluator(specification: network.specification, pool: pool)
    let before = evaluator.evaluate(network, on: Samples(Self.test))
    // 20 classes: guessing is right one time in twenty, with a standard deviation of 1.5 %.
    #expect(before.accuracy < 0.05 + 5 * 0.0155)
    let losses = try (1...epochs).map { try #require(try trainer.runEpoch($0)).loss }
    return (
      evaluator.evaluate(network, on: Samples(Self.train)).accuracy,
      evaluator.evaluate(network, on: Samples(Self.test)).accuracy, losses
    )
  }

  @Test func aRecurrentNetworkLearnsTheSyntheticTask() throws {
    let (train, test, losses) = try accuracies(
      OptimizerSpecification(method: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 2e-3), epochs: 15,
      hidden: [.lif(48, scale: 20)])
    #expect(train > 0.7 && test > 0.5, "train \(train), test \(test), losses \(losses)")
    #expect(losses[losses.count - 1] < 0.2 * losses[0])
  }

  @Test func soDoesADeepOneByAdamax() throws {
    let (train, test, losses) = try accuracies(
      OptimizerSpecification(method: .adamax(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 4e-3), epochs: 15,
      hidden: [.lif(48, scale: 20), .lif(32, recurrent: false, scale: 20)])
    #expect(train > 0.5 && test > 0.3, "train \(train), test \(test), losses \(losses)")
  }

  @Test func soDoesAFeedforwardOneByGradientDescent() throws {
    let (train, test, losses) = try accuracies(
      OptimizerSpecification(method: .sgd(momentum: 0.9), learningRate: 5e-4), epochs: 15,
      hidden: [.lif(48, recurrent: false, scale: 20)])
    #expect(train > 0.5 && test > 0.3, "train \(train), test \(test), losses \(losses)")
  }
}
