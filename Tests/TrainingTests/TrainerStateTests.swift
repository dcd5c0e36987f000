import Engine
import Networks
import SpikeData
import Testing
import Training

/// Training resumed from a state gives the same bits as uninterrupted training.
@Suite struct TrainerStateTests {
  private static let data = SyntheticSpeech(trainSamples: 50, testSamples: 1).makeTrain(
    binning: Binning(timeBins: 30), threads: 2)

  private func makeTrainer(
    _ method: OptimizerSpecification.Method, _ pool: WorkerPool, schedule: LearningRateSchedule = .constant,
    epochs: Int = 3
  ) -> (trainer: Trainer, network: Network) {
    let network = Network(
      NetworkSpecification(
        inputs: 700, timeBins: 30, classes: 20, timeStep: 0.001, hidden: [.lif(19), .lif(19)], readout: .standard))
    network.drawNormal(gain: 2, seed: 3)
    network.weightsDidChange(pool: pool)
    var specification = TrainingSpecification(
      epochs: epochs, batchSize: 8, shuffle: true, dropLast: false, evaluateEvery: 1,
      optimizer: OptimizerSpecification(method: method, learningRate: 1e-2),
      regularizer: RegularizerSpecification(totalSpikes: 1e-6, neuronSpikesSquared: 1e-6))
    specification.schedule = schedule
    let trainer = Trainer(
      network: network, samples: Samples(Self.data), specification: specification, seed: 5, pool: pool)
    return (trainer, network)
  }

  @Test(arguments: [
    OptimizerSpecification.Method.sgd(momentum: 0.9), .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
    .adamax(beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
    .adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1),
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

  /// Stopped after every batch. What a plateau has seen is not part of the state: the metric's values are.
  @Test(
    arguments: [
      .init(.step(every: 1, factor: 0.5), warmupEpochs: 1), .init(.exponential(factor: 0.7)),
      .init(.cosine(minimum: 1e-4, epochs: nil), warmupEpochs: 2), .init(.oneCycle(OneCycle())),
      .init(.plateau(Plateau(metric: .trainLoss, factor: 0.5, patience: 0, threshold: 0.9, cooldown: 1))),
    ] as [LearningRateSchedule])
  func schedulesGoOnWithTheSameBits(schedule: LearningRateSchedule) throws {
    let pool = WorkerPool(threads: 2)
    let method = OptimizerSpecification.Method.adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1)
    let epochs = 5
    let make = { makeTrainer(method, pool, schedule: schedule, epochs: epochs) }
    let (whole, expected) = make()
    // The states after all batches, and the values that the metric had had by then.
    var (states, values): ([(state: TrainerState, values: [Double])], [Double]) = ([], [])
    var rates: Set<Double> = []
    for epoch in 1...epochs {
      let result = try whole.runEpoch(epoch) { batch, _ in
        states.append((whole.state, values))
        rates.insert(whole.rates.rates(epoch: epoch, batch: batch).weights)
        return true
      }
      values.append(try #require(result).loss)
      whole.observe(values.last, after: epoch)
    }
    #expect(states.count == epochs * 7 && rates.count >= 3)
    for (state, values) in states {
      let (rest, network) = make()
      rest.restore(state)
      for (index, value) in values.enumerated() { rest.observe(value, after: index + 1) }
      for epoch in values.count + 1...epochs {
        let result = try #require(try rest.runEpoch(epoch))
        rest.observe(result.loss, after: epoch)
      }
      #expect(network.weights.matrices == expected.weights.matrices)
    }
  }

  /// As if training were longer: the last epoch counts only if it would be evaluated in any case.
  @Test func aPlateauIgnoresThatTrainingEnds() {
    func rates(_ epochs: Int, _ values: [Int: Double]) -> Double {
      var specification = TrainingSpecification(
        epochs: epochs, batchSize: 8, shuffle: true, dropLast: false, evaluateEvery: 3,
        optimizer: OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 1),
        regularizer: RegularizerSpecification())
      specification.schedule = .init(.plateau(Plateau(metric: .trainAccuracy, patience: 0)))
      var rates = ScheduledRates(specification, batches: 1)
      for epoch in 1...9 { rates.observe(values[epoch], after: epoch) }
      return rates.rates(epoch: 10, batch: 0).weights
    }
    #expect(rates(9, [3: 0.5, 6: 0.6, 9: 0.7]) == 1)
    #expect(rates(9, [3: 0.5, 6: 0.4, 9: 0.7]) == 0.1)
    #expect(rates(5, [3: 0.5, 5: 0.4, 6: 0.6, 9: 0.7]) == 1)
  }
}
