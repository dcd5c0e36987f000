/// The figures that can be drawn of a results folder. The raw value is the file name of its script and picture.
public enum PlotKind: String, CaseIterable, Sendable {
  /// Loss per epoch, of all runs.
  case loss
  /// Accuracy per epoch, of all runs.
  case accuracy
  /// Input and hidden spikes of four test samples, of one run.
  case raster
  /// Membrane of every readout unit over time, a panel for each recorded sample, of one run.
  case readout
  /// Membrane of hidden units with their spikes, a panel for each recorded sample, of one run.
  case membrane
  /// Histogram of the hidden units' firing rates, of one run.
  case rates
  /// Which word was taken for which, of one run.
  case confusion

  /// Whether the figure shows one run (and draws from `plots/data`) or all of them (from `history.csv`).
  public var showsOneRun: Bool { self != .loss && self != .accuracy }
}

/// The picture formats that scripts can write; the raw value is the scripts' variable `term` and the file extension.
public enum PlotTerminal: String, CaseIterable, Sendable {
  case svg, png, pdf
}
