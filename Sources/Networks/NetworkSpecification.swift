import KernelTable

/// The architecture of a network in physical units. Decays are derived from it in one place, `Decay`.
public struct NetworkSpecification: Hashable, Sendable {
  public var inputs: Int
  public var timeBins: Int
  public var classes: Int
  /// Duration of a simulation step in seconds.
  public var timeStep: Double
  /// From the input to the readout; at least one.
  public var hidden: [HiddenLayerSpecification]
  public var readout: ReadoutSpecification

  public init(
    inputs: Int, timeBins: Int, classes: Int, timeStep: Double, hidden: [HiddenLayerSpecification],
    readout: ReadoutSpecification
  ) {
    self.inputs = inputs
    self.timeBins = timeBins
    self.classes = classes
    self.timeStep = timeStep
    self.hidden = hidden
    self.readout = readout
  }

  /// Number of inputs of hidden layer `index`.
  public func inputs(ofLayer index: Int) -> Int { index == 0 ? inputs : hidden[index - 1].units }

  /// Number of trainable weights.
  public var parameterCount: Int {
    var count = hidden[hidden.count - 1].units * classes
    for (index, layer) in hidden.enumerated() {
      count += inputs(ofLayer: index) * layer.units + (layer.recurrent ? layer.units * layer.units : 0)
    }
    return count
  }

  /// Samples that a thread takes through the network together, a multiple of `lockstepSamples`. The forward pass brings
  /// each panel of a recurrent matrix near once a step for all of them: a small matrix stays in the second-level
  /// cache anyway, and their records with it; one that does not is better read for many. No result depends on it.
  public var groupSamples: Int {
    let isLarge = hidden.contains { $0.recurrent && $0.units * $0.units * MemoryLayout<Float>.stride > 512 << 10 }
    return isLarge ? 4 * lockstepSamples : lockstepSamples
  }
}

/// One layer of spiking units.
public struct HiddenLayerSpecification: Hashable, Sendable {
  public var units: Int
  public var recurrent: Bool
  public var neuron: NeuronModel
  /// Membrane time constant in seconds.
  public var tauMem: Double
  /// Synaptic time constant in seconds.
  public var tauSyn: Double
  public var surrogate: Surrogate

  public init(
    units: Int, recurrent: Bool, neuron: NeuronModel, tauMem: Double, tauSyn: Double, surrogate: Surrogate
  ) {
    self.units = units
    self.recurrent = recurrent
    self.neuron = neuron
    self.tauMem = tauMem
    self.tauSyn = tauSyn
    self.surrogate = surrogate
  }
}

/// The neuron models there are.
public enum NeuronModel: String, CaseIterable, Sendable {
  /// Leaky integrate-and-fire with an exponential synapse; see `LIF.swift`.
  case lif
}

/// The derivative that stands in for that of the threshold in the backward pass.
public struct Surrogate: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// `1 / (scale |mem - 1| + 1)^2` (Zenke and Ganguli 2018, SuperSpike).
    case fastSigmoid = "fast_sigmoid"
  }
  public var kind: Kind
  public var scale: Double

  public init(kind: Kind, scale: Double) {
    self.kind = kind
    self.scale = scale
  }
}

/// The non-spiking output layer.
public struct ReadoutSpecification: Hashable, Sendable {
  /// How the membrane trace of a class becomes its logit.
  public enum Reduction: String, CaseIterable, Sendable {
    /// The maximum over time, the zero state included; the first one on a tie.
    case max
  }
  public var reduce: Reduction
  /// Membrane time constant in seconds.
  public var tauMem: Double
  /// Synaptic time constant in seconds.
  public var tauSyn: Double

  public init(reduce: Reduction, tauMem: Double, tauSyn: Double) {
    self.reduce = reduce
    self.tauMem = tauMem
    self.tauSyn = tauSyn
  }
}

/// Where the initial weights come from.
public enum Initialization: Hashable, Sendable {
  /// Normal with mean 0 and standard deviation `gain / sqrt(fan_in)`, drawn from the run's seed.
  case normal(gain: Double)
  /// An HDF5 file in the layout of `weights.h5`.
  case file(path: String)
}
