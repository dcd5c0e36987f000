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
