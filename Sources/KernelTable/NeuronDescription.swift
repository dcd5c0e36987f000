/// What a neuron model has and how it behaves unless an experiment file says otherwise.
public struct NeuronDescription: Sendable {
  /// In the order in which the model's kernel takes their values.
  public var parameters: [NeuronParameter]
  /// The resets it can do, its default first.
  public var resets: [NeuronReset]
  /// Its default.
  public var resetGradient: ResetGradient
  /// Names of the state variables beside the membrane, in the order of its state planes, for recordings.
  public var traces: [String]
  /// Whether it has the key `scaled_input`; models without it always scale their input by one minus the decay.
  public var hasScaledInput: Bool
  /// Whether `tau_syn` may be `none`.
  public var hasOptionalSynapse: Bool

  init(
    parameters: [NeuronParameter], resets: [NeuronReset], resetGradient: ResetGradient, traces: [String] = [],
    hasScaledInput: Bool = false, hasOptionalSynapse: Bool = false
  ) {
    self.parameters = parameters
    self.resets = resets
    self.resetGradient = resetGradient
    self.traces = traces
    self.hasScaledInput = hasScaledInput
    self.hasOptionalSynapse = hasOptionalSynapse
  }
}
