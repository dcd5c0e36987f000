import Engine
import KernelTable
import Networks
import ReferenceModel
import Testing

/// Compares a network's forward pass, backward pass and gradients with the reference, with every kernel table.
struct Comparison {
  private let specification: NetworkSpecification
  private let name: String
  /// The network whose weights the others take.
  private let network: Network
  private let inputs: [[[Double]]]
  private let reference: ReferenceNetwork
  private let pool = WorkerPool(threads: 1)
  private var random: RandomStream
  private let isDropped: Bool
  /// Whether the passes are those of an evaluation, in which some layers round delays.
  private let isEvaluating: Bool

  /// Spikes of all layers per step and unit.
  let rate: Double

  /// Float32 follows membranes over tens of steps to about 1e-6, where large currents cancel to 3e-5; spikes are the
  /// same in both precisions if no membrane is nearer to its threshold than this.
  private static let spikeMargin = 1e-4
  /// The same for the step of a maximum.
  private static let peakMargin = 1e-5

  /// With `sum_softmax`, where one class has nearly all of the softmax in every step, its gradient is a small difference
  /// of large numbers, of which single precision leaves 1e-6. Errors of the readout's tensors are relative to this where
  /// their gradients are smaller.
  private static let leastGradient = 0.02

  /// Draws weights with which all layers spike, and input that leaves both precisions the same spikes.
  init(_ networkCase: NetworkCase, dropout: Bool = false, evaluating: Bool = false) throws {
    specification = networkCase.specification
    name = networkCase.name
    isDropped = dropout
    isEvaluating = evaluating
    network = Network(specification)
    random = RandomStream(seed: networkCase.seed, stream: "comparison/" + name)
    var found: [[[Double]]] = []
    Self.tune(network, name, &random)
    reference = ReferenceNetwork(network)
    var (spikes, places) = (0.0, 0)
    for sample in 0..<networkCase.samples {
      var tries = 0
      while true {
        let input = Self.input(specification, &random)
        let pass = reference.run(
          input, kept: Self.kept(specification, sample, isDropped), evaluating: isEvaluating)
        let isClear = reference.tape.spikeMargin >= Self.spikeMargin && reference.tape.peakMargin >= Self.peakMargin
        for spike in pass.spikes.joined().joined() where isClear {
          (spikes, places) = (spikes + spike.value, places + 1)
        }
        reference.tape.forget()
        if isClear {
          found.append(input)
          break
        }
        tries += 1
        try #require(tries < 200, "\(name): no input is clear enough")
      }
    }
    inputs = found
    rate = spikes / Double(places)
    // LIF units can't spike in the first two steps.
    if specification.timeBins > 2 { #expect((0.02...0.5).contains(rate), "\(name): \(rate) spikes per unit and step") }
  }

  private static func input(_ specification: NetworkSpecification, _ random: inout RandomStream) -> [[Double]] {
    (0..<specification.timeBins).map { _ in
      (0..<specification.inputs).map { _ in
        if specification.encoder != nil { return Double(Float(4 * random.normal())) }
        return random.uniform() < 0.15 ? Double(1 + random.below(2)) : 0
      }
    }
  }

  private static func key(_ sample: Int, _ layer: Int) -> UInt64 {
    dropoutKey(seed: 11, epoch: 3, sample: sample, layer: layer)
  }

  private static func kept(
    _ specification: NetworkSpecification, _ sample: Int, _ isDropped: Bool
  ) -> ((Int, Int, Int) -> Bool)? {
    guard isDropped else { return nil }
    return { layer, step, unit in
      ReferenceDropout.keeps(
        key: key(sample, layer), step: step, unit: unit, probability: specification.hidden[layer].dropout)
    }
  }

  /// Draws weights, and scales each layer's until 10 to 30 % of its units spike per step, as far as it can.
  private static func tune(_ network: Network, _ name: String, _ random: inout RandomStream) {
    let (specification, pool) = (network.specification, WorkerPool(threads: 1))
    let layout = network.weights.layout
    let probes = InputBuffers((0..<4).map { _ in input(specification, &random) }, specification)
    let record = NetworkRecord(slots: probes.input.count, specification: specification)
    let scratch = Network.Scratch(specification)
    network.drawNormal(gain: 0.5, seed: random.next())
    for (index, layer) in specification.hidden.enumerated() {
      if let bias = layout.biases[index] {
        network.weights.set(bias, to: (0..<layer.units).map { _ in Float(0.1 * random.normal()) })
      }
      let input = layout.inputs[index]
      var gain = 1.0
      for _ in 0..<40 {
        // The mean keeps single units from being silent.
        let fanIn = Double(input.panels.rows)
        var stream = RandomStream(seed: 5, stream: "\(name)/\(index)")
        network.weights.set(
          input,
          to: (0..<input.panels.rows * layer.units).map { _ in
            Float(gain * (0.5 + stream.normal()) / fanIn.squareRoot())
          })
        network.weightsDidChange(pool: pool)
        network.forward(probes.input, first: 0, record: record, scratch: scratch)
        let spikes = (0..<probes.input.count).reduce(0) { $0 + record.layers[index].spikes.count($1) }
        let rate = Double(spikes) / Double(probes.input.count * specification.timeBins * layer.units)
        if (0.1...0.3).contains(rate) { break }
        gain *= rate < 0.1 ? 1.3 : 0.8
        gain = min(max(gain, 1e-3), 1e3)
      }
    }
    if let bias = layout.readoutBias {
      network.weights.set(bias, to: (0..<specification.classes).map { _ in Float(0.1 * random.normal()) })
    }
  }

  /// Largest errors found, relative to the size of a tensor or, above 1, of a number.
  struct Errors {
    var membrane = 0.0, trace = 0.0, logit = 0.0, gradient = 0.0
  }

  /// - Parameter tolerance: of a gradient, relative to its tensor.
  mutating func run(tolerance: Double) throws {
    let layout = network.weights.layout
    let (hidden, classes, samples) = (specification.hidden, specification.classes, inputs.count)
    let slopes = inputs.map { _ in (0..<classes).map { _ in Float(random.normal()) } }
    let pull = hidden.map { layer in (0..<layer.units).map { _ in Float(0.01 * random.uniform()) } }
    let regularizer = pull.map { values in
      let buffer = AlignedBuffer<Float>(count: padded(values.count))
      for (i, value) in values.enumerated() { buffer.pointer[i] = value }
      return buffer
    }
    let tape = reference.tape
    var passes: [ReferenceNetwork.Pass] = []
    for (sample, input) in inputs.enumerated() {
      let pass = reference.run(input, kept: Self.kept(specification, sample, isDropped), evaluating: isEvaluating)
      var loss = zip(slopes[sample], pass.logits).map { Double($0) * $1 }
      for (layer, spikes) in pass.spikes.enumerated() {
        for row in spikes { loss += zip(pull[layer], row).map { Double($0) * $1 } }
      }
      tape.backward(tape.sum(loss))
      passes.append(pass)
      tape.forget()
    }
    let buffers = InputBuffers(inputs, specification)
    let input = buffers.input
    defer { withExtendedLifetime(buffers) {} }
    for kernels in Kernels.available {
      let network = Network(specification, kernels: kernels)
      network.weights.floats.update(from: self.network.weights.floats, count: layout.count)
      network.weightsDidChange(pool: pool)
      let record = NetworkRecord(slots: samples, specification: specification)
      let scratch = Network.Scratch(specification)
      let planes = hidden.map { kernels.planes($0.neuron.settings).state }
      let traces = zip(hidden, planes).map { layer, planes in
        AlignedBuffer<Float>(count: planes * specification.timeBins * padded(layer.units))
      }
      /// All samples forward, in groups.
      func forward(keepTrace: Bool) {
        for first in stride(from: 0, to: samples, by: specification.groupSamples) {
          let dropout: (Int, Int) -> UInt64 = { sample, layer in Self.key(first + sample, layer) }
          network.forward(
            input[first..<min(first + specification.groupSamples, samples)], first: first, record: record,
            scratch: scratch,
            dropout: isDropped ? dropout : nil, evaluating: isEvaluating, keepTrace: keepTrace,
            traces: keepTrace && first == 0 ? traces : nil)
        }
      }
      var errors = Errors()
      forward(keepTrace: true)
      for (slot, pass) in passes.enumerated() {
        let trace = record.readoutPanels.unpack(record.readout(slot)).prefix(specification.timeBins * classes)
        errors.trace = max(errors.trace, error(trace, pass.trace.joined()))
      }
      for (index, layer) in hidden.enumerated() where !layer.neuron.model.description.traces.isEmpty {
        // The last trace is the last of the state planes, and w of the reference.
        let plane = traces[index].pointer + (planes[index] - 1) * specification.timeBins * padded(layer.units)
        let found = (0..<specification.timeBins * layer.units).map {
          plane[$0 / layer.units * padded(layer.units) + $0 % layer.units]
        }
        errors.membrane = max(errors.membrane, error(found[...], passes[0].adaptations[index].joined()))
      }
      forward(keepTrace: false)
      for (slot, pass) in passes.enumerated() {
        network.sortSpikes(slot: slot, record: record, scratch: scratch)
        for (index, layer) in record.layers.enumerated() {
          let units = hidden[index].units
          let membrane = layer.panels.unpack(layer.values(slot)).prefix(specification.timeBins * units)
          errors.membrane = max(errors.membrane, error(membrane, pass.membranes[index].joined()))
          let (list, offsets) = (layer.spikes.spikes(slot), layer.spikes.stepOffsets(slot))
          for (t, row) in pass.spikes[index].enumerated() {
            let spiked = (Int(offsets[t])..<Int(offsets[t + 1])).map { Int(list[$0]) }.sorted()
            #expect(spiked == row.indices.filter { row[$0].value == 1 }, "\(name) \(kernels.name) spikes of step \(t)")
          }
        }
        if let encoder = record.encoder {
          let (list, offsets) = (encoder.spikes.spikes(slot), encoder.spikes.stepOffsets(slot))
          for (t, row) in pass.encoded.enumerated() {
            let spiked = (Int(offsets[t])..<Int(offsets[t + 1])).map { Int(list[$0]) }.sorted()
            #expect(spiked == row.indices.filter { row[$0].value == 1 }, "\(name) \(kernels.name) encoder, step \(t)")
          }
        }
        let logits = (0..<classes).map { record.logits(slot)[$0] }
        errors.logit = max(errors.logit, error(logits[...], pass.logits.lazy.map(\.value)))
        for o in 0..<classes { record.gradient(slot)[o] = slopes[slot][o] }
      }
      // Far enough from the margins that the spikes had to be the same.
      #expect(errors.membrane < Self.spikeMargin / 2, "\(name) \(kernels.name) \(errors)")
      #expect(errors.trace < 5e-6 && errors.logit < 5e-6, "\(name) \(kernels.name) \(errors)")
      // Nothing goes backward when evaluating.
      if isEvaluating { continue }
      let gradient = Weights(layout: layout)
      network.backward(slots: 0..<samples, record: record, into: gradient, scratch: scratch, regularizer: regularizer)
      // In two parts, as they are accumulated in a batch share.
      let half = samples / 2
      network.gradients(of: input[0..<half], first: 0, record: record, into: gradient, scratch: scratch)
      network.gradients(of: input[half..<samples], first: half, record: record, into: gradient, scratch: scratch)
      network.finishGradients(gradient, scratch: scratch)
      for tensor in layout.tensors {
        let (found, expected) = (gradient.matrix(tensor), reference.gradient(tensor))
        if !tensor.isTrained {
          #expect(found.allSatisfy { $0 == 0 }, "\(tensor.path) is not trained")
          continue
        }
        let difference = zip(found, expected).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
        let size = expected.reduce(0.0) { $0 + $1 * $1 }
        let mayVanish = specification.readout.reduce == .sumSoftmax && tensor.path.hasPrefix("readout/")
        let least = mayVanish ? Self.leastGradient : 0
        let error = size == 0 ? difference.squareRoot() : difference.squareRoot() / max(size.squareRoot(), least)
        errors.gradient = max(errors.gradient, error)
        #expect(error < tolerance, "\(name) \(kernels.name) \(tensor.path): \(found.prefix(3)), \(expected.prefix(3))")
      }
    }
  }

  /// The largest difference, relative to what is larger than 1.
  private func error(_ found: ArraySlice<Float>, _ expected: some Sequence<Double>) -> Double {
    let expected = Array(expected)
    #expect(found.count == expected.count)
    return zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1) / max(1, abs($1.1))) }
  }
}
