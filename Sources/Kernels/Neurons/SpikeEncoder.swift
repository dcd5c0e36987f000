import KernelTable

/// Units that turn analog values into spikes (SpyTorch, tutorial 5). Unit i reads channel c = i mod channels:
///
///     I[t]   = gain (a[t, c] + bias)
///     s[t]   = H(e[t] - threshold)
///     e[t+1] = (beta e[t] + (1 - beta) I[t]) (1 - s[t-1])
///
/// The reset comes one step late, as in the tutorial, and is detached. Adjoint, with ge[t] = dL/de[t]:
///
///     r        = ge[t+1] (1 - s[t-1])
///     dL/dI[t] = (1 - beta) r
///     ge[t]    = beta r + dL/dx[t]
struct SpikeEncoder: Neuron {
  let layer: NeuronLayer

  struct Coefficients {
    let beta, scale: Vector
  }

  @inline(__always) func coefficients(_ unit: Int) -> Coefficients {
    Coefficients(beta: layer.coefficient(0, unit), scale: layer.coefficient(1, unit))
  }

  static func planes(_ settings: NeuronSettings) -> NeuronPlanes {
    NeuronPlanes(state: 1, record: 1, adjoint: 1, coefficients: 2)
  }

  @inline(__always) var hasSpikeGradient: Bool { false }

  @inline(__always) func forward(_ current: Vector, _ c: Coefficients, _ cell: Cell) -> UInt64 {
    let bits = spikeBits(cell.state, layer.threshold)
    let membrane = load(cell.state, 0)
    store(membrane, cell.row, 0)
    store(afterReset((current * c.scale).addingProduct(c.beta, membrane), cell.before), cell.state, 0)
    return bits
  }

  @inline(__always) func adjoint(
    _ slope: Vector, _ c: Coefficients, _ cell: AdjointCell, _ sums: inout ParameterSums
  ) -> Vector {
    let r = afterReset(load(cell.state, 0), cell.before)
    store(slope.addingProduct(c.beta, r), cell.state, 0)
    return r * c.scale
  }

  /// Zero where a unit spiked in the step before.
  @inline(__always) private func afterReset(_ value: Vector, _ before: UnsafePointer<Float>) -> Vector {
    value.replacing(with: 0, where: load(before, 0) .> splat(layer.threshold))
  }

  static func setCoefficients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    out[0] = Float(parameters[0])
    out[stride] = Float(1 - parameters[0])
  }

  /// Its gain and bias are tensors like weights: see `CompiledKernels.encoderGradients`.
  static func parameterGradients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ sums: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {}
}

extension CompiledKernels {
  /// I[t] of every unit, for one sample.
  ///
  /// - Parameter out: panels `[steps + 1, units]`; the last row is left alone.
  public func encoderCurrents(_ a: EncoderInput, out: UnsafeMutablePointer<Float>) {
    for t in 0..<a.steps {
      a.repeatChannels(ofStep: t)
      forEachVector(a.units) { u in
        let value = load(UnsafePointer(a.row), u % a.channels)
        store(load(a.gain, u) * (value + load(a.bias, u)), out, panelOffset(a, t, u))
      }
    }
  }

  /// Adds the gradients of gain and bias of one sample: the sums over t of dL/dI[t] (a[t, c] + bias) and dL/dI[t] gain.
  ///
  /// - Parameter deltas: dL/dI, panels `[steps + 1, units]`.
  public func encoderGradients(
    _ a: EncoderInput, deltas: UnsafePointer<Float>, gain: UnsafeMutablePointer<Float>,
    bias: UnsafeMutablePointer<Float>
  ) {
    for t in 0..<a.steps {
      a.repeatChannels(ofStep: t)
      forEachVector(a.units) { u in
        let delta = load(deltas, panelOffset(a, t, u))
        let value = load(UnsafePointer(a.row), u % a.channels) + load(a.bias, u)
        store(load(gain, u).addingProduct(delta, value), gain, u)
        store(load(bias, u).addingProduct(delta, load(a.gain, u)), bias, u)
      }
    }
  }

  /// Runs an encoder forward; see `goForward`.
  public func encoderForward(_ a: LayerForward) { SpikeEncoder.runForward(a) }

  /// Runs an encoder backward; see `goBackward`.
  public func encoderBackward(_ a: LayerBackward) { SpikeEncoder.runBackward(a) }

  /// How many planes of numbers an encoder needs.
  public func encoderPlanes(_ settings: NeuronSettings) -> NeuronPlanes { SpikeEncoder.planes(settings) }

  /// See `Neuron.setCoefficients`; the only parameter is the membrane's decay, beta.
  public func setEncoderCoefficients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    SpikeEncoder.setCoefficients(settings, parameters, out, stride)
  }
}

@inline(__always) private func forEachVector(_ units: Int, _ body: (_ unit: Int) -> Void) {
  var u = 0
  while u < units {
    body(u)
    u &+= 16
  }
}

/// Where the units from `unit` on are at step `t` in panels `[steps + 1, units]`.
@inline(__always) private func panelOffset(_ a: EncoderInput, _ t: Int, _ unit: Int) -> Int {
  let base = unit / panelWidth * panelWidth
  return base &* (a.steps &+ 1) &+ t &* min(panelWidth, a.units &- base) &+ (unit &- base)
}

extension EncoderInput {
  /// Repeats a step's values in `row`, so that 16 consecutive units find their channels side by side.
  @inline(__always) fileprivate func repeatChannels(ofStep t: Int) {
    let source = values + t &* channels
    var channel = 0
    for i in 0..<channels &+ 16 {
      row[i] = source[channel]
      channel &+= 1
      if channel == channels { channel = 0 }
    }
  }
}
