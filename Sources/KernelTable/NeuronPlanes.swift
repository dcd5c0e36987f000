/// How many planes of numbers a neuron model needs; a plane has one number per unit.
public struct NeuronPlanes: Hashable, Sendable {
  /// State from one step to the next, per sample.
  public var state: Int
  /// What the backward pass needs of every step, per sample. The first holds the membrane as it is compared with the
  /// threshold.
  public var record: Int
  /// State of the adjoint from one step to the one before, per sample.
  public var adjoint: Int
  /// Constants of the equations.
  public var coefficients: Int
  /// Sums over steps and samples, from which the gradients of parameters follow: the same for all models.
  public static let sums = 4

  public init(state: Int, record: Int, adjoint: Int, coefficients: Int) {
    self.state = state
    self.record = record
    self.adjoint = adjoint
    self.coefficients = coefficients
  }
}
