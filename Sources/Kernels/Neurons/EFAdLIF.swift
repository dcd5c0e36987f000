import KernelTable

/// Adaptive LIF units, discretised by Euler-forward (Baronig et al. 2025): as `SEAdLIF`, but the adaptation follows the
/// membrane and the spikes of the step before:
///
///     v[t] = alpha u[t-1] + (1 - alpha) (I[t] - w[t-1])
///     s[t] = H(v[t] - threshold)
///     u[t] = (1 - s[t]) v[t]
///     w[t] = beta w[t-1] + A u[t-1] + B s[t-1]            A = (1 - beta) q a,  B = (1 - beta) q b
///
/// Adjoint:
///
///     gw[t]    = beta gw[t+1] - (1 - alpha) gv[t+1]
///     gu[t]    = alpha gv[t+1] + A gw[t+1]
///     dL/ds[t] += B gw[t+1]                               (an attached reset: - v[t] gu[t], too)
///     gv[t]    = dL/dx[t] + (1 - s[t]) gu[t]
///     dL/dI[t] = (1 - alpha) gv[t]
struct EFAdLIF: Neuron {
  let layer: NeuronLayer

  static func planes(_ settings: NeuronSettings) -> NeuronPlanes {
    NeuronPlanes(
      state: 2, record: 1, adjoint: settings.trainsParameters ? 3 : 2, coefficients: AdaptationCoefficients.planes)
  }

  @inline(__always) func coefficients(_ unit: Int) -> AdaptationCoefficients { AdaptationCoefficients(layer, unit) }

  /// A u + B s, of the membrane v before its reset.
  @inline(__always) private func kick(_ v: Vector, _ c: AdaptationCoefficients) -> Vector {
    let spikes = v .> splat(layer.threshold)
    return splat(0).replacing(with: c.b, where: spikes)
      .addingProduct(c.a, v.replacing(with: 0, where: spikes))
  }

  @inline(__always) func forward(_ current: Vector, _ c: AdaptationCoefficients, _ cell: Cell) -> UInt64 {
    let w = load(cell.state, cell.statePlane)
    let v = ((current - w) * c.inputScale).addingProduct(c.alpha, load(cell.state, 0))
    store(v, cell.row, 0)
    store(v.replacing(with: 0, where: v .> splat(layer.threshold)), cell.state, 0)
    store(
      kick(load(cell.before, 0), c).addingProduct(c.beta, w), cell.state, cell.statePlane)
    return spikeBits(cell.row, layer.threshold)
  }

  @inline(__always) func adjoint(
    _ slope: Vector, _ c: AdaptationCoefficients, _ cell: AdjointCell, _ sums: inout ParameterSums
  ) -> Vector {
    let plane = cell.statePlane
    let v = load(cell.row, 0)
    let gw = load(cell.state, plane)
    let gv = slope + load(cell.state, 0).replacing(with: 0, where: v .> splat(layer.threshold))
    let delta = gv * c.inputScale
    let before = load(cell.before, 0)
    if layer.isTrained {
      let spikes = before .> splat(layer.threshold)
      let u = before.replacing(with: 0, where: spikes)
      sums.sum0.addProduct(gv, u - v)
      let later = load(cell.state, 2 &* plane)
      sums.sum1.addProduct(kick(before, c), later)
      sums.sum2.addProduct(gw, u)
      sums.sum3 += splat(0).replacing(with: gw, where: spikes)
      store(gw.addingProduct(c.beta, later), cell.state, 2 &* plane)
    }
    let guBefore = (gv * c.alpha).addingProduct(c.a, gw)
    store(guBefore, cell.state, 0)
    store((gw * c.beta) - delta, cell.state, plane)
    var spikeGradient = gw * c.b
    if layer.isAttached { spikeGradient -= before * guBefore }
    store(spikeGradient, cell.spikeGradient, 0)
    return delta
  }

  static func setCoefficients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    SEAdLIF.setCoefficients(settings, parameters, out, stride)
  }

  static func parameterGradients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ sums: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    SEAdLIF.parameterGradients(settings, parameters, sums, out)
  }
}
