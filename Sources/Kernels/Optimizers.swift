import KernelTable

extension CompiledKernels {
  /// `out += source`: adds up the gradients of a batch's shares.
  ///
  /// - Parameters:
  ///   - count: a multiple of 16.
  public func add(
    count: Int, out: UnsafeMutablePointer<Float>, source: UnsafePointer<Float>
  ) {
    var i = 0
    while i < count {
      store(load(out, i) + load(source, i), out, i)
      i &+= 16
    }
  }

  /// `b = momentum b + g;  w -= rate b` (torch.optim.SGD without dampening).
  public func sgd(_ a: OptimizerStep) {
    var i = 0
    while i < a.count {
      let first = load(a.gradient, i).addingProduct(splat(a.beta1), load(a.first, i))
      store(first, a.first, i)
      store(load(a.weights, i).addingProduct(splat(-a.rate), first), a.weights, i)
      i &+= 16
    }
  }

  /// `m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2;  w -= rate (m / (sqrt(v) secondCorrection + epsilon) + decay w)`
  /// (Kingma and Ba 2014, algorithm 1; epsilon outside the bias correction, as in torch.optim.Adam; decay as in AdamW).
  public func adam(_ a: OptimizerStep) {
    let keep1 = splat(a.complement1)
    let keep2 = splat(a.complement2)
    var i = 0
    while i < a.count {
      let g = load(a.gradient, i)
      let first = (g * keep1).addingProduct(splat(a.beta1), load(a.first, i))
      let second = (g * g * keep2).addingProduct(splat(a.beta2), load(a.second, i))
      store(first, a.first, i)
      store(second, a.second, i)
      let denominator = splat(a.epsilon).addingProduct(second.squareRoot(), splat(a.secondCorrection))
      // With an epsilon that is 0 as a Float, a weight that never had a gradient, such as padding, would give 0 / 0.
      var step = (first / denominator).replacing(with: 0, where: denominator .== splat(0))
      let weights = load(a.weights, i)
      // Not `w (1 - rate decay)`: in single precision that factor is 1 for a product below 3e-8, and inaccurate for
      // others.
      if a.decay != 0 { step.addProduct(splat(a.decay), weights) }
      store(weights.addingProduct(splat(-a.rate), step), a.weights, i)
      i &+= 16
    }
  }

  /// `m = b1 m + (1-b1) g;  u = max(b2 u, |g| + epsilon);  w -= rate m / u`
  /// (Kingma and Ba 2014, algorithm 2; epsilon inside the maximum as in torch.optim.Adamax).
  public func adamax(_ a: OptimizerStep) {
    let keep1 = splat(a.complement1)
    var i = 0
    while i < a.count {
      let g = load(a.gradient, i)
      let first = (g * keep1).addingProduct(splat(a.beta1), load(a.first, i))
      let decayed = load(a.second, i) * splat(a.beta2)
      let now = magnitude(g) + splat(a.epsilon)
      let second = decayed.replacing(with: now, where: decayed .< now)
      store(first, a.first, i)
      store(second, a.second, i)
      // As above.
      let step = (first / second).replacing(with: 0, where: second .== splat(0))
      store(load(a.weights, i).addingProduct(splat(-a.rate), step), a.weights, i)
      i &+= 16
    }
  }

  /// Whether no value is NaN or infinite.
  public func isFinite(
    count: Int, values: UnsafePointer<Float>
  ) -> Bool {
    // Zero times a finite number is zero, times anything else NaN; a NaN persists in a sum.
    var sum = splat(0)
    var i = 0
    while i < count {
      sum.addProduct(load(values, i), splat(0))
      i &+= 16
    }
    var isFinite = true
    for lane in 0..<16 where sum[lane] != 0 { isFinite = false }
    return isFinite
  }
}
