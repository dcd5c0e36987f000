/// What a readout does with its input; see `ReadoutReduction` for the logits.
public struct ReadoutSettings: Hashable, Sendable {
  public var reduce: ReadoutReduction
  /// Logits come from out[fromStep + 1]...out[steps]; 0 for `max`: from out[0].
  public var fromStep: Int
  /// Decay of the synaptic filter; nil: none.
  public var alpha: Float?
  /// Decay of the membrane.
  public var beta: Float
  /// By which the membrane's input is multiplied.
  public var inputScale: Float

  public init(reduce: ReadoutReduction, fromStep: Int, alpha: Float?, beta: Float, inputScale: Float) {
    self.reduce = reduce
    self.fromStep = fromStep
    self.alpha = alpha
    self.beta = beta
    self.inputScale = inputScale
  }

  /// Whether each class contributes to its logit at one step only, in the form that `ReadoutFeedback` follows back.
  public var hasPeaks: Bool { reduce == .max && alpha != nil && inputScale == 1 }
}
