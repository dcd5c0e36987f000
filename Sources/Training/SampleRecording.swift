import Networks

/// Membranes and spikes of one sample.
public struct SampleRecording: Sendable {
  /// Membranes: `[timeBins, units]` per hidden layer, row-major.
  public var membrane: [[Float]]
  /// Spikes, 0 or 1: `[timeBins, units]` per hidden layer, row-major.
  public var spikes: [[UInt8]]
  /// Readout membranes: `[timeBins + 1, classes]`, row-major, starting with the zero state.
  public var readout: [Float]

  /// Whether no membrane value is NaN or infinite.
  public var isFinite: Bool { readout.allSatisfy(\.isFinite) && membrane.allSatisfy { $0.allSatisfy(\.isFinite) } }

  /// Bytes per recorded sample.
  public static func bytes(_ network: NetworkSpecification) -> Int {
    let units = network.hidden.reduce(0) { $0 + $1.units }
    return network.timeBins * units * 5 + (network.timeBins + 1) * network.classes * 4
  }
}
