import Engine
import KernelTable

extension Network {
  /// Draws the initial values that an initialization leaves to the seed: with a file, only biases and neuron
  /// parameters, which it may lack; weights are then zero. Call `weightsDidChange` afterwards.
  ///
  /// - Parameter inputRate: mean number of input spikes per channel and step; evaluated only if weights depend on it.
  public func draw(_ initialization: Initialization, seed: UInt64, inputRate: @autoclosure () -> Double) {
    switch initialization {
    case .drawn(let input, let recurrent, let readout):
      draw(
        input: input, recurrent: recurrent, readout: readout, seed: seed,
        inputRate: initialization.needsInputRate ? inputRate() : 0)
    case .file: drawNormal(gain: 0, seed: seed)
    }
  }

  /// Draws all initial values from a seed: weights by their initializers, neuron parameters from their distributions;
  /// biases are zero. Each tensor has a random stream of its own. Call `weightsDidChange` afterwards.
  ///
  /// - Parameter inputRate: mean number of input spikes per channel and step, for fluctuation-driven weights.
  public func draw(
    input: WeightInitializer, recurrent: WeightInitializer, readout: WeightInitializer, seed: UInt64, inputRate: Double
  ) {
    for tensor in weights.layout.tensors {
      switch tensor.role {
      case .encoderGain: if let gain = specification.encoder?.gain { draw(tensor, gain, seed: seed) }
      case .encoderBias: if let bias = specification.encoder?.bias { draw(tensor, bias, seed: seed) }
      case .input(let layer): draw(tensor, input, layer: layer, seed: seed, inputRate: inputRate)
      case .recurrent(let layer): draw(tensor, recurrent, layer: layer, seed: seed, inputRate: inputRate)
      case .readout: draw(tensor, readout, layer: nil, seed: seed, inputRate: inputRate)
      case .inputDelay(let layer):
        if let delays = specification.hidden[layer].inputDelays { draw(tensor, delays, seed: seed) }
      case .recurrentDelay(let layer):
        if let delays = specification.hidden[layer].recurrentDelays { draw(tensor, delays, seed: seed) }
      case .bias, .readoutBias: weights.set(tensor, to: [Float](repeating: 0, count: tensor.panels.columns))
      case .parameter(let layer, let index):
        let neuron = specification.hidden[layer].neuron
        let parameter = neuron.parameters[index]
        var stream = RandomStream(seed: seed, stream: "parameters/" + tensor.path)
        let values = (0..<tensor.panels.columns).map { _ in
          parameter.draw(from: &stream, isTime: neuron.model.description.parameters[index].isTime)
        }
        weights.set(
          tensor, to: values.map { Float(parameter.represented($0, timeStep: specification.timeStep)) })
      }
    }
  }

  /// All weights normal with mean 0 and standard deviation `gain / sqrt(fan_in)`.
  public func drawNormal(gain: Double, seed: UInt64) {
    draw(.normal(gain: gain), seed: seed, inputRate: 0)
  }

  private func draw(_ tensor: WeightTensor, _ distribution: ParameterDistribution, seed: UInt64) {
    let values = ParameterSpecification(distribution, isPerUnit: true, representation: .value)
    var stream = RandomStream(seed: seed, stream: "parameters/" + tensor.path)
    weights.set(tensor, to: (0..<tensor.panels.columns).map { _ in Float(values.draw(from: &stream, isTime: false)) })
  }

  private func draw(_ tensor: WeightTensor, _ delays: DelaySpecification, seed: UInt64) {
    let values = ParameterSpecification(
      delays.initial, bounds: 0...delays.maximum, isPerUnit: true, representation: .value)
    var stream = RandomStream(seed: seed, stream: "parameters/" + tensor.path)
    let most = Float(delays.maximumSteps(timeStep: specification.timeStep))
    weights.set(
      tensor,
      to: (0..<tensor.panels.columns).map { _ in
        min(Float(values.draw(from: &stream, isTime: false) / specification.timeStep), most)
      })
  }

