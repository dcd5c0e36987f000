/// Lowers the rates when a metric no longer improves, as `torch.optim.lr_scheduler.ReduceLROnPlateau` does.
public struct Plateau: Hashable, Sendable {
  /// What must improve: a column of the history. Never one of the test samples, whose results would then no longer be
  /// those of new ones.
  public enum Metric: String, CaseIterable, Sendable {
    case trainLoss = "train_loss"
    case trainAccuracy = "train_accuracy"
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"

    public var needsValidation: Bool { self == .validationLoss || self == .validationAccuracy }

    /// Whether smaller is better.
    public var isMinimised: Bool { self == .trainLoss || self == .validationLoss }

    /// Whether it is known after every epoch, rather than only after those that are evaluated.
    public var isKnownEveryEpoch: Bool { self == .trainLoss }
  }

  /// Whether an improvement is measured relative to the best value.
  public enum ThresholdMode: String, CaseIterable, Sendable {
    case relative, absolute
  }

  public var metric: Metric
  /// By which the rates are multiplied, in 0..<1.
  public var factor: Double
  /// Values in a row without improvement that change nothing yet.
  public var patience: Int
  /// The smallest change that is an improvement.
  public var threshold: Double
  public var thresholdMode: ThresholdMode
  /// Values after a reduction that are not counted.
  public var cooldown: Int
  /// No rate is made smaller than this.
  public var minimum: Double

  public init(
    metric: Metric, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
    thresholdMode: ThresholdMode = .relative, cooldown: Int = 0, minimum: Double = 0
  ) {
    self.metric = metric
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.thresholdMode = thresholdMode
    self.cooldown = cooldown
    self.minimum = minimum
  }
}
