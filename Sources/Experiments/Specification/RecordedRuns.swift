import Networks
import SpikeData
import Training

/// Which runs have membranes and spikes recorded.
public enum RecordedRuns: String, CaseIterable, Sendable {
  case all
  /// For each sweep point, the run with the first seed.
  case firstSeed = "first_seed"
  case none
}
