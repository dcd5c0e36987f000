import Engine
import Foundation
import KernelTable
import Networks
import ReferenceModel
import Testing

/// Delays of input and recurrent spikes: passes and gradients against the reference, which finite differences check,
/// and the bounds and units of what is stored.
@Suite struct DelayTests {
  // MARK: Passes

  @Test(arguments: NeuronModel.allCases, CaseMaker.DelayKind.allCases)
  func everyModel(_ model: NeuronModel, _ kind: CaseMaker.DelayKind) throws {
    for isTrained in [true, false] {
      var make = CaseMaker("delays \(model) \(kind) \(isTrained)")
      let steps = 15 + make.random.below(20)
      var layer = make.layer(drawnNeuron(model, &make), units: make.units(), recurrent: make.pick([true, true, false]))
      make.addDelays(to: &layer, longest: steps / 3, kind: kind, isTrained: isTrained)
      try check(&make, "\(model.rawValue) \(kind)\(isTrained ? " trained" : "")", [layer], steps: steps)
    }
  }

  /// Both kinds of delays in layers of every size, with more input channels than fit into one block of rows.
  @Test(arguments: [1, 7, 16, 33, 65, 130]) func everySize(_ units: Int) throws {
    for inputs in [3, 90, 180, 400] {
      var make = CaseMaker("delays of \(inputs) to \(units)")
      var layer = make.layer(drawnNeuron(make.pick(NeuronModel.allCases), &make), units: units, recurrent: true)
      layer.inputDelays = make.delays(.anywhere, longest: 9, isTrained: true)
      layer.recurrentDelays = make.delays(.anywhere, longest: 7, isTrained: true)
      try check(&make, "\(inputs) to \(units)", [layer], steps: 24, inputs: inputs, samples: inputs > 100 ? 3 : nil)
    }
  }

  /// Samples as short as can be, and shorter than some delays.
  @Test(arguments: 1...6) func shortSamples(steps: Int) throws {
    var make = CaseMaker("delays in \(steps) steps")
    let models: [NeuronModel] = [.lif, .adlif, .seAdlif]
    for model in models {
      var layer = make.layer(drawnNeuron(model, &make), units: 19, recurrent: true)
      layer.inputDelays = DelaySpecification(
        maximum: 0.1, initial: .uniform(lower: 0, upper: 0.0015), isTrained: true)
      layer.recurrentDelays = DelaySpecification(
        maximum: 0.1, initial: .uniform(lower: 0, upper: 0.003), isTrained: true)
      try check(&make, "\(model.rawValue) in \(steps) steps", [layer], steps: steps)
    }
  }

  /// Upper layers delay the spikes of those below; some layers have no delays.
  @Test(arguments: 0..<10) func deepNetworks(round: Int) throws {
    var make = CaseMaker("deep delays \(round)")
    let layers = (0..<2 + round % 2).map { index in
      var layer = make.layer(
        drawnNeuron(make.pick(NeuronModel.allCases), &make), units: make.pick([1, 7, 16, 33, 65]),
        recurrent: make.pick([true, false]))
      if index == 1 || make.pick([true, true, false]) { make.addDelays(to: &layer, longest: 5) }
      return layer
    }
    try check(&make, "deep \(round)", layers, steps: 26)
  }

  /// Delays act on the spikes that dropout leaves.
  @Test(arguments: 0..<8) func withDropout(round: Int) throws {
    var make = CaseMaker("delays and dropout \(round)")
    let layers = [0.5, 0.2].map { dropout in
      var layer = make.layer(
        drawnNeuron(make.pick(NeuronModel.allCases), &make), units: make.pick([7, 16, 33, 65]),
        recurrent: make.pick([true, true, false]), dropout: dropout)
      layer.inputDelays = make.delays(.anywhere, longest: 4)
      if layer.recurrent { layer.recurrentDelays = make.delays(.anywhere, longest: 6) }
      return layer
    }
    try check(&make, "dropout \(round)", layers, steps: 24, dropout: true)
  }

  /// When evaluating, layers that do so round delays to whole steps; others, and training, do not.
  @Test(arguments: 0..<6) func roundsWhenEvaluating(round: Int) throws {
    var make = CaseMaker("rounding \(round)")
    let layers = [true, round % 2 == 0].map { rounds in
      var layer = make.layer(
        drawnNeuron(make.pick(NeuronModel.allCases), &make), units: make.pick([7, 16, 33, 65]), recurrent: true)
      layer.inputDelays = make.delays(.anywhere, longest: 5)
      layer.recurrentDelays = make.delays(.anywhere, longest: 5)
      layer.roundsDelays = rounds
      return layer
    }
    for isEvaluating in [true, false] {
      try check(&make, "rounding \(round) \(isEvaluating)", layers, steps: 22, evaluating: isEvaluating)
    }
  }

