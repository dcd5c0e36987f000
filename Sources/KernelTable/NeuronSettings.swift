/// What is the same for all units of a layer, as its kernel takes it.
public struct NeuronSettings: Hashable, Sendable {
  public var model: NeuronModel
  public var threshold: Float
  public var reset: NeuronReset
  public var resetGradient: ResetGradient
  /// Whether the membrane takes one minus its decay times its current (models that have the choice).
  public var scaledInput: Bool
  /// Whether a synapse filters the current (models that have the choice).
  public var hasSynapse: Bool
  /// Whether the adjoint accumulates the gradients of parameters.
  public var trainsParameters: Bool

  public init(
    model: NeuronModel, threshold: Float, reset: NeuronReset, resetGradient: ResetGradient, scaledInput: Bool,
    hasSynapse: Bool, trainsParameters: Bool
  ) {
    self.model = model
    self.threshold = threshold
    self.reset = reset
    self.resetGradient = resetGradient
    self.scaledInput = scaledInput
    self.hasSynapse = hasSynapse
    self.trainsParameters = trainsParameters
  }
}
