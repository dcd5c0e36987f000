import Engine

extension ParameterSpecification {
  /// An initial value. Values outside of the bounds, and time constants that are not positive, are drawn again: the
  /// distribution is truncated, and does not pile up at its ends.
  func draw(from stream: inout RandomStream, isTime: Bool) -> Double {
    func isValid(_ value: Double) -> Bool { (bounds?.contains(value) ?? true) && (!isTime || value > 0) }
    for _ in 0..<10_000 {
      let value = initial.draw(from: &stream)
      if isValid(value) { return value }
    }
    // The distribution has next to nothing within the bounds.
    guard let bounds else { return initial.mean }
    return min(max(initial.mean, bounds.lowerBound), bounds.upperBound)
  }
}

extension ParameterDistribution {
  fileprivate func draw(from stream: inout RandomStream) -> Double {
    switch self {
    case .value(let value): return value
    case .uniform(let lower, let upper): return lower + (upper - lower) * stream.uniform()
    case .normal(let mean, let deviation): return mean + deviation * stream.normal()
    case .gamma(let shape, let mean): return gammaNumber(shape, from: &stream) * mean / shape
    }
  }
}

/// A number from the gamma distribution with scale 1 (Marsaglia and Tsang 2000).
private func gammaNumber(_ shape: Double, from stream: inout RandomStream) -> Double {
  if shape < 1 {
    let uniform = 1 - stream.uniform()
    return gammaNumber(shape + 1, from: &stream) * Elementary.exp(Elementary.log(uniform) / shape)
  }
  let d = shape - 1 / 3.0
  let c = 1 / (9 * d).squareRoot()
  while true {
    let x = stream.normal()
    let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
    let uniform = 1 - stream.uniform()
    if v > 0, Elementary.log(uniform) < 0.5 * x * x + d - d * v + d * Elementary.log(v) { return d * v }
  }
}
