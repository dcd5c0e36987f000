import Networks
import SpikeData
import Training

/// Which training samples are held out to choose models.
public enum ValidationSplit: Hashable, Sendable {
  case none
  /// All samples of these speakers.
  case speakers([Int])
  /// This share of each class, drawn from the run's seed.
  case fraction(Double)
}
