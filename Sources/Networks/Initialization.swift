/// Where the initial weights come from.
public enum Initialization: Hashable, Sendable {
  /// Drawn from the run's seed.
  case drawn(input: WeightInitializer, recurrent: WeightInitializer, readout: WeightInitializer)
  /// An HDF5 file in the layout of `weights.h5`.
  case file(path: String)

  /// Whether it depends on the rate of the input spikes.
  public var needsInputRate: Bool {
    switch self {
    case .drawn(let input, let recurrent, let readout):
      [input, recurrent, readout].contains { $0.kind == .fluctuationDriven }
    case .file: false
    }
  }

  /// All weights normal with mean 0 and standard deviation `gain / sqrt(fan_in)`.
  public static func normal(gain: Double) -> Self {
    let initializer = WeightInitializer(kind: .normal, gain: gain)
    return .drawn(input: initializer, recurrent: initializer, readout: initializer)
  }
}
