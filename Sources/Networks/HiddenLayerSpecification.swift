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
  /// How late the spikes that the layer receives arrive, by channel or unit of the layer below; nil: at once.
  public var inputDelays: DelaySpecification?
  /// How late recurrent spikes arrive, by unit, beside the one step that all take; nil: no later. Only where the layer
  /// is recurrent.
  public var recurrentDelays: DelaySpecification?
  /// Whether spikes are late by the nearest whole number of steps when a network is evaluated.
  public var roundsDelays = false

  public init(
    units: Int, recurrent: Bool, bias: Bool = false, neuron: NeuronSpecification, surrogate: Surrogate,
    dropout: Double = 0, inputDelays: DelaySpecification? = nil, recurrentDelays: DelaySpecification? = nil
  ) {
    self.units = units
    self.recurrent = recurrent
    self.bias = bias
    self.neuron = neuron
    self.surrogate = surrogate
    self.dropout = dropout
    self.inputDelays = inputDelays
    self.recurrentDelays = recurrentDelays
  }

  /// By which spikes that are not dropped are multiplied.
  var dropoutScale: Float { Float(1 / (1 - dropout)) }
}
