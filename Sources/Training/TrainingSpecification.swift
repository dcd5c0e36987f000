/// How a network is trained.
public struct TrainingSpecification: Hashable, Sendable {
  /// 0 evaluates and records the initial network.
  public var epochs: Int
  public var batchSize: Int
  public var shuffle: Bool
  /// Leave out the incomplete last batch of an epoch, as the notebook does.
  public var dropLast: Bool
  /// Accuracies and test loss are computed every so many epochs, and at the last.
  public var evaluateEvery: Int
  public var optimizer: OptimizerSpecification
  public var regularizer: RegularizerSpecification

  public init(
    epochs: Int, batchSize: Int, shuffle: Bool, dropLast: Bool, evaluateEvery: Int,
    optimizer: OptimizerSpecification, regularizer: RegularizerSpecification
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.dropLast = dropLast
    self.evaluateEvery = evaluateEvery
    self.optimizer = optimizer
    self.regularizer = regularizer
  }
}

/// An optimizer with its constants.
public struct OptimizerSpecification: Hashable, Sendable {
  public enum Method: Hashable, Sendable {
    /// Gradient descent with heavy-ball momentum (0: none), as `torch.optim.SGD`.
    case sgd(momentum: Double)
    /// Kingma and Ba 2014, algorithm 1.
    case adam(beta1: Double, beta2: Double, epsilon: Double)
    /// Kingma and Ba 2014, algorithm 2, as `torch.optim.Adamax`.
    case adamax(beta1: Double, beta2: Double, epsilon: Double)
  }
  public var method: Method
  public var learningRate: Double

  public init(method: Method, learningRate: Double) {
    self.method = method
    self.learningRate = learningRate
  }
}

/// `totalSpikes * sum_btj s  +  neuronSpikesSquared * mean_j (sum_bt s)^2`, for each hidden layer
/// (SpyTorch tutorials 3 and 4). Both zero: none.
public struct RegularizerSpecification: Hashable, Sendable {
  public var totalSpikes: Double
  public var neuronSpikesSquared: Double

  public init(totalSpikes: Double = 0, neuronSpikesSquared: Double = 0) {
    self.totalSpikes = totalSpikes
    self.neuronSpikesSquared = neuronSpikesSquared
  }

  public var isNone: Bool { totalSpikes == 0 && neuronSpikesSquared == 0 }
}
