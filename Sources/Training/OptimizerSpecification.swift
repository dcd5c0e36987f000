/// An optimizer and its constants.
public struct OptimizerSpecification: Hashable, Sendable {
  public enum Method: Hashable, Sendable {
    /// Gradient descent with heavy-ball momentum (0: none), as in `torch.optim.SGD`.
    case sgd(momentum: Double)
    /// Kingma and Ba 2014, algorithm 1.
    case adam(beta1: Double, beta2: Double, epsilon: Double)
    /// Kingma and Ba 2014, algorithm 2, as in `torch.optim.Adamax`.
    case adamax(beta1: Double, beta2: Double, epsilon: Double)
  }
  public var method: Method
  public var learningRate: Double

  public init(method: Method, learningRate: Double) {
    self.method = method
    self.learningRate = learningRate
  }
}
