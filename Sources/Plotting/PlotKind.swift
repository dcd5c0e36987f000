/// The figures that can be drawn of a results folder. The raw value is the file name of its script and picture.
public enum PlotKind: String, CaseIterable, Sendable {
  /// Loss per epoch, of all runs.
  case loss
  /// Accuracy per epoch, of all runs.
  case accuracy
  /// Mean firing rate of the hidden units per epoch of training, of all runs.
  case firingRate = "firing_rate"
  /// Share of hidden units without any spike, per epoch of training, of all runs.
  case silentFraction = "silent_fraction"
  /// A metric against the values of one swept key.
  case sweep
  /// A metric over two swept keys; a page of such maps for three or more.
  case heatmap
  /// Input and hidden spikes of four test samples, of one run.
  case raster
  /// Membrane of every readout unit over time, a panel for each recorded sample, of one run.
  case readout
  /// Membrane of hidden units with their spikes, a panel for each recorded sample, of one run.
  case membrane
  /// Histogram of the hidden units' firing rates, of one run.
  case rates
  /// Histograms of neuron parameters and biases before and after training, of one run.
  case parameters
  /// Which word was taken for which, of one run.
  case confusion

  /// Whether the figure shows one run (and draws from `plots/data`) or all of them.
  public var showsOneRun: Bool {
    switch self {
    case .loss, .accuracy, .firingRate, .silentFraction, .sweep, .heatmap: false
    case .raster, .readout, .membrane, .rates, .parameters, .confusion: true
    }
  }
}
