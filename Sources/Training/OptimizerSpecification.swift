import Networks

/// An optimizer and its constants.
public struct OptimizerSpecification: Hashable, Sendable {
  public enum Method: Hashable, Sendable {
    /// Gradient descent with heavy-ball momentum (0: none), as in `torch.optim.SGD`.
    case sgd(momentum: Double)
    /// Kingma and Ba 2014, algorithm 1.
    case adam(beta1: Double, beta2: Double, epsilon: Double)
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as in `torch.optim.AdamW`: each step also
    /// multiplies the parameters of the group `weights` by `1 - rate weightDecay`.
    case adamw(beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double)
    /// Kingma and Ba 2014, algorithm 2, as in `torch.optim.Adamax`.
    case adamax(beta1: Double, beta2: Double, epsilon: Double)
  }
  public var method: Method
  public var learningRate: Double
  /// The learning rates of groups that have one of their own.
  public var groupRates: [ParameterGroup: Double]

  public init(method: Method, learningRate: Double, groupRates: [ParameterGroup: Double] = [:]) {
    self.method = method
    self.learningRate = learningRate
    self.groupRates = groupRates
  }

  public func rate(of group: ParameterGroup) -> Double { groupRates[group] ?? learningRate }

  /// The momentum of sgd, beta1 of the others.
  public var momentum: Double {
    switch method {
    case .sgd(let momentum): momentum
    case .adam(let beta1, _, _), .adamw(let beta1, _, _, _), .adamax(let beta1, _, _): beta1
    }
  }
}
