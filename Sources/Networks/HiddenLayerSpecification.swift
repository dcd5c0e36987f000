/// A layer of spiking units.
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
