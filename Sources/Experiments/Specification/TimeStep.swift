import Networks
import SpikeData
import Training

/// The duration of a simulation step.
public enum TimeStep: Hashable, Sendable {
  /// Seconds.
  case fixed(Double)
  /// The width of a time bin.
  case bin
}
