/// The 1cycle policy of Smith and Topin 2017, as in `torch.optim.lr_scheduler.OneCycleLR`: over all batches of the
/// training, the rate rises from `r / startDivisor` to r and falls to `r / startDivisor / finalDivisor`, while the
/// momentum falls and rises.
public struct OneCycle: Hashable, Sendable {
  /// The shape of both parts.
  public enum Annealing: String, CaseIterable, Sendable {
    case cosine, linear
  }

  /// The part of all batches in which the rate rises.
  public var warmupFraction: Double
  public var startDivisor: Double
  public var finalDivisor: Double
  public var annealing: Annealing
  /// The momentum (sgd) or beta1 (the others) at the peak of the rate, and at both ends; nil: that of the optimizer.
  public var momentum: ClosedRange<Double>?

  public init(
    warmupFraction: Double = 0.3, startDivisor: Double = 25, finalDivisor: Double = 1e4,
    annealing: Annealing = .cosine, momentum: ClosedRange<Double>? = 0.85...0.95
  ) {
    self.warmupFraction = warmupFraction
    self.startDivisor = startDivisor
    self.finalDivisor = finalDivisor
    self.annealing = annealing
    self.momentum = momentum
  }
}
