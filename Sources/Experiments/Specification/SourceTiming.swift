/// What the times of a source are.
enum SourceTiming: Sendable {
  /// Seconds, which a `Binning` turns into time bins.
  case recorded
  /// The source makes spikes in steps of the network: a time bin is a step, and only the number of them counts.
  case steps
  /// The source has analog values instead of spikes; their steps follow from the file.
  case values
}
