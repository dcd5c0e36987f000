/// What is trained, as parts that may have learning rates of their own.
public enum ParameterGroup: String, CaseIterable, Sendable {
  /// Synaptic weights and biases.
  case weights
  /// Parameters of neurons, each as it is represented for training (`ParameterSpecification.Representation`).
  case neuron
  /// Delays, in time steps.
  case delays

  /// Whether networks with these hidden layers train something in it.
  public func isTrained(in hidden: [HiddenLayerSpecification]) -> Bool {
    switch self {
    case .weights: true
    case .neuron: hidden.contains { $0.neuron.used.contains { $0.value.isTrained } }
    case .delays:
      hidden.contains { $0.inputDelays?.isTrained == true || $0.recurrentDelays?.isTrained == true }
    }
  }
}
