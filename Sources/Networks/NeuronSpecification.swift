import KernelTable

/// The neurons of a layer: their model and its parameters, in physical units.
public struct NeuronSpecification: Hashable, Sendable {
  public var model: NeuronModel
  public var threshold: Double
  public var reset: NeuronReset
  public var resetGradient: ResetGradient
  /// Whether the membrane takes one minus its decay times its current. Only for models that have the choice.
  public var scaledInput: Bool
  /// Whether a synapse filters the current. Only for models that have the choice; without it, `tau_syn` has no effect.
  public var hasSynapse: Bool
  /// One for each of the model's parameters, in its order.
  public var parameters: [ParameterSpecification]

  /// A model with all its defaults.
  public init(_ model: NeuronModel) {
    let description = model.description
    self.model = model
    threshold = 1
    reset = description.resets[0]
    resetGradient = description.resetGradient
    scaledInput = false
    hasSynapse = true
    parameters = description.parameters.map { ParameterSpecification($0.standard) }
  }

  /// LIF as in SpyTorch's tutorials. Time constants in seconds.
  public static func lif(tauMem: Double, tauSyn: Double) -> Self {
    var result = Self(.lif)
    result["tau_mem"] = ParameterSpecification(tauMem)
    result["tau_syn"] = ParameterSpecification(tauSyn)
    return result
  }

  /// The parameter of that name; nil if the model does not have it, or it has no effect.
  public subscript(_ name: String) -> ParameterSpecification? {
    get {
      guard let index = index(name) else { return nil }
      return parameters[index]
    }
    set {
      if let index = index(name), let newValue { parameters[index] = newValue }
    }
  }

  /// The parameters that have an effect, with their values.
  public var used: [(parameter: NeuronParameter, value: ParameterSpecification)] {
    zip(model.description.parameters, parameters).filter { has($0.0.name) }.map { (parameter: $0, value: $1) }
  }

  private func index(_ name: String) -> Int? {
    has(name) ? model.description.parameters.firstIndex { $0.name == name } : nil
  }

  private func has(_ name: String) -> Bool { hasSynapse || name != "tau_syn" }

  /// As the kernels take it.
  public var settings: NeuronSettings {
    NeuronSettings(
      model: model, threshold: Float(threshold), reset: reset, resetGradient: resetGradient, scaledInput: scaledInput,
      hasSynapse: hasSynapse, trainsParameters: used.contains { $0.value.isTrained })
  }
}
