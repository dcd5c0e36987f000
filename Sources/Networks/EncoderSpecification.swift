import Engine
import KernelTable

/// Units that turn analog values into spikes for the first hidden layer; see `SpikeEncoder` in Sources/Kernels/Neurons.
/// Unit i reads channel i mod channels.
public struct EncoderSpecification: Hashable, Sendable {
  /// Units per channel.
  public var fanOut: Int
  /// In seconds.
  public var tauMem: Double
  public var surrogate: Surrogate
  /// Initial values of the units' gains.
  public var gain: ParameterDistribution
  /// Initial values of what the units add to the values they read.
  public var bias: ParameterDistribution
  /// Whether gains and biases are trained.
  public var isTrained: Bool

  public init(
    fanOut: Int, tauMem: Double, surrogate: Surrogate, gain: ParameterDistribution, bias: ParameterDistribution,
    isTrained: Bool
  ) {
    self.fanOut = fanOut
    self.tauMem = tauMem
    self.surrogate = surrogate
    self.gain = gain
    self.bias = bias
    self.isTrained = isTrained
  }

  /// As tutorial 5 has it: 32 units per channel, tau_mem 20 ms, gains and biases normal(0, 1).
  public static let standard = EncoderSpecification(
    fanOut: 32, tauMem: 0.02, surrogate: Surrogate(kind: .fastSigmoid, scale: 20),
    gain: .normal(mean: 0, deviation: 1), bias: .normal(mean: 0, deviation: 1), isTrained: true)

  /// What its kernels take: LIF units without a synapse and with a scaled input, but for the reset one step late.
  static let settings = NeuronSettings(
    model: .lif, threshold: 1, reset: .zero, resetGradient: .detached, scaledInput: true, hasSynapse: false,
    trainsParameters: false)

  /// The coefficients of all units, `[planes.coefficients, padded units]`.
  func coefficients(units: Int, timeStep: Double, kernels: any KernelTable) -> AlignedBuffer<Float> {
    let stride = padded(units)
    let result = AlignedBuffer<Float>(count: kernels.encoderPlanes(Self.settings).coefficients * stride)
    withUnsafePointer(to: Elementary.exp(-timeStep / tauMem)) { beta in
      for unit in 0..<units {
        kernels.setEncoderCoefficients(
          Self.settings, parameters: beta, out: result.pointer + unit, stride: stride)
      }
    }
    return result
  }
}
