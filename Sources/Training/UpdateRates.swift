import Networks

/// The constants of one weight update that a schedule may change.
public struct UpdateRates: Hashable, Sendable {
  /// The learning rate of each group.
  public var weights: Double
  public var neuron: Double
  public var delays: Double
  /// The momentum of sgd, beta1 of the others.
  public var momentum: Double

  /// As the specification gives them.
  public init(_ optimizer: OptimizerSpecification) {
    weights = optimizer.rate(of: .weights)
    neuron = optimizer.rate(of: .neuron)
    delays = optimizer.rate(of: .delays)
    momentum = optimizer.momentum
  }

  /// The learning rate of a group.
  public subscript(group: ParameterGroup) -> Double {
    switch group {
    case .weights: weights
    case .neuron: neuron
    case .delays: delays
    }
  }

  /// With other learning rates, each computed from the present one.
  func mapped(_ change: (Double) -> Double) -> Self {
    var result = self
    (result.weights, result.neuron, result.delays) = (change(weights), change(neuron), change(delays))
    return result
  }
}
