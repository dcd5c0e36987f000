import Engine
import Networks
import TestSupport
import Testing
import Training

/// Training against double-precision PyTorch, on one batch.
@Suite struct TrainerTests {
  private func specification(
    _ optimizer: OptimizerSpecification, epochs: Int, regularizer: RegularizerSpecification
  ) -> TrainingSpecification {
    TrainingSpecification(
      epochs: epochs, batchSize: 3, shuffle: false, dropLast: true, evaluateEvery: 1, optimizer: optimizer,
      regularizer: regularizer)
  }

  /// Largest difference, relative to the largest of `expected`.
  private func error(_ values: [Float], _ expected: [[Double]]) -> Double {
    let flat = expected.flatMap { $0 }
    #expect(values.count == flat.count)
    let largest = flat.reduce(0) { max($0, abs($1)) }
    return zip(values, flat).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / largest
  }

  /// One step of gradient descent with rate 1 subtracts the gradient from the weights.
  @Test(arguments: [false, true], [1, 2]) func lossAndGradient(regularized: Bool, threads: Int) throws {
    let task = try TinyTask()
    let expected = regularized ? task.tiny.regularised : task.tiny.plain
    let pool = WorkerPool(threads: threads)
    let network = task.makeNetwork(pool)
    let layout = network.weights.layout
    let before = layout.tensors.map { network.weights.matrix($0) }
    let trainer = Trainer(
      network: network, samples: Samples(task.data),
      specification: specification(
        OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 1), epochs: 1,
        regularizer: RegularizerSpecification(totalSpikes: expected.coeff, neuronSpikesSquared: expected.coeff)),
      seed: 0, pool: pool)
    let result = try #require(try trainer.runEpoch(1))
    #expect(expected.loss == expected.ce + expected.regLoss && (expected.regLoss > 0.01) == regularized)
    #expect(abs(result.loss - expected.loss) < 1e-6 * expected.loss, "\(result.loss), expected \(expected.loss)")
    for (tensor, (before, gradient)) in zip(
      layout.tensors, zip(before, [expected.gradW1, expected.gradV1, expected.gradW2]))
    {
      let change = zip(before, network.weights.matrix(tensor)).map { $0 - $1 }
      #expect(error(change, gradient) < 1e-5, "\(tensor.path)")
    }
    // 3 samples of 12 steps of 1 ms; each input spike reaches 5 units, each hidden one 4 classes and 5 units.
    let (spikes, inputs) = (task.spikes.reduce(0, +), task.tiny.x.joined().joined().reduce(0, +))
    #expect(abs(result.hiddenRate - spikes / (3 * 12 * 5 * 0.001)) < 1e-9)
    #expect(result.silentFraction == Double(task.spikes.count { $0 == 0 }) / 5)
    #expect(result.synapticOperations == (5 * inputs + 9 * spikes) / 3)
  }

  @Test func stepsOfAdam() throws {
    let task = try TinyTask()
    let expected = task.tiny.adam
    let pool = WorkerPool(threads: 1)
    let network = task.makeNetwork(pool)
    let layout = network.weights.layout
    let trainer = Trainer(
      network: network, samples: Samples(task.data),
      specification: specification(
        OptimizerSpecification(
          method: .adam(beta1: expected.betas[0], beta2: expected.betas[1], epsilon: expected.epsilon),
          learningRate: expected.lr), epochs: 3, regularizer: RegularizerSpecification()),
      seed: 0, pool: pool)
    for (epoch, loss) in zip(1..., expected.losses) {
      let result = try #require(try trainer.runEpoch(epoch))
      #expect(abs(result.loss - loss) < 1e-5 * loss, "epoch \(epoch): \(result.loss), expected \(loss)")
    }
    for (tensor, weights) in zip(layout.tensors, [expected.w1, expected.v1, expected.w2]) {
      #expect(error(network.weights.matrix(tensor), weights) < 1e-5, "\(tensor.path)")
    }
  }
}
