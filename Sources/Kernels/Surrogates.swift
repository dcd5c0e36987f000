import KernelTable

/// Multiplies dL/ds by the surrogate derivative of x = membrane - threshold, for one panel of one step of all samples:
/// the formulas are those of `SurrogateKind`.
///
/// - Parameters:
///   - gradient: dL/ds, `units` apart; out: dL/dx.
///   - membrane: the record of the step, `recordStride` apart.
///   - thresholds: one per unit and sample, apart as the membranes; nil: all are `threshold`.
///
/// Not inlined: its copies would fill the instruction cache once per neuron model. (Not private: that would make it a
/// weak symbol.)
@inline(never) func multiplyBySurrogate(
  _ a: LayerBackward, _ gradient: UnsafeMutablePointer<Float>, _ membrane: UnsafePointer<Float>, threshold: Float,
  thresholds: UnsafePointer<Float>?, width: Int
) {
  let rows = SurrogateRows(
    gradient: gradient, gradientStride: a.units, membrane: membrane, thresholds: thresholds,
    membraneStride: a.recordStride, threshold: splat(threshold), samples: a.samples, width: width)
  let scale = splat(a.surrogateScale)
  let amplitude = splat(a.surrogateAmplitude)
  switch a.surrogate {
  case .fastSigmoid:
    rows.update { g, x in
      let slope = splat(1).addingProduct(scale, magnitude(x))
      return (g * amplitude) / (slope * slope)
    }
  case .sigmoid:
    let factor = amplitude * scale
    rows.update { g, x in
      // p (1 - p) is even, and e <= 1 can't overflow.
      let e = exponential(-magnitude(scale * x))
      let sum = splat(1) + e
      return g * factor * (e / (sum * sum))
    }
  case .arctan:
    let factor = amplitude * scale * splat(0.5)
    let inner = scale * splat(.pi / 2)
    rows.update { g, x in
      let y = inner * x
      return (g * factor) / splat(1).addingProduct(y, y)
    }
  case .triangle:
    rows.update { g, x in
      let height = splat(1) - scale * magnitude(x)
      return g * amplitude * height.replacing(with: 0, where: height .< splat(0))
    }
  case .boxcar:
    let half = splat(0.5 / a.surrogateScale)
    rows.update { g, x in
      (g * amplitude).replacing(with: 0, where: (x .<= -half) .| (x .> half))
    }
  case .exponential:
    rows.update { g, x in g * amplitude * exponential(-(scale * magnitude(x))) }
  case .gaussian:
    rows.update { g, x in
      let y = scale * x
      return g * amplitude * exponential(y * y * splat(-0.5))
    }
  case .multiGaussian:
    // 1 / sqrt(2 pi).
    let height = amplitude * scale * splat(0.398_942_28)
    let (middle, side) = (height * splat(1.15), height * splat(-0.15 / 6))
    rows.update { g, x in
      let y = scale * x
      let left = (y + splat(1)) * splat(1 / 6)
      let right = (y - splat(1)) * splat(1 / 6)
      let sides = exponential(left * left * splat(-0.5)) + exponential(right * right * splat(-0.5))
      return g * (middle * exponential(y * y * splat(-0.5))).addingProduct(side, sides)
    }
  case .straightThrough:
    rows.update { g, _ in g * amplitude }
  }
}

/// The rows that a surrogate goes through.
private struct SurrogateRows {
  let gradient: UnsafeMutablePointer<Float>
  let gradientStride: Int
  let membrane: UnsafePointer<Float>
  let thresholds: UnsafePointer<Float>?
  let membraneStride: Int
  let threshold: Vector
  let samples: Int
  let width: Int

  /// Replaces each gradient g by `derivative(g, x)`.
  @inline(__always) func update(_ derivative: (_ g: Vector, _ x: Vector) -> Vector) {
    var sample = 0
    while sample < samples {
      let gradient = gradient + sample &* gradientStride
      let membrane = membrane + sample &* membraneStride
      var u = 0
      while u < width {
        let limit = thresholds.map { load($0 + sample &* membraneStride, u) } ?? threshold
        store(derivative(load(gradient, u), load(membrane, u) - limit), gradient, u)
        u &+= 16
      }
      sample &+= 1
    }
  }
}
