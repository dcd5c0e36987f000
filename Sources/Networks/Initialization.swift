/// Where the initial weights come from.
public enum Initialization: Hashable, Sendable {
  /// Normal with mean 0 and standard deviation `gain / sqrt(fan_in)`, drawn from the run's seed.
  case normal(gain: Double)
  /// An HDF5 file in the layout of `weights.h5`.
  case file(path: String)
}