  private func draw(
    _ tensor: WeightTensor, _ initializer: WeightInitializer, layer: Int?, seed: UInt64, inputRate: Double
  ) {
    var stream = RandomStream(seed: seed, stream: "weights/" + tensor.path)
    let (rows, columns) = (tensor.panels.rows, tensor.panels.columns)
    let scale = initializer.gain / Double(rows).squareRoot()
    let values: [Double]
    switch initializer.kind {
    case .normal: values = (0..<rows * columns).map { _ in stream.normal() * scale }
    case .uniform: values = (0..<rows * columns).map { _ in (2 * stream.uniform() - 1) * scale }
    case .orthogonal:
      values = orthonormal(rows, columns, stream: &stream).map { $0 * initializer.gain }
    case .fluctuationDriven:
      let deviation = fluctuationDeviation(tensor, layer, inputRate: inputRate) * initializer.gain
      values = (0..<rows * columns).map { _ in stream.normal() * deviation }
    }
    weights.set(tensor, to: values.map { Float($0) })
  }

  /// The standard deviation of weights that lets membranes fluctuate with standard deviation 1 (Rossbroich, Gygax and
  /// Zenke 2022, in the form of stork):
  ///
  ///     variance = share / (fan_in * rate * response)
  ///
  /// share: 0.9 for feed-forward and 0.1 for recurrent weights, 1 in layers without these; response: sum over steps of
  /// the squared membrane response to one spike, without adaptation; rate: the mean of the input, taken for hidden
  /// layers, too, whose rates are not known beforehand.
  private func fluctuationDeviation(_ tensor: WeightTensor, _ layer: Int?, inputRate: Double) -> Double {
    let response: Double
    var share = 1.0
    if let layer {
      let hidden = specification.hidden[layer]
      response = hidden.neuron.squaredResponse(steps: specification.timeBins, timeStep: specification.timeStep)
      if hidden.recurrent { share = tensor.role == .recurrent(layer: layer) ? 0.1 : 0.9 }
    } else {
      response = specification.readout.squaredResponse(
        steps: specification.timeBins, timeStep: specification.timeStep)
    }
    return (share / (Double(tensor.panels.rows) * inputRate * response)).squareRoot()
  }
}

extension NeuronSpecification {
  /// The sum over steps of the squared membrane response to a current of 1 in one step, with mean time constants,
  /// without adaptation and spikes.
  fileprivate func squaredResponse(steps: Int, timeStep: Double) -> Double {
    func decay(_ name: String) -> Double? { self[name].map { Elementary.exp(-timeStep / $0.initial.mean) } }
    let beta = decay("tau_mem") ?? 0
    let isScaled = scaledInput || !model.description.hasScaledInput
    return filteredResponse(
      alpha: decay("tau_syn"), beta: beta, scale: isScaled ? 1 - beta : 1, steps: steps)
  }
}

extension ReadoutSpecification {
  /// The same of the readout's membrane.
  fileprivate func squaredResponse(steps: Int, timeStep: Double) -> Double {
    let beta = Elementary.exp(-timeStep / tauMem)
    return filteredResponse(
      alpha: tauSyn.map { Elementary.exp(-timeStep / $0) }, beta: beta, scale: scaledInput ? 1 - beta : 1, steps: steps)
  }
}

private func filteredResponse(alpha: Double?, beta: Double, scale: Double, steps: Int) -> Double {
  var (membrane, synapse, sum) = (alpha == nil ? scale : 0, 1.0, 0.0)
  for _ in 0..<steps {
    sum += membrane * membrane
    membrane = beta * membrane + (alpha == nil ? 0 : scale * synapse)
    synapse *= alpha ?? 0
  }
  return sum
}

/// A matrix with orthonormal rows or columns, whichever are fewer, row-major: a matrix of normal numbers, made
/// orthogonal row by row (Gram and Schmidt, twice, for numbers that are orthogonal to the last bits). Takes of the
/// order of `rows * columns * min(rows, columns)` operations.
private func orthonormal(_ rows: Int, _ columns: Int, stream: inout RandomStream) -> [Double] {
  let (count, length) = (min(rows, columns), max(rows, columns))
  var vectors = (0..<count * length).map { _ in stream.normal() }
  vectors.withUnsafeMutableBufferPointer { vectors in
    for i in 0..<count {
      let start = i * length
      func normalize() {
        var square = 0.0
        for k in 0..<length { square += vectors[start + k] * vectors[start + k] }
        let factor = 1 / square.squareRoot()
        for k in 0..<length { vectors[start + k] *= factor }
      }
      for _ in 0..<2 {
        for j in 0..<i {
          var product = 0.0
          for k in 0..<length { product += vectors[start + k] * vectors[j * length + k] }
          for k in 0..<length { vectors[start + k] -= product * vectors[j * length + k] }
        }
        normalize()
      }
    }
  }
  if rows <= columns { return vectors }
  return (0..<rows * columns).map { vectors[$0 % columns * length + $0 / columns] }
}
