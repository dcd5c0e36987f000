import Networks

/// Membranes and spikes of one sample.
public struct SampleRecording: Sendable {
  /// Membranes: `[timeBins, units]` per hidden layer, row-major.
  public var membrane: [[Float]]
  /// Spikes, 0 or 1: `[timeBins, units]` per hidden layer, row-major.
  public var spikes: [[UInt8]]
  /// Per hidden layer, by name (`NeuronDescription.traces`): state after each step, `[timeBins, units]`, row-major.
  public var traces: [[String: [Float]]] = []
  /// The encoder's spikes, bins ascending; empty without an encoder.
  public var encoderSpikes: [(bin: Int, unit: Int)] = []
  /// Readout membranes: `[timeBins + 1, classes]`, row-major, starting with the zero state.
  public var readout: [Float]

  /// Whether no value is NaN or infinite.
  public var isFinite: Bool {
    let values = membrane + [readout] + traces.flatMap(\.values)
    return values.allSatisfy { $0.allSatisfy(\.isFinite) }
  }

  /// Bytes per recorded sample.
  public static func bytes(_ network: NetworkSpecification) -> Int {
    let numbers = network.hidden.reduce(0) { $0 + $1.units * (5 + 4 * $1.neuron.model.description.traces.count) }
    return network.timeBins * numbers + (network.timeBins + 1) * network.classes * 4
  }
}
