/// The available neuron models.
public enum NeuronModel: String, CaseIterable, Sendable {
  /// Leaky integrate-and-fire with an exponential synapse; see `LIF.swift`.
  case lif
}
