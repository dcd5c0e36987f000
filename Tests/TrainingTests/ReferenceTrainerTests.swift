import Engine
import KernelTable
import Networks
import ReferenceModel
import SpikeData
import Testing
import Training

/// A whole update against the reference: loss and gradient of a batch with dropout, regularizers, label smoothing and
/// clipping, for several threads.
@Suite struct ReferenceTrainerTests {
  /// A deep network of different models, whose samples fill more than two locksteps.
  private final class Task {
    static let classes = 5
    let specification: NetworkSpecification
    let network: Network
    let weights: [[Float]]
    let counts: [[[Double]]]
    let labels: [Int]
    let data: SpikeDataset
    let reference: ReferenceNetwork

    init(dropout: Bool, delays hasDelays: Bool) throws {
      func delays(_ lower: Double, _ upper: Double) -> DelaySpecification? {
        if !hasDelays { return nil }
        return DelaySpecification(maximum: 0.02, initial: .uniform(lower: lower, upper: upper), isTrained: true)
      }
      var random = RandomStream(seed: 3, stream: "task")
      func trained(_ value: Double, _ spread: Double) -> ParameterSpecification {
        ParameterSpecification(
          .uniform(lower: value - spread, upper: value + spread), isTrained: true, isPerUnit: true,
          representation: .log)
      }
      var first = NeuronSpecification(.efAdlif)
      first["tau_mem"] = trained(0.012, 0.006)
      first["tau_adapt"] = trained(0.06, 0.03)
      var second = NeuronSpecification.lif(tauMem: 0.01, tauSyn: 0.005)
      (second.reset, second.resetGradient, second.threshold) = (.subtract, .attached, 0.7)
      var layers = [
        HiddenLayerSpecification(
          units: 13, recurrent: true, bias: true, neuron: first,
          surrogate: Surrogate(kind: .exponential, scale: 3, amplitude: 0.7), dropout: dropout ? 0.4 : 0),
        HiddenLayerSpecification(
          units: 9, recurrent: false, neuron: second, surrogate: Surrogate(kind: .arctan, scale: 4, amplitude: 0.5),
          dropout: dropout ? 0.2 : 0),
      ]
      layers[0].inputDelays = delays(0.0005, 0.004)
      layers[0].recurrentDelays = delays(0.001, 0.005)
      layers[1].inputDelays = delays(0.0005, 0.003)
      specification = NetworkSpecification(
        inputs: 12, timeBins: 20, classes: Self.classes, timeStep: 0.001, hidden: layers,
        readout: ReadoutSpecification(reduce: .mean, fromStep: 2, tauMem: 0.015, tauSyn: nil, bias: true))
      network = Network(specification)
      let (wide, usual) = (WeightInitializer(kind: .normal, gain: 12), WeightInitializer(kind: .normal, gain: 1.5))
      network.draw(input: wide, recurrent: usual, readout: usual, seed: 2, inputRate: 0)
      // The upper layer's input is not scaled down by its membrane.
      let upper = network.weights.layout.inputs[1]
      network.weights.set(upper, to: network.weights.matrix(upper).map { $0 / 8 })
      weights = network.weights.matrices
      reference = ReferenceNetwork(network)
      var (counts, labels): ([[[Double]]], [Int]) = ([], [])
      while counts.count < 23 {
        let input = (0..<20).map { _ in (0..<12).map { _ in random.uniform() < 0.2 ? Double(1 + random.below(2)) : 0 } }
        let pass = reference.run(input, kept: dropout ? Self.kept(specification, counts.count) : nil)
        if reference.tape.spikeMargin > 1e-4 {
          #expect(pass.spikes.allSatisfy { $0.joined().contains { $0.value == 1 } })
          counts.append(input)
          labels.append(random.below(Self.classes))
        }
        reference.tape.forget()
      }
      (self.counts, self.labels) = (counts, labels)
      data = try CountedData.dataset(counts, labels: labels, classes: Self.classes)
    }

    /// In the second epoch of a run with seed 9.
    static func kept(_ specification: NetworkSpecification, _ sample: Int) -> (Int, Int, Int) -> Bool {
      { layer, step, unit in
        ReferenceDropout.keeps(
          key: dropoutKey(seed: 9, epoch: 2, sample: sample, layer: layer), step: step, unit: unit,
          probability: specification.hidden[layer].dropout)
      }
    }

    /// Adds the gradient to the reference's tape.
    /// - Returns: the loss.
    func expected(dropout: Bool, smoothing: Double, regularizer: RegularizerSpecification) -> Double {
      let tape = reference.tape
      var (losses, spikes): ([Variable], [[[[Variable]]]]) = ([], [])
      for (sample, input) in counts.enumerated() {
        let pass = reference.run(input, kept: dropout ? Self.kept(specification, sample) : nil)
        losses.append(referenceCrossEntropy(pass.logits, label: labels[sample], smoothing: smoothing, on: tape))
        spikes.append(pass.spikes)
      }
      let loss = tape.sum(losses) / Double(counts.count) + regularizer.penalty(spikes, duration: 0.02, on: tape)
      tape.backward(loss)
      tape.forget()
      return loss.value
    }
  }

  private static let everyTerm = RegularizerSpecification(
    totalSpikes: 1e-4, neuronSpikesSquared: 2e-5, meanSpikes: 0.02, lower: .init(bound: 120, strength: 1e-4),
    upper: .init(bound: 90, strength: 2e-5))

