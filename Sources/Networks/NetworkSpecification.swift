import KernelTable

/// The architecture of a network, in physical units. Decay factors are derived from it in one place, `Decay.swift`.
public struct NetworkSpecification: Hashable, Sendable {
  /// Channels of the input.
  public var inputs: Int
  /// Time bins per sample; the network makes one step per bin.
  public var timeBins: Int
  public var classes: Int
  /// Duration of one step of the network in seconds; it need not equal the width of a time bin.
  public var timeStep: Double
  /// Turns analog input into spikes; nil: the input are spikes.
  public var encoder: EncoderSpecification?
  /// The hidden layers, from input to readout; at least one.
  public var hidden: [HiddenLayerSpecification]
  public var readout: ReadoutSpecification

  public init(
    inputs: Int, timeBins: Int, classes: Int, timeStep: Double, encoder: EncoderSpecification? = nil,
    hidden: [HiddenLayerSpecification], readout: ReadoutSpecification
  ) {
    self.inputs = inputs
    self.timeBins = timeBins
    self.classes = classes
    self.timeStep = timeStep
    self.encoder = encoder
    self.hidden = hidden
    self.readout = readout
  }

  /// Number of inputs of hidden layer `index`.
  public func inputs(ofLayer index: Int) -> Int {
    index == 0 ? encoderUnits ?? inputs : hidden[index - 1].units
  }

  /// Units of the encoder; nil without one.
  public var encoderUnits: Int? { encoder.map { inputs * $0.fanOut } }

  /// Whether hidden layer `index` reads the spikes of the data, rather than those of other units.
  func readsData(_ index: Int) -> Bool { index == 0 && encoder == nil }

  /// The delays that a tensor holds; nil for other tensors.
  public func delays(of tensor: WeightTensor) -> DelaySpecification? {
    switch tensor.role {
    case .inputDelay(let layer): hidden[layer].inputDelays
    case .recurrentDelay(let layer): hidden[layer].recurrentDelays
    case .encoderGain, .encoderBias, .input, .recurrent, .bias, .parameter, .readout, .readoutBias: nil
    }
  }

  /// How many numbers are trained: weights, biases and neuron parameters.
  public var parameterCount: Int { WeightLayout(self).trainedNumbers }

  /// Samples per group: those that a thread takes through the forward pass together (see `Shares`); a multiple of
  /// `lockstepSamples`. In each step, the forward pass loads each panel of a recurrent matrix once for the whole group.
  /// A small matrix stays in the L2 cache anyway, and a small group leaves room for its records there; a larger matrix
  /// is better read for many samples at once. No result depends on it.
  public var groupSamples: Int {
    let isLarge = hidden.contains { $0.recurrent && $0.units * $0.units * MemoryLayout<Float>.stride > 512 << 10 }
    return isLarge ? 4 * lockstepSamples : lockstepSamples
  }
}
