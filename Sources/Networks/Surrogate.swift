/// The derivative that replaces the threshold's in the backward pass.
public struct Surrogate: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// `1 / (scale |mem - 1| + 1)^2` (Zenke and Ganguli 2018, SuperSpike).
    case fastSigmoid = "fast_sigmoid"
  }
  public var kind: Kind
  public var scale: Double

  public init(kind: Kind, scale: Double) {
    self.kind = kind
    self.scale = scale
  }
}
