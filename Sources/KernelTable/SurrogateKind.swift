/// The shapes of the surrogate derivative, of x = membrane - threshold; Sources/Kernels/Surrogates.swift computes them.
/// Names differ between libraries: the formula counts.
public enum SurrogateKind: String, CaseIterable, Sendable {
  /// `1 / (scale |x| + 1)^2` (Zenke and Ganguli 2018, SuperSpike).
  case fastSigmoid = "fast_sigmoid"
  /// `scale p (1 - p)`, p = sigmoid(scale x).
  case sigmoid
  /// `(scale / 2) / (1 + (pi/2 scale x)^2)`.
  case arctan
  /// `max(0, 1 - scale |x|)` (Bellec et al. 2018).
  case triangle
  /// 1 for `-1/2 < scale x <= 1/2`, else 0.
  case boxcar
  /// `exp(-scale |x|)` (Shrestha and Orchard 2018, SLAYER).
  case exponential
  /// `exp(-(scale x)^2 / 2)`.
  case gaussian
  /// `1.15 N(x; 0, s) - 0.15 N(x; s, 6 s) - 0.15 N(x; -s, 6 s)`, s = 1 / scale (Yin, Corradi and Bohte 2021).
  case multiGaussian = "multi_gaussian"
  /// 1.
  case straightThrough = "straight_through"

  /// The scale and the amplitude unless an experiment file gives others; `scale` has no effect on straight_through.
  public var standard: (scale: Double, amplitude: Double) {
    switch self {
    case .fastSigmoid: (100, 1)
    case .sigmoid: (25, 1)
    case .arctan: (2, 1)
    case .triangle: (1, 0.3)
    case .boxcar: (1, 1)
    case .exponential: (5, 1)
    case .gaussian: (2, 1)
    case .multiGaussian: (2, 0.5)
    case .straightThrough: (1, 1)
    }
  }
}
