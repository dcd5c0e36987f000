/// How a weight matrix is drawn.
public struct WeightInitializer: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// Normal with mean 0 and standard deviation `gain / sqrt(fan_in)`.
    case normal
    /// Uniform between `-gain / sqrt(fan_in)` and `gain / sqrt(fan_in)`.
    case uniform
    /// `gain` times a matrix with orthonormal rows or columns, whichever are fewer (Saxe et al. 2014).
    case orthogonal
    /// Normal, such that the membranes fluctuate with standard deviation `gain` (Rossbroich, Gygax and Zenke 2022).
    case fluctuationDriven = "fluctuation_driven"
  }
  public var kind: Kind
  public var gain: Double

  public init(kind: Kind, gain: Double) {
    self.kind = kind
    self.gain = gain
  }
}