  private func drawnNeuron(_ model: NeuronModel, _ make: inout CaseMaker) -> NeuronSpecification {
    var neuron = make.pick(CaseMaker.settings(model))
    make.setParameters(of: &neuron)
    if make.pick([true, false]) { make.trainParameters(of: &neuron) }
    return neuron
  }

  private func check(
    _ make: inout CaseMaker, _ name: String, _ layers: [HiddenLayerSpecification], steps: Int, inputs: Int? = nil,
    samples: Int? = nil, dropout: Bool = false, evaluating: Bool = false
  ) throws {
    var networkCase = make.networkCase("delays: " + name, layers, steps: steps, samples: samples)
    networkCase.specification.inputs = inputs ?? 12 + make.random.below(40)
    var comparison = try Comparison(networkCase, dropout: dropout, evaluating: evaluating)
    try comparison.run(tolerance: 2e-4)
  }

  /// Numbers do not depend on how late spikes could be at most, even if delays are at that limit, which single precision
  /// can round up; and delays that no update can reach, as a damaged file may have, do no harm.
  @Test func doNotDependOnTheirMaximum() {
    func bits(_ maximum: Double, delays: [Float], evaluating: Bool = false) -> [UInt32] {
      var layer = HiddenLayerSpecification(
        units: 21, recurrent: true, neuron: .lif(tauMem: 0.01, tauSyn: 0.005),
        surrogate: Surrogate(kind: .fastSigmoid, scale: 20))
      (layer.inputDelays, layer.recurrentDelays) = (
        DelaySpecification(maximum: maximum, initial: .value(0), isTrained: true),
        DelaySpecification(maximum: maximum, initial: .value(0), isTrained: true)
      )
      layer.roundsDelays = evaluating
      let specification = NetworkSpecification(
        inputs: 21, timeBins: 40, classes: 3, timeStep: 0.001, hidden: [layer],
        readout: ReadoutSpecification(reduce: .mean, tauMem: 0.01, tauSyn: 0.005))
      let network = Network(specification)
      network.drawNormal(gain: 3, seed: 1)
      for tensor in network.weights.layout.tensors {
        switch tensor.role {
        case .inputDelay, .recurrentDelay:
          network.weights.set(tensor, to: (0..<21).map { delays[$0 % delays.count] })
        default: break
        }
      }
      network.weightsDidChange(pool: WorkerPool(threads: 1))
      var random = RandomStream(seed: 1, stream: "input")
      let events = Events((0..<40).map { _ in (0..<21).map { _ in random.uniform() < 0.2 ? 1 : 0 } })
      let record = NetworkRecord(slots: 1, specification: specification)
      let scratch = Network.Scratch(specification)
      network.forward(.events([events.view]), first: 0, record: record, scratch: scratch, evaluating: evaluating)
      var result = (0..<3).map { record.logits(0)[$0].bitPattern }
      if evaluating { return result }
      network.sortSpikes(slot: 0, record: record, scratch: scratch)
      for o in 0..<3 { record.gradient(0)[o] = Float(o + 1) }
      let gradient = Weights(layout: network.weights.layout)
      network.backward(slots: 0..<1, record: record, into: gradient, scratch: scratch, regularizer: nil)
      network.gradients(of: .events([events.view]), first: 0, record: record, into: gradient, scratch: scratch)
      network.finishGradients(gradient, scratch: scratch)
      result += (0..<network.weights.layout.count).map { gradient.floats[$0].bitPattern }
      return result
    }
    let usual = bits(0.5, delays: [0, 1.5, 3, 2])
    #expect(usual.contains { $0 != 0 } && usual != bits(0.5, delays: [0, 1.5, 3.25, 2]))
    for maximum in [0.003, 0.0031, 0.04, 0.041, 1] { #expect(bits(maximum, delays: [0, 1.5, 3, 2]) == usual) }
    // As 43 ms are 42.999999999999993 steps.
    for maximum in [Double(0.003).nextDown, 0.003 - 1e-12] { #expect(bits(maximum, delays: [0, 1.5, 3, 2]) == usual) }
    let rounded = bits(0.5, delays: [0, 2, 5], evaluating: true)
    for maximum in [0.0046, 0.005] { #expect(bits(maximum, delays: [0.3, 1.9, 4.6], evaluating: true) == rounded) }
    let clamped = bits(0.003, delays: [0, 3, 3, 0])
    for far in [3.5, Float(3).nextUp, 7, 1e9, 1e30, .infinity] as [Float] {
      #expect(bits(0.003, delays: [-far, far, 3, 0]) == clamped, "\(far)")
      #expect(bits(0.1, delays: [far + 40, 1]) == bits(0.1, delays: [45, 1]), "\(far)")
    }
    #expect(bits(0.003, delays: [.nan, 1]).count == usual.count)
  }

  // MARK: The reference

  /// Gradients of the reference by delays against finite differences, in a network whose spikes are replaced by a smooth
  /// function: within a step by central differences; at whole steps, where the derivative jumps, by those to the right.
  @Test(arguments: NeuronModel.allCases, [true, false])
  func referenceAgreesWithFiniteDifferences(_ model: NeuronModel, _ isWhole: Bool) {
    var make = CaseMaker("differences \(model)")
    let layers = [5, 3].map { units in
      var neuron = NeuronSpecification(model)
      neuron.resetGradient = .attached
      neuron.threshold = 0.4
      make.setParameters(of: &neuron)
      var layer = make.layer(neuron, units: units, recurrent: true)
      layer.surrogate = Surrogate(kind: .sigmoid, scale: 2, amplitude: 1)
      layer.inputDelays = DelaySpecification(maximum: 0.006, initial: .value(0), isTrained: true)
      layer.recurrentDelays = DelaySpecification(maximum: 0.006, initial: .value(0), isTrained: true)
      return layer
    }
    let specification = NetworkSpecification(
      inputs: 4, timeBins: 14, classes: 3, timeStep: 0.001, hidden: layers,
      readout: ReadoutSpecification(reduce: .mean, tauMem: 0.02, tauSyn: 0.005))
    let network = Network(specification)
    network.drawNormal(gain: 2, seed: make.random.next())
    let tensors = network.weights.layout.tensors.filter {
      switch $0.role {
      case .inputDelay, .recurrentDelay: true
      default: false
      }
    }
    #expect(tensors.count == 4)
    let input = (0..<14).map { _ in (0..<4).map { _ in Double(max(0, make.random.below(5) - 2)) } }
    for tensor in tensors {
      // Numbers of which single precision loses nothing.
      let values = (0..<tensor.panels.columns).map { _ in
        Float(make.random.below(6)) + (isWhole ? 0 : Float(8 + make.random.below(48)) / 64)
      }
      network.weights.set(tensor, to: values)
    }
    /// The loss with one number moved, and its gradient.
    func loss(_ tensor: WeightTensor, _ place: Int, by shift: Float) -> (value: Double, gradient: ReferenceNetwork) {
      let before = network.weights.matrix(tensor)
      var moved = before
      moved[place] += shift
      network.weights.set(tensor, to: moved)
      let reference = ReferenceNetwork(network, hasSmoothSpikes: true)
      network.weights.set(tensor, to: before)
      let logits = reference.run(input).logits
      let loss = reference.tape.sum(logits.enumerated().map { Double($0.offset + 1) * $0.element })
      reference.tape.backward(loss)
      return (loss.value, reference)
    }
    let step: Float = 0x1p-12
    for tensor in tensors {
      let slopes = loss(tensor, 0, by: 0).gradient.gradient(tensor)
      let size = slopes.reduce(0) { max($0, abs($1)) }
      #expect(size > 1e-6, "\(tensor.path)")
      for (place, slope) in slopes.enumerated() {
        func value(_ steps: Float) -> Double { loss(tensor, place, by: steps * step).value }
        let difference =
          isWhole ? (4 * value(1) - 3 * value(0) - value(2)) / 2 : (value(1) - value(-1)) / 2
        let expected = difference / Double(step)
        #expect(abs(slope - expected) < 1e-6 * size + 1e-9, "\(tensor.path) \(place): \(slope), \(expected)")
      }
    }
  }

  // MARK: What is stored

  private func network(_ delays: DelaySpecification, timeStep: Double = 0.001) -> (
    network: Network, input: WeightTensor, recurrent: WeightTensor
  ) {
    var layer = HiddenLayerSpecification(
      units: 33, recurrent: true, neuron: .lif(tauMem: 0.01, tauSyn: 0.005),
      surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
    (layer.inputDelays, layer.recurrentDelays) = (delays, delays)
    let network = Network(
      NetworkSpecification(
        inputs: 20, timeBins: 9, classes: 2, timeStep: timeStep, hidden: [layer],
        readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)))
    let tensors = network.weights.layout.tensors
    return (
      network, tensors.first { $0.role == .inputDelay(layer: 0) }!,
      tensors.first { $0.role == .recurrentDelay(layer: 0) }!
    )
  }

  @Test func pathsAndShapes() {
    for isTrained in [true, false] {
      let (network, input, recurrent) = network(
        DelaySpecification(maximum: 0.02, initial: .value(0), isTrained: isTrained))
      #expect(input.path == "hidden/0/input_delay" && input.shape == [20] && input.isTrained == isTrained)
      #expect(recurrent.path == "hidden/0/recurrent_delay" && recurrent.shape == [33])
      #expect(recurrent.isTrained == isTrained)
      #expect(network.specification.parameterCount == 20 * 33 + 33 * 33 + 33 * 2 + (isTrained ? 53 : 0))
    }
    // Delays of recurrent spikes that there are none of.
    var (network, _, _) = network(DelaySpecification(maximum: 0.02, initial: .value(0), isTrained: true))
    var specification = network.specification
    specification.hidden[0].recurrent = false
    network = Network(specification)
    #expect(!network.weights.layout.tensors.contains { $0.role == .recurrentDelay(layer: 0) })
  }

  @Test func initialDelaysAreWithinTheirBounds() {
    let delays = DelaySpecification(maximum: 0.02, initial: .uniform(lower: 0, upper: 0.02), isTrained: true)
    let (network, input, recurrent) = network(delays)
    network.drawNormal(gain: 1, seed: 4)
    for tensor in [input, recurrent] {
      let (seconds, steps) = (network.stored(tensor), network.weights.matrix(tensor))
      #expect(Set(seconds).count > 15 && seconds.allSatisfy { (0...0.02).contains($0) })
      for (seconds, steps) in zip(seconds, steps) { #expect(abs(steps - 1000 * seconds) <= 4e-6 * steps) }
    }
    #expect(network.stored(input).prefix(5) != network.stored(recurrent).prefix(5))
    let (bell, tensor, _) = self.network(
      DelaySpecification(maximum: 0.02, initial: .normal(mean: 0.001, deviation: 0.02), isTrained: true))
    bell.drawNormal(gain: 1, seed: 4)
    let values = bell.stored(tensor)
    // Truncated, not piled up at the ends.
    #expect(values.allSatisfy { $0 > 0 && $0 < 0.02 })
  }

  /// Files hold seconds, single-precision quotients of which by the time step are trained.
  @Test(arguments: [0.001, 0.0007, 0.0101]) func seconds(timeStep: Double) {
    let maximum = 20 * timeStep
    let (network, tensor, _) = network(
      DelaySpecification(maximum: maximum, initial: .value(0), isTrained: true), timeStep: timeStep)
    var random = RandomStream(seed: 1, stream: "delays")
    let values = [0, Float(maximum), Float(3 * timeStep)] + (0..<17).map { _ in Float(maximum * random.uniform()) }
    network.setStored(tensor, to: values)
    let steps = network.weights.matrix(tensor)
    #expect(steps == values.map { $0 / Float(timeStep) })
    #expect(network.stored(tensor) == values)
    network.weightsDidChange(pool: WorkerPool(threads: 1))
    #expect(network.stored(tensor) == values)
    // Training that moves one moves what is stored of it.
    var moved = steps
    moved[5] += 0.25
    network.weights.set(tensor, to: moved)
    for (i, (found, value)) in zip(network.stored(tensor), values).enumerated() {
      let expected = Double(value) + (i == 5 ? 0.25 * timeStep : 0)
      #expect(abs(Double(found) - expected) <= 1e-6 * expected)
    }
  }

  @Test(arguments: [0, 0.001, 0.02, 0.0123]) func bounds(maximum: Double) {
    let (network, tensor, _) = network(DelaySpecification(maximum: maximum, initial: .value(0), isTrained: true))
    let top = Float(maximum / 0.001)
    let below = top / 2
    var values = [-1, -0.0, 0, below, top, top + 1, .infinity, -.infinity, .nan]
    values += [Float](repeating: below, count: 20 - values.count)
    network.weights.set(tensor, to: values)
    network.keepBounds()
    let found = network.weights.matrix(tensor)
    #expect(Array(found.prefix(8)) == [0, 0, 0, below, top, top, top, 0])
    // What is not a number is not hidden.
    #expect(found[8].isNaN && found[9] == below)
    #expect(abs(Double(network.stored(tensor)[4]) - maximum) <= 1e-6 * maximum)
    // What is not trained does not move.
    let (fixed, same, _) = self.network(DelaySpecification(maximum: maximum, initial: .value(0), isTrained: false))
    fixed.weights.set(same, to: [Float](repeating: top + 3, count: 20))
    fixed.keepBounds()
    #expect(fixed.weights.matrix(same)[0] == top + 3)
  }
}
