import KernelTable

/// Adaptive LIF units, discretised by symplectic Euler (Baronig et al. 2025), which spike in the step of their current:
///
///     v[t] = alpha u[t-1] + (1 - alpha) (I[t] - w[t-1])
///     s[t] = H(v[t] - threshold)
///     u[t] = (1 - s[t]) v[t]
///     w[t] = beta w[t-1] + A u[t] + B s[t]                A = (1 - beta) q a,  B = (1 - beta) q b
///
/// Adjoint, with gv[t] = dL/dv[t] and so on:
///
///     gw[t]    = beta gw[t+1] - (1 - alpha) gv[t+1]
///     gu[t]    = alpha gv[t+1] + A gw[t]
///     dL/ds[t] += B gw[t]                                 (an attached reset: - v[t] gu[t], too)
///     gv[t]    = dL/dx[t] + (1 - s[t]) gu[t]
///     dL/dI[t] = (1 - alpha) gv[t]
///
/// The parameters' gradients need no more of the forward pass than v: I[t] - w[t-1] follows from v[t] and u[t-1], and
/// sum over t of gw[t] w[t-1] is also the sum of (A u[t] + B s[t]) G[t], where G[t] = gw[t+1] + beta G[t+1].
struct SEAdLIF: Neuron {
  let layer: NeuronLayer

  static func planes(_ settings: NeuronSettings) -> NeuronPlanes {
    NeuronPlanes(
      state: 2, record: 1, adjoint: settings.trainsParameters ? 3 : 2, coefficients: AdaptationCoefficients.planes)
  }

  @inline(__always) func coefficients(_ unit: Int) -> AdaptationCoefficients { AdaptationCoefficients(layer, unit) }

  @inline(__always) func forward(_ current: Vector, _ c: AdaptationCoefficients, _ cell: Cell) -> UInt64 {
    let w = load(cell.state, cell.statePlane)
    let v = ((current - w) * c.inputScale).addingProduct(c.alpha, load(cell.state, 0))
    store(v, cell.row, 0)
    let spikes = v .> splat(layer.threshold)
    let u = v.replacing(with: 0, where: spikes)
    store(u, cell.state, 0)
    let kick = splat(0).replacing(with: c.b, where: spikes).addingProduct(c.a, u)
    store(kick.addingProduct(c.beta, w), cell.state, cell.statePlane)
    return spikeBits(cell.row, layer.threshold)
  }

  @inline(__always) func adjoint(
    _ slope: Vector, _ c: AdaptationCoefficients, _ cell: AdjointCell, _ sums: inout ParameterSums
  ) -> Vector {
    let plane = cell.statePlane
    let v = load(cell.row, 0)
    let spikes = v .> splat(layer.threshold)
    // dL/du without A gw, and gw.
    let gw = load(cell.state, plane)
    let gu = load(cell.state, 0).addingProduct(c.a, gw)
    let gv = slope + gu.replacing(with: 0, where: spikes)
    let delta = gv * c.inputScale
    if layer.isTrained {
      let before = load(cell.before, 0)
      let u = before.replacing(with: 0, where: before .> splat(layer.threshold))
      sums.sum0.addProduct(gv, u - v)
      let later = load(cell.state, 2 &* plane)
      let uNow = v.replacing(with: 0, where: spikes)
      let kick = splat(0).replacing(with: c.b, where: spikes).addingProduct(c.a, uNow)
      sums.sum1.addProduct(kick, later)
      sums.sum2.addProduct(gw, uNow)
      sums.sum3 += splat(0).replacing(with: gw, where: spikes)
      store(gw.addingProduct(c.beta, later), cell.state, 2 &* plane)
    }
    store(gv * c.alpha, cell.state, 0)
    let gwBefore = (gw * c.beta) - delta
    store(gwBefore, cell.state, plane)
    var spikeGradient = gwBefore * c.b
    if layer.isAttached {
      let guBefore = (gv * c.alpha).addingProduct(c.a, gwBefore)
      spikeGradient -= load(cell.before, 0) * guBefore
    }
    store(spikeGradient, cell.spikeGradient, 0)
    return delta
  }

  static func setCoefficients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let (alpha, beta, a, b, q) = (parameters[0], parameters[1], parameters[2], parameters[3], parameters[4])
    out[0] = Float(alpha)
    out[stride] = Float(1 - alpha)
    out[2 &* stride] = Float(beta)
    out[3 &* stride] = Float((1 - beta) * q * a)
    out[4 &* stride] = Float((1 - beta) * q * b)
  }

  static func parameterGradients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ sums: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    let (alpha, beta, a, b, q) = (parameters[0], parameters[1], parameters[2], parameters[3], parameters[4])
    // u[t-1] - (I[t] - w[t-1]) = (u[t-1] - v[t]) / (1 - alpha).
    out[0] = sums[0] / (1 - alpha)
    // w[t-1] - q (a u[t] + b s[t]).
    out[1] = sums[1] - q * (a * sums[2] + b * sums[3])
    out[2] = (1 - beta) * q * sums[2]
    out[3] = (1 - beta) * q * sums[3]
    out[4] = 0
  }
}
