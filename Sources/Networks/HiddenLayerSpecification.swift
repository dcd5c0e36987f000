/// A layer of spiking units.
public struct HiddenLayerSpecification: Hashable, Sendable {
  public var units: Int
  public var recurrent: Bool
  /// Whether each unit has a trained constant current.
  public var bias: Bool
  public var neuron: NeuronSpecification
  public var surrogate: Surrogate
  /// The probability with which a spike does not reach the layer above, while training; 0: no dropout.
  public var dropout: Double

  public init(
    units: Int, recurrent: Bool, bias: Bool = false, neuron: NeuronSpecification, surrogate: Surrogate,
    dropout: Double = 0
  ) {
    self.units = units
    self.recurrent = recurrent
    self.bias = bias
    self.neuron = neuron
    self.surrogate = surrogate
    self.dropout = dropout
  }

  /// By which spikes that are not dropped are multiplied.
  var dropoutScale: Float { Float(1 / (1 - dropout)) }
}
