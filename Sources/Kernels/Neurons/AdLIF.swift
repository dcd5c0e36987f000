import KernelTable

/// Adaptive LIF units with a linear adaptation current (Bittar and Garner 2022, without batch norm, from zero states),
/// which spike in the step of their current:
///
///     w[t] = beta w[t-1] + a u[t-1] + b s[t-1]
///     u[t] = alpha (u[t-1] - s[t-1]) + (1 - alpha) (I[t] - w[t])
///     s[t] = H(u[t] - threshold)
///
/// Adjoint:
///
///     gu[t]    = dL/dx[t] + alpha gu[t+1] + a gw[t+1]
///     gw[t]    = beta gw[t+1] - (1 - alpha) gu[t]
///     dL/ds[t] += b gw[t+1] - alpha gu[t+1]               (a detached reset: b gw[t+1] alone)
///     dL/dI[t] = (1 - alpha) gu[t]
///
/// The parameters' gradients follow as at `SEAdLIF`.
struct AdLIF: Neuron {
  let layer: NeuronLayer

  static func planes(_ settings: NeuronSettings) -> NeuronPlanes {
    NeuronPlanes(
      state: 1, record: 1, adjoint: settings.trainsParameters ? 3 : 2, coefficients: AdaptationCoefficients.planes)
  }

  @inline(__always) func coefficients(_ unit: Int) -> AdaptationCoefficients { AdaptationCoefficients(layer, unit) }

  /// a u + b s.
  @inline(__always) private func kick(_ u: Vector, _ c: AdaptationCoefficients) -> Vector {
    splat(0).replacing(with: c.b, where: u .> splat(layer.threshold)).addingProduct(c.a, u)
  }

  /// u - s.
  @inline(__always) private func afterReset(_ u: Vector) -> Vector {
    u - splat(0).replacing(with: 1, where: u .> splat(layer.threshold))
  }

  @inline(__always) func forward(_ current: Vector, _ c: AdaptationCoefficients, _ cell: Cell) -> UInt64 {
    let before = load(cell.before, 0)
    let w = kick(before, c).addingProduct(c.beta, load(cell.state, 0))
    store(w, cell.state, 0)
    let u = ((current - w) * c.inputScale).addingProduct(c.alpha, afterReset(before))
    store(u, cell.row, 0)
    return spikeBits(cell.row, layer.threshold)
  }

  @inline(__always) func adjoint(
    _ slope: Vector, _ c: AdaptationCoefficients, _ cell: AdjointCell, _ sums: inout ParameterSums
  ) -> Vector {
    let plane = cell.statePlane
    let gu = slope + load(cell.state, 0)
    let delta = gu * c.inputScale
    let gw = load(cell.state, plane) - delta
    if layer.isTrained {
      let before = load(cell.before, 0)
      sums.sum0.addProduct(gu, afterReset(before) - load(cell.row, 0))
      let later = load(cell.state, 2 &* plane)
      sums.sum1.addProduct(kick(before, c), later)
      sums.sum2.addProduct(gw, before)
      sums.sum3 += splat(0).replacing(with: gw, where: before .> splat(layer.threshold))
      store(gw.addingProduct(c.beta, later), cell.state, 2 &* plane)
    }
    let pulled = gu * c.alpha
    store(pulled.addingProduct(c.a, gw), cell.state, 0)
    store(gw * c.beta, cell.state, plane)
    let kicked = gw * c.b
    store(layer.isAttached ? kicked - pulled : kicked, cell.spikeGradient, 0)
    return delta
  }

  static func setCoefficients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let (alpha, beta, a, b) = (parameters[0], parameters[1], parameters[2], parameters[3])
    out[0] = Float(alpha)
    out[stride] = Float(1 - alpha)
    out[2 &* stride] = Float(beta)
    out[3 &* stride] = Float(a)
    out[4 &* stride] = Float(b)
  }

  static func parameterGradients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ sums: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    // (u[t-1] - s[t-1]) - (I[t] - w[t]) = (u[t-1] - s[t-1] - u[t]) / (1 - alpha).
    out[0] = sums[0] / (1 - parameters[0])
    out[1] = sums[1]
    out[2] = sums[2]
    out[3] = sums[3]
  }
}
