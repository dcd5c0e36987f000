import KernelTable

/// LIF units whose threshold rises with their spikes (Bellec et al. 2018, in the form of Yin, Corradi and Bohte 2021),
/// which spike in the step of their current:
///
///     w[t]  = rho w[t-1] + (1 - rho) s[t-1]
///     th[t] = threshold + strength w[t]
///     u[t]  = alpha u[t-1] + (1 - alpha) I[t] - th[t] s[t-1]
///     s[t]  = H(u[t] - th[t])
///
/// Adjoint:
///
///     gu[t]    = dL/dx[t] + alpha gu[t+1]
///     gw[t]    = rho gw[t+1] - strength (dL/dx[t] + s[t-1] gu[t])
///     dL/ds[t] += (1 - rho) gw[t+1] - th[t+1] gu[t+1]     (a detached reset: without the last term)
///     dL/dI[t] = (1 - alpha) gu[t]
///
/// The parameters' gradients follow as at `SEAdLIF`. The record's second plane holds th.
struct ALIF: Neuron {
  let layer: NeuronLayer

  static func planes(_ settings: NeuronSettings) -> NeuronPlanes {
    NeuronPlanes(state: 1, record: 2, adjoint: settings.trainsParameters ? 3 : 2, coefficients: 5)
  }

  @inline(__always) var hasMovingThreshold: Bool { true }

  struct Coefficients {
    let alpha, inputScale, rho, kickScale, strength: Vector
  }

  @inline(__always) func coefficients(_ unit: Int) -> Coefficients {
    Coefficients(
      alpha: layer.coefficient(0, unit), inputScale: layer.coefficient(1, unit), rho: layer.coefficient(2, unit),
      kickScale: layer.coefficient(3, unit), strength: layer.coefficient(4, unit))
  }

  @inline(__always) func forward(_ current: Vector, _ c: Coefficients, _ cell: Cell) -> UInt64 {
    let before = load(cell.before, 0)
    let spikes = before .> load(cell.before, cell.recordPlane)
    let kick = splat(0).replacing(with: c.kickScale, where: spikes)
    let w = kick.addingProduct(c.rho, load(cell.state, 0))
    store(w, cell.state, 0)
    let th = splat(layer.threshold).addingProduct(c.strength, w)
    store(th, cell.row, cell.recordPlane)
    let pulled = (current * c.inputScale).addingProduct(c.alpha, before)
    store(pulled - splat(0).replacing(with: th, where: spikes), cell.row, 0)
    return spikeBits(cell.row, above: cell.row + cell.recordPlane)
  }

  @inline(__always) func adjoint(
    _ slope: Vector, _ c: Coefficients, _ cell: AdjointCell, _ sums: inout ParameterSums
  ) -> Vector {
    let plane = cell.statePlane
    let before = load(cell.before, 0)
    let spikes = before .> load(cell.before, cell.recordPlane)
    let th = load(cell.row, cell.recordPlane)
    let gu = slope + load(cell.state, 0)
    let delta = gu * c.inputScale
    let gw = load(cell.state, plane) - c.strength * (slope + splat(0).replacing(with: gu, where: spikes))
    if layer.isTrained {
      let u = load(cell.row, 0)
      sums.sum0.addProduct(gu, (before - u) - splat(0).replacing(with: th, where: spikes))
      let later = load(cell.state, 2 &* plane)
      sums.sum1 += splat(0).replacing(with: later, where: spikes)
      sums.sum2 += splat(0).replacing(with: gw, where: spikes)
      store(gw.addingProduct(c.rho, later), cell.state, 2 &* plane)
    }
    store(gu * c.alpha, cell.state, 0)
    store(gw * c.rho, cell.state, plane)
    let kicked = gw * c.kickScale
    store(layer.isAttached ? kicked - th * gu : kicked, cell.spikeGradient, 0)
    return delta
  }

  static func setCoefficients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let (alpha, rho, strength) = (parameters[0], parameters[1], parameters[2])
    out[0] = Float(alpha)
    out[stride] = Float(1 - alpha)
    out[2 &* stride] = Float(rho)
    out[3 &* stride] = Float(1 - rho)
    out[4 &* stride] = Float(strength)
  }

  static func parameterGradients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ sums: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    // u[t-1] - I[t] = (u[t-1] - u[t] - th[t] s[t-1]) / (1 - alpha).
    out[0] = sums[0] / (1 - parameters[0])
    // w[t-1] - s[t-1].
    out[1] = (1 - parameters[1]) * sums[1] - sums[2]
    out[2] = 0
  }
}
