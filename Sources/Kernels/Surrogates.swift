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
  let (scale, amplitude) = (a.surrogateScale, a.surrogateAmplitude)
  switch a.surrogate {
  case .fastSigmoid: rows.update(FastSigmoid(scale: splat(scale), amplitude: splat(amplitude)))
  case .sigmoid: rows.update(Sigmoid(scale: splat(scale), factor: splat(amplitude * scale)))
  case .arctan: rows.update(Arctan(scale: splat(scale * .pi / 2), factor: splat(amplitude * scale / 2)))
  case .triangle: rows.update(Triangle(scale: splat(scale), amplitude: splat(amplitude)))
  case .boxcar: rows.update(Boxcar(half: splat(0.5 / scale), amplitude: splat(amplitude)))
  case .exponential: rows.update(Exponential(scale: splat(scale), amplitude: splat(amplitude)))
  case .gaussian: rows.update(Gaussian(scale: splat(scale), amplitude: splat(amplitude)))
  case .multiGaussian: rows.update(MultiGaussian(scale: scale, amplitude: amplitude))
  case .straightThrough: rows.update(StraightThrough(amplitude: splat(amplitude)))
  }
}

/// A surrogate derivative.
private protocol SurrogateDerivative {
  /// The derivative at x, times g.
  func callAsFunction(_ g: Vector, _ x: Vector) -> Vector
}

private struct FastSigmoid: SurrogateDerivative {
  let scale, amplitude: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    let slope = splat(1).addingProduct(scale, magnitude(x))
    return (g * amplitude) / (slope * slope)
  }
}

private struct Sigmoid: SurrogateDerivative {
  let scale, factor: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    // p (1 - p) is even, and e <= 1 can't overflow.
    let e = exponential(-magnitude(scale * x))
    let sum = splat(1) + e
    return g * factor * (e / (sum * sum))
  }
}

private struct Arctan: SurrogateDerivative {
  let scale, factor: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    let y = scale * x
    return (g * factor) / splat(1).addingProduct(y, y)
  }
}

private struct Triangle: SurrogateDerivative {
  let scale, amplitude: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    let height = splat(1) - scale * magnitude(x)
    return g * amplitude * height.replacing(with: 0, where: height .< splat(0))
  }
}

private struct Boxcar: SurrogateDerivative {
  let half, amplitude: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    (g * amplitude).replacing(with: 0, where: (x .<= -half) .| (x .> half))
  }
}

private struct Exponential: SurrogateDerivative {
  let scale, amplitude: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    g * amplitude * exponential(-(scale * magnitude(x)))
  }
}

private struct Gaussian: SurrogateDerivative {
  let scale, amplitude: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    let y = scale * x
    return g * amplitude * exponential(y * y * splat(-0.5))
  }
}

private struct MultiGaussian: SurrogateDerivative {
  let scale, middle, side: Vector

  init(scale: Float, amplitude: Float) {
    // 1 / sqrt(2 pi).
    let height = amplitude * scale * 0.398_942_28
    (self.scale, middle, side) = (splat(scale), splat(height * 1.15), splat(height * (-0.15 / 6)))
  }

  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector {
    let y = scale * x
    let left = (y + splat(1)) * splat(1 / 6)
    let right = (y - splat(1)) * splat(1 / 6)
    let sides = exponential(left * left * splat(-0.5)) + exponential(right * right * splat(-0.5))
    return g * (middle * exponential(y * y * splat(-0.5))).addingProduct(side, sides)
  }
}

private struct StraightThrough: SurrogateDerivative {
  let amplitude: Vector
  @inline(__always) func callAsFunction(_ g: Vector, _ x: Vector) -> Vector { g * amplitude }
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

  @inline(__always) func update<S: SurrogateDerivative>(_ derivative: S) {
    var sample = 0
    while sample < samples {
      let gradient = gradient + sample &* gradientStride
      let membrane = membrane + sample &* membraneStride
      var u = 0
      if let thresholds {
        let thresholds = thresholds + sample &* membraneStride
        while u < width {
          store(derivative(load(gradient, u), load(membrane, u) - load(thresholds, u)), gradient, u)
          u &+= 16
        }
      } else {
        while u < width {
          store(derivative(load(gradient, u), load(membrane, u) - threshold), gradient, u)
          u &+= 16
        }
      }
      sample &+= 1
    }
  }
}
