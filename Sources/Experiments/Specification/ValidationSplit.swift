import Networks
import SpikeData
import Training

/// Which training samples are held out for model selection.
public enum ValidationSplit: Hashable, Sendable {
  case none
  /// All samples of these speakers.
  case speakers([Int])
  /// This fraction of each class, drawn with the run's seed.
  case fraction(Double)
}
