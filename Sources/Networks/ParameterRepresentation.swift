import Engine

/// A trained parameter as the optimizer sees it, and as the equations do. All in double precision; times in seconds.
extension ParameterSpecification {
  /// What is stored for a value.
  func represented(_ value: Double, timeStep: Double) -> Double {
    switch representation {
    case .interpolation:
      guard let bounds else { preconditionFailure("an interpolation has bounds") }
      return (value - bounds.lowerBound) / (bounds.upperBound - bounds.lowerBound)
    case .log: return Elementary.log(value)
    case .decay: return Elementary.exp(-timeStep / value)
    case .value: return value
    }
  }

  /// The value of what is stored.
  func value(_ stored: Double, timeStep: Double) -> Double {
    switch representation {
    case .interpolation:
      guard let bounds else { preconditionFailure("an interpolation has bounds") }
      return bounds.lowerBound + stored * (bounds.upperBound - bounds.lowerBound)
    case .log: return Elementary.exp(stored)
    case .decay: return -timeStep / Elementary.log(stored)
    case .value: return stored
    }
  }

  /// d(value)/d(stored).
  func slope(value: Double, timeStep: Double) -> Double {
    switch representation {
    case .interpolation:
      guard let bounds else { preconditionFailure("an interpolation has bounds") }
      return bounds.upperBound - bounds.lowerBound
    case .log: return value
    case .decay: return value * value / (timeStep * Elementary.exp(-timeStep / value))
    case .value: return 1
    }
  }

  /// Within which what is stored is kept after each update; nil: anywhere.
  func storedBounds(timeStep: Double) -> ClosedRange<Float>? {
    if representation == .interpolation { return 0...1 }
    if let bounds {
      return Float(
        represented(bounds.lowerBound, timeStep: timeStep))...Float(represented(bounds.upperBound, timeStep: timeStep))
    }
    // A decay outside 0...1 has no time constant.
    return representation == .decay ? 0x1p-24...(1 - 0x1p-23) : nil
  }
}
