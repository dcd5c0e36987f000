import Networks
import Training

/// What `recordings.h5` shows of a network with one set of weights: the initial or the trained ones.
struct NetworkSnapshot {
  /// Of the first test samples.
  let samples: [SampleRecording]
  /// What the encoder has, neuron parameters, delays and biases of hidden layers that are trained or drawn, as `Network.stored` gives them; in the
  /// order of the layout.
  let parameters: [(tensor: WeightTensor, values: [Float])]

  init(of network: Network, samples: [SampleRecording]) {
    self.samples = samples
    parameters = network.weights.layout.tensors.compactMap { tensor in
      switch tensor.role {
      case .encoderGain, .encoderBias, .bias, .parameter, .inputDelay, .recurrentDelay: (tensor, network.stored(tensor))
      case .input, .recurrent, .readout, .readoutBias: nil
      }
    }
  }
}
