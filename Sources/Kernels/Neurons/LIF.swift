import KernelTable

/// Leaky integrate-and-fire units (Cramer et al. 2020, eqs. 3 to 5), which spike one step after their current:
///
///     s[t]     = H(mem[t] - threshold)
///     d[t]     = beta mem[t] + k syn[t]                   (without a synapse: I[t] in place of syn[t])
///     mem[t+1] = R(d[t]),  R: zero: (1 - s) d;  subtract: d - threshold s;  none: d
///     syn[t+1] = alpha syn[t] + I[t]
///
/// k is 1, or 1 - beta with a scaled input. Adjoint, with gm[t] = dL/dmem[t] and gs[t] = dL/dsyn[t]:
///
///     r        = dL/dd[t] = gm[t+1] (1 - s[t])            (not zero: gm[t+1])
///     dL/dI[t] = gs[t+1]                                  (without a synapse: k r)
///     gs[t]    = alpha gs[t+1] + k r
///     gm[t]    = beta r + dL/dx[t]
///     dL/ds[t] += -d[t] gm[t+1], or -threshold gm[t+1]    (an attached reset)
struct LIF: Neuron {
  let layer: NeuronLayer

  struct Coefficients {
    let alpha, beta: Vector
    /// k.
    let scale: Vector
  }

  @inline(__always) func coefficients(_ unit: Int) -> Coefficients {
    Coefficients(
      alpha: layer.coefficient(0, unit), beta: layer.coefficient(1, unit),
      scale: layer.isScaled ? layer.coefficient(2, unit) : splat(1))
  }

  static func planes(_ settings: NeuronSettings) -> NeuronPlanes {
    NeuronPlanes(
      state: settings.hasSynapse ? 2 : 1, record: keepsDrive(settings) ? 2 : 1, adjoint: settings.hasSynapse ? 2 : 1,
      coefficients: 3)
  }

  /// Whether the backward pass needs syn[t], or without a synapse I[t], in the record's second plane.
  static func keepsDrive(_ settings: NeuronSettings) -> Bool {
    settings.trainsParameters || (settings.resetGradient == .attached && settings.reset == .zero)
  }

  /// Whether it is the network of SpyTorch's tutorials, whose kernel then has no choices left to make.
  static func isPlain(_ settings: NeuronSettings) -> Bool {
    settings.reset == .zero && settings.resetGradient == .detached && !settings.scaledInput && settings.hasSynapse
      && !settings.trainsParameters
  }

  @inline(__always) var hasSpikeGradient: Bool { layer.isAttached && layer.reset != .none }
  @inline(__always) private var keepsDrive: Bool { layer.isTrained || (layer.isAttached && layer.reset == .zero) }

  @inline(__always) func forward(_ current: Vector, _ c: Coefficients, _ cell: Cell) -> UInt64 {
    let bits = spikeBits(cell.state, layer.threshold)
    let mem = load(cell.state, 0)
    let drive = layer.hasSynapse ? load(cell.state, cell.statePlane) : current
    store(mem, cell.row, 0)
    if keepsDrive { store(drive, cell.row, cell.recordPlane) }
    store(afterReset(pull(mem, drive, c), mem), cell.state, 0)
    if layer.hasSynapse {
      store(current.addingProduct(c.alpha, drive), cell.state, cell.statePlane)
    }
    return bits
  }

  /// d.
  @inline(__always) private func pull(_ mem: Vector, _ drive: Vector, _ c: Coefficients) -> Vector {
    (layer.isScaled ? drive * c.scale : drive).addingProduct(c.beta, mem)
  }

  /// R.
  @inline(__always) private func afterReset(_ pulled: Vector, _ mem: Vector) -> Vector {
    let spikes = mem .> splat(layer.threshold)
    switch layer.reset {
    case .zero: return pulled.replacing(with: 0, where: spikes)
    case .subtract: return pulled - splat(0).replacing(with: splat(layer.threshold), where: spikes)
    case .none: return pulled
    }
  }

  @inline(__always) func adjoint(
    _ slope: Vector, _ c: Coefficients, _ cell: AdjointCell, _ sums: inout ParameterSums
  ) -> Vector {
    let mem = load(cell.row, 0)
    let gm = load(cell.state, 0)
    let r = layer.reset == .zero ? gm.replacing(with: 0, where: mem .> splat(layer.threshold)) : gm
    let scaled = layer.isScaled ? r * c.scale : r
    if layer.isTrained {
      let drive = load(cell.row, cell.recordPlane)
      sums.sum1.addProduct(r, layer.isScaled ? mem - drive : mem)
      if layer.hasSynapse { sums.sum0.addProduct(load(cell.state, cell.statePlane), drive) }
    }
    let delta: Vector
    if layer.hasSynapse {
      delta = load(cell.state, cell.statePlane)
      store(scaled.addingProduct(c.alpha, delta), cell.state, cell.statePlane)
    } else {
      delta = scaled
    }
    let next = slope.addingProduct(c.beta, r)
    store(next, cell.state, 0)
    if hasSpikeGradient {
      if layer.reset == .zero {
        let pulled = pull(load(cell.before, 0), load(cell.before, cell.recordPlane), c)
        store(-(pulled * next), cell.spikeGradient, 0)
      } else {
        store(next * splat(-layer.threshold), cell.spikeGradient, 0)
      }
    }
    return delta
  }

  static func setCoefficients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let (beta, alpha) = (parameters[0], parameters[1])
    out[0] = Float(alpha)
    out[stride] = Float(beta)
    out[2 &* stride] = settings.scaledInput ? Float(1 - beta) : 1
  }

  static func parameterGradients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ sums: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    out[0] = sums[1]
    out[1] = sums[0]
  }

  static func runForward(_ a: LayerForward) {
    isPlain(a.settings) && a.delays == nil && a.bias == nil && a.traces == nil ? runPlainForward(a) : runAnyForward(a)
  }

  static func runBackward(_ a: LayerBackward) {
    isPlain(a.settings) && a.delays == nil && a.bias == nil && a.dropout == nil
      ? runPlainBackward(a) : runAnyBackward(a)
  }

  // Functions of their own, in which all choices are constants, so that nothing remains of them.

  @inline(never) private static func runPlainForward(_ a: LayerForward) {
    var a = a
    (a.bias, a.traces) = (nil, nil)
    goForward(a, LIF(layer: plain(a.settings, a.coefficients, a.units)), delays: nil)
  }

  @inline(never) private static func runPlainBackward(_ a: LayerBackward) {
    var a = a
    (a.bias, a.dropout) = (nil, nil)
    goBackward(a, LIF(layer: plain(a.settings, a.coefficients, a.units)), delays: nil)
  }

  @inline(__always) private static func plain(
    _ settings: NeuronSettings, _ coefficients: UnsafePointer<Float>, _ units: Int
  ) -> NeuronLayer {
    var layer = NeuronLayer(settings, coefficients: coefficients, units: units)
    (layer.reset, layer.isAttached, layer.isScaled) = (.zero, false, false)
    (layer.hasSynapse, layer.isTrained) = (true, false)
    return layer
  }
}
