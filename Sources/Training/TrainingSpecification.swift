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
  /// Which epoch's weights are the result.
  public var selectOn: SelectionCriterion
  /// Epochs without improvement of `selectOn` after which training ends; nil: never.
  public var patience: Int?

  public init(
    epochs: Int, batchSize: Int, shuffle: Bool, dropLast: Bool, evaluateEvery: Int,
    optimizer: OptimizerSpecification, regularizer: RegularizerSpecification,
    selectOn: SelectionCriterion = .last, patience: Int? = nil
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.dropLast = dropLast
    self.evaluateEvery = evaluateEvery
    self.optimizer = optimizer
    self.regularizer = regularizer
    self.selectOn = selectOn
    self.patience = patience
  }
}

/// By what the epoch is chosen whose weights a run ends with.
public enum SelectionCriterion: String, CaseIterable, Sendable {
  case last
  case validationAccuracy = "validation_accuracy"
  case validationLoss = "validation_loss"
  /// Reports the best of many looks at the test samples, which is no estimate of the accuracy on new ones.
  case testAccuracy = "test_accuracy"

  /// The words that tables and figures use.
  public var label: String {
    switch self {
    case .last: "last epoch"
    case .validationAccuracy: "best validation accuracy"
    case .validationLoss: "lowest validation loss"
    case .testAccuracy: "best on test"
    }
  }

  public var needsValidation: Bool { self == .validationAccuracy || self == .validationLoss }
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
