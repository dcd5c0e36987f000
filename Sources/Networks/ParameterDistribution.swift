/// The initial values of a neuron parameter. Times are in seconds.
public enum ParameterDistribution: Hashable, Sendable {
  case value(Double)
  case uniform(lower: Double, upper: Double)
  case normal(mean: Double, deviation: Double)
  /// With shape k and mean m: standard deviation m / sqrt(k) (Perez-Nieves et al. 2021 draw time constants from it).
  case gamma(shape: Double, mean: Double)

  /// The mean.
  public var mean: Double {
    switch self {
    case .value(let value): value
    case .uniform(let lower, let upper): (lower + upper) / 2
    case .normal(let mean, _), .gamma(_, let mean): mean
    }
  }
}
