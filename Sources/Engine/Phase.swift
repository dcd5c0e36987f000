/// A part of a training step.
public enum Phase: String, CaseIterable, Sendable {
  /// Input currents of the first hidden layer: rows of W1 listed by step.
  case input
  /// Hidden layers: recurrent and feed-forward currents, neuron step, spike lists.
  case hidden
  /// Readout currents, logits, loss and its gradient.
  case readout
  /// Sorting of spikes by unit, for the gradients.
  case sort
  /// Backpropagation through time: the dense product with V1 transposed, surrogate and neuron adjoint.
  case backward
  /// Gradient of W1: rows of deltas listed by channel.
  case inputGradient = "input_gradient"
  /// Gradients of V1, of the input weights of further layers, and of W2: rows of deltas listed by unit.
  case spikeGradient = "spike_gradient"
  /// Weight update and transposed copies.
  case optimizer
}