  struct Choice: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var dropout = false, delays = false, smoothing = 0.0, regularizer = RegularizerSpecification(), clip: Double?
  }

  private static let choices: [Choice] = [
    Choice(testDescription: "plain"), Choice(testDescription: "dropout", dropout: true),
    Choice(testDescription: "smoothing", smoothing: 0.3),
    Choice(testDescription: "mean_spikes", regularizer: RegularizerSpecification(meanSpikes: 0.05)),
    Choice(
      testDescription: "lower", regularizer: RegularizerSpecification(lower: .init(bound: 150, strength: 1e-3))),
    Choice(testDescription: "upper", regularizer: RegularizerSpecification(upper: .init(bound: 60, strength: 1e-4))),
    Choice(testDescription: "all regularizers", regularizer: everyTerm),
    Choice(testDescription: "delays", delays: true), Choice(testDescription: "clipped", clip: 0.05),
    Choice(testDescription: "a limit above the norm", clip: 1e4),
    Choice(
      testDescription: "everything", dropout: true, delays: true, smoothing: 0.1, regularizer: everyTerm,
      clip: 0.03),
  ]

  @Test(arguments: choices) func lossAndUpdate(_ choice: Choice) throws {
    let task = try Task(dropout: choice.dropout, delays: choice.delays)
    let loss = task.expected(
      dropout: choice.dropout, smoothing: choice.smoothing, regularizer: choice.regularizer)
    let layout = task.network.weights.layout
    let gradient = Dictionary(
      uniqueKeysWithValues: layout.tensors.filter(\.isTrained).map { ($0, task.reference.gradient($0)) })
    let norm = gradient.values.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    var factor = 1.0
    if let clip = choice.clip {
      factor = min(1, clip / (norm + 1e-6))
      #expect((factor < 0.5) == (clip < 1), "\(norm)")
    }
    var specification = TrainingSpecification(
      epochs: 2, batchSize: 23, shuffle: false, dropLast: true, evaluateEvery: 1,
      optimizer: OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 1), regularizer: choice.regularizer)
    specification.labelSmoothing = choice.smoothing
    specification.clipNorm = choice.clip
    var bits: [[[Float]]] = []
    for threads in [1, 2, 3] {
      let pool = WorkerPool(threads: threads)
      task.network.weights.set(task.weights)
      task.network.weightsDidChange(pool: pool)
      let trainer = Trainer(
        network: task.network, samples: Samples(task.data), specification: specification, seed: 9, pool: pool)
      let result = try #require(try trainer.runEpoch(2))
      #expect(abs(result.loss - loss) < 1e-6 * loss, "\(result.loss), expected \(loss)")
      let after = task.network.weights.matrices
      for (tensor, (before, after)) in zip(layout.tensors, zip(task.weights, after)) {
        guard let slopes = gradient[tensor] else { continue }
        // The change is what is left of weights of their size.
        let rounding = before.reduce(0) { max($0, Double($1.magnitude)) } * 0x1p-24
        let size = slopes.reduce(0) { max($0, abs($1)) } * factor
        let worst =
          slopes.indices.map { i in
            abs(Double(before[i]) - Double(after[i]) - slopes[i] * factor)
          }.max() ?? .infinity
        #expect(worst < 1e-5 * size + rounding, "\(tensor.path): \(worst) of \(size)")
      }
      bits.append(after)
    }
    #expect(bits.allSatisfy { $0 == bits[0] }, "threads differ")
  }

  /// The penalties' derivatives by spikes, against finite differences, and their values against sums written out.
  @Test func penalties() {
    var random = RandomStream(seed: 1, stream: "spikes")
    let (samples, steps, units) = (4, 10, 6)
    let spikes = (0..<samples).map { _ in (0..<steps).map { _ in (0..<units).map { $0 < random.below(12) ? 0.0 : 1.0 } }
    }
    func value(_ regularizer: RegularizerSpecification, _ spikes: [[[Double]]]) -> (Double, [Double]) {
      let tape = Tape()
      let leaves = spikes.map { [$0.map { $0.map(tape.leaf) }] }
      let penalty = regularizer.penalty(leaves, duration: 0.01, on: tape)
      tape.backward(penalty)
      return (penalty.value, leaves.joined().joined().joined().map(tape.slope))
    }
    let counts = (0..<units).map { unit in spikes.joined().reduce(0) { $0 + $1[unit] } }
    let rates = counts.map { $0 / (4 * 0.01) }
    #expect(rates.contains { $0 < 250 } && rates.contains { $0 > 250 })
    let expected: [(RegularizerSpecification, Double)] = [
      (RegularizerSpecification(totalSpikes: 2), 2 * counts.reduce(0, +)),
      (RegularizerSpecification(neuronSpikesSquared: 2), 2 * counts.reduce(0) { $0 + $1 * $1 } / 6),
      (RegularizerSpecification(meanSpikes: 2), 2 * counts.reduce(0, +) / 24),
      (
        RegularizerSpecification(lower: .init(bound: 250, strength: 2)),
        2 * rates.reduce(0) { $0 + max(0, 250 - $1) * max(0, 250 - $1) } / 6
      ),
      (
        RegularizerSpecification(upper: .init(bound: 250, strength: 2)),
        2 * rates.reduce(0) { $0 + max(0, $1 - 250) * max(0, $1 - 250) } / 6
      ),
    ]
    for (regularizer, penalty) in expected {
      let (found, slopes) = value(regularizer, spikes)
      #expect(abs(found - penalty) < 1e-9 * penalty && penalty > 0)
      for unit in 0..<units {
        var (more, less) = (spikes, spikes)
        more[1][2][unit] += 1e-4
        less[1][2][unit] -= 1e-4
        let difference = (value(regularizer, more).0 - value(regularizer, less).0) / 2e-4
        #expect(abs(slopes[(1 * steps + 2) * units + unit] - difference) < 1e-5 * (1 + abs(difference)))
      }
    }
  }
}
