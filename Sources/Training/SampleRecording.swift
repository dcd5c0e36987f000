import Engine
import KernelTable
import Networks
import SpikeData

/// Voltages and spikes of one sample.
public struct SampleRecording: Sendable {
  /// Of each hidden layer `[timeBins, units]`, row-major.
  public var membrane: [[Float]]
  /// Of each hidden layer `[timeBins, units]`, 0 or 1.
  public var spikes: [[UInt8]]
  /// `[timeBins + 1, classes]`, row-major, beginning with the zero state.
  public var readout: [Float]

  /// Whether no voltage is NaN or infinite.
  public var isFinite: Bool { readout.allSatisfy(\.isFinite) && membrane.allSatisfy { $0.allSatisfy(\.isFinite) } }

  /// Bytes of the recording of one sample.
  public static func bytes(_ network: NetworkSpecification) -> Int {
    let units = network.hidden.reduce(0) { $0 + $1.units }
    return network.timeBins * units * 5 + (network.timeBins + 1) * network.classes * 4
  }
}
