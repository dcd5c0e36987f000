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
