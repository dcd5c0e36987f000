/// How the learning rates change while training, as PyTorch's schedulers do. Epochs count from 0 here, and r is the rate
/// of the optimizer's specification, separately for each parameter group.
public struct LearningRateSchedule: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// r
    case constant
    /// `r factor^floor(epoch / every)` (`torch.optim.lr_scheduler.StepLR`).
    case step(every: Int, factor: Double)
    /// `r factor^epoch` (`ExponentialLR`).
    case exponential(factor: Double)
    /// `minimum + (r - minimum) (1 + cos(pi epoch / epochs)) / 2` (`CosineAnnealingLR`), and `minimum` from then on,
    /// where PyTorch's rises again. Without `epochs`, they are all epochs after the warm-up.
    case cosine(minimum: Double, epochs: Int?)
    /// From batch to batch (`OneCycleLR`).
    case oneCycle(OneCycle)
    /// Lower whenever a metric no longer improves (`ReduceLROnPlateau`).
    case plateau(Plateau)
  }

  public var kind: Kind
  /// The rate is `r (epoch + 1) / (warmupEpochs + 1)` in that many epochs, before the schedule itself starts as in its
  /// epoch 0 (`SequentialLR` of `LinearLR` and the other one).
  public var warmupEpochs: Int

  public static let constant = Self(.constant)

  public init(_ kind: Kind, warmupEpochs: Int = 0) {
    self.kind = kind
    self.warmupEpochs = warmupEpochs
  }

  /// Whether the rates of some epoch depend on the number of epochs of the whole training.
  public var dependsOnLength: Bool {
    switch kind {
    case .cosine(_, let epochs): epochs == nil
    case .oneCycle: true
    case .constant, .step, .exponential, .plateau: false
    }
  }
}
