import SpikeData

/// How a network is trained.
public struct TrainingSpecification: Hashable, Sendable {
  /// 0: only evaluate and record the initial network.
  public var epochs: Int
  public var batchSize: Int
  public var shuffle: Bool
  /// Whether to skip the incomplete last batch of an epoch, as the notebook does.
  public var dropLast: Bool
  /// Epochs between evaluations (accuracies and test loss); the last epoch is always evaluated.
  public var evaluateEvery: Int
  public var optimizer: OptimizerSpecification
  public var schedule = LearningRateSchedule.constant
  public var regularizer: RegularizerSpecification
  /// How training samples are changed at random.
  public var augmentation = Augmentation()
  /// The part of each label that is spread evenly over all classes in the training loss, in 0..<1.
  public var labelSmoothing = 0.0
  /// The gradient of all tensors together is scaled down to this L2 norm if it is larger; nil: never.
  public var clipNorm: Double?
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

  /// Whether `evaluateEvery` has an epoch, counted from 1, evaluated: also if it is not the last.
  public func evaluates(afterEpoch epoch: Int) -> Bool { Self.evaluates(afterEpoch: epoch, every: evaluateEvery) }

  /// The same for any number of epochs between evaluations.
  public static func evaluates(afterEpoch epoch: Int, every interval: Int) -> Bool { epoch % max(1, interval) == 0 }
}
