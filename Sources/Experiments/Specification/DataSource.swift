import Networks
import SpikeData
import Training

/// Where the spikes of an experiment come from.
public enum DataSource: Hashable, Sendable {
  /// HDF5 files in SHD layout; absolute paths.
  case files(train: String, test: String)
  case synthetic(SyntheticSpeech)
}
