import Engine
import Foundation
import KernelTable
import Networks
import SpikeData
import Training

/// The training of one recurrent network, timed on this machine.
struct TrainingMeasurement {
  let network: NetworkSpecification
  let threads: Int
  /// Samples per batch, and per epoch: whole batches only.
  let batch, samples: Int
  /// Mean input events per sample; all spikes of one channel in one bin are one event.
  let events: Double
  /// Mean spikes per hidden unit and time bin, over epochs.
  let spikeRate: Double
  /// Wall seconds per epoch, ascending.
  let epochs: [Double]
  /// Thread-seconds per sample in each phase, summed over threads, median over epochs.
  let phases: [Phase: Double]

  var hidden: Int { network.hidden[0].units }
  /// Wall seconds of the median epoch.
  var median: Double { epochs.median ?? 0 }
  var secondsPerSample: Double { median / Double(samples) }

  /// Trains a network for one epoch more than is counted: for LIF that of `experiments/shd_recurrent.yaml`, for other
  /// models that of `experiments/se_adlif.yaml` with their neurons.
  ///
  /// - Parameters:
  ///   - samples: at least one batch.
  ///   - delays: which spikes have trained delays, of up to a fifth of a sample.
  ///   - gain: of the initial weights; about 1 / sqrt(n) for n times the input makes the units spike about as much.
  /// - Throws: `ExitCode` after printing the error.
  init(
    of samples: Samples, neuron: NeuronModel, delays: BenchDelays, hidden: Int, gain: Double, batch: Int, epochs: Int,
    threads: Int
  ) throws {
    let dataset = samples.dataset
    var layer = Self.layer(neuron, units: hidden)
    let most = Double(dataset.binning.timeBins) / 5 * 0.001
    let drawn = DelaySpecification(maximum: most, initial: .uniform(lower: 0, upper: most), isTrained: true)
    layer.inputDelays = delays.hasInput ? drawn : nil
    layer.recurrentDelays = delays.hasRecurrent ? drawn : nil
    network = NetworkSpecification(
      inputs: dataset.binning.inputs, timeBins: dataset.binning.timeBins, classes: dataset.classes, timeStep: 0.001,
      hidden: [layer],
      readout: neuron == .lif
        ? ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)
        : ReadoutSpecification(reduce: .sumSoftmax, tauMem: 0.015, tauSyn: nil, scaledInput: true, bias: true))
    (self.threads, self.batch, self.samples) = (threads, batch, samples.count / batch * batch)
    events = Double(dataset.eventCount) / Double(dataset.count)

    let pool = WorkerPool(threads: threads)
    let trained = Network(network)
    trained.drawNormal(gain: neuron == .lif ? gain : 4 * gain, seed: 0)
    trained.weightsDidChange(pool: pool)
    var training = TrainingSpecification(
      epochs: epochs + 1, batchSize: batch, shuffle: true, dropLast: true, evaluateEvery: 1,
      optimizer: OptimizerSpecification(
        method: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 2e-4),
      regularizer: RegularizerSpecification())
    if neuron != .lif { training.clipNorm = 1.5 }
    let trainer = Trainer(network: trained, samples: samples, specification: training, seed: 0, pool: pool)
    var results: [EpochResult] = []
    var spent: [Phase: [Double]] = [:]
    for epoch in 1...epochs + 1 {
      let before = Phase.allCases.map(trainer.seconds)
      guard let result = try orExit({ try trainer.runEpoch(epoch) }) else { break }
      // The first epoch warms up caches and branch predictors.
      guard epoch > 1 else { continue }
      results.append(result)
      for (phase, before) in zip(Phase.allCases, before) {
        spent[phase, default: []].append(trainer.seconds(phase) - before)
      }
    }
    spikeRate = results.reduce(0) { $0 + $1.hiddenRate } / Double(results.count) * network.timeStep
    self.epochs = results.map(\.seconds).sorted()
    let perEpoch = Double(self.samples)
    phases = spent.mapValues { ($0.median ?? 0) / perEpoch }
  }

  private static func layer(_ model: NeuronModel, units: Int) -> HiddenLayerSpecification {
    guard model != .lif else {
      return HiddenLayerSpecification(
        units: units, recurrent: true, neuron: .lif(tauMem: 0.01, tauSyn: 0.005),
        surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
    }
    var neuron = NeuronSpecification(model)
    // All that can be trained is, per unit.
    for (index, parameter) in model.description.parameters.enumerated() where !parameter.isFixed {
      let bounds = parameter.standard / 4...parameter.standard * 2
      neuron.parameters[index] = ParameterSpecification(
        .uniform(lower: bounds.lowerBound, upper: bounds.upperBound), bounds: bounds, isTrained: true,
        isPerUnit: true, representation: parameter.isTime ? .interpolation : .value)
    }
    return HiddenLayerSpecification(
      units: units, recurrent: true, bias: true, neuron: neuron,
      surrogate: Surrogate(kind: .exponential, scale: 5))
  }

  /// Each phase with its work per sample, and the minimum time for it over all threads together.
  func bounds(_ limits: MachineLimits) -> [(cost: PhaseCost, seconds: Double, bound: Double, limit: String)] {
    let spikes = spikeRate * Double(network.timeBins * hidden)
    return PhaseCost.costs(of: network, events: events, spikes: [spikes], batch: batch).map { cost in
      let (bound, limit) = cost.bound(limits)
      // The limits are for all threads at once; the seconds are summed over threads.
      return (cost, phases[cost.phase] ?? 0, bound * Double(threads), limit)
    }
  }
}
