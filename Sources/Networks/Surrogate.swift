import KernelTable

/// The derivative that replaces the threshold's in the backward pass: `amplitude` times the kind's shape.
public struct Surrogate: Hashable, Sendable {
  public var kind: SurrogateKind
  public var scale: Double
  public var amplitude: Double

  public init(kind: SurrogateKind, scale: Double, amplitude: Double = 1) {
    self.kind = kind
    self.scale = scale
    self.amplitude = amplitude
  }
}
