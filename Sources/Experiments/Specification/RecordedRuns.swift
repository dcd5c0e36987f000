import Networks
import SpikeData
import Training

/// Of which runs voltages and spikes are kept.
public enum RecordedRuns: String, CaseIterable, Sendable {
  case all
  /// Of each sweep point the run with the first of the seeds.
  case firstSeed = "first_seed"
  case none
}
