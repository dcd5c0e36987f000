import Engine

/// One tensor of a network: a weight matrix, a bias, or the values of a neuron parameter.
public struct WeightTensor: Hashable, Sendable {
  /// What it is; layers are counted from the input.
  public enum Role: Hashable, Sendable {
    /// `encoder/gain` `[channels * fan_out]`.
    case encoderGain
    /// `encoder/bias` `[channels * fan_out]`.
    case encoderBias
    /// `hidden/0/input` `[inputs, units]`.
    case input(layer: Int)
    /// `hidden/0/recurrent` `[units, units]` (from, to).
    case recurrent(layer: Int)
    /// `hidden/0/bias` `[units]`.
    case bias(layer: Int)
    /// `hidden/0/tau_mem` and others, `[units]` or `[1]`: the neuron's parameter at `index`, as it is represented for
    /// training (`ParameterSpecification.Representation`). Files hold it in physical units.
    case parameter(layer: Int, index: Int)
    /// `hidden/0/input_delay` `[inputs]`, in time steps; files hold it in seconds.
    case inputDelay(layer: Int)
    /// `hidden/0/recurrent_delay` `[units]`, likewise.
    case recurrentDelay(layer: Int)
    /// `readout/input` `[units, classes]`.
    case readout
    /// `readout/bias` `[classes]`.
    case readoutBias
  }

  public let role: Role
  /// Its path in `weights.h5`.
  public let path: String
  /// Vectors are one row.
  public let panels: Panels
  /// Offset of its first float in the buffer that all tensors share.
  public let offset: Int
  public let isTrained: Bool

  /// Whose learning rate it is trained with.
  public var group: ParameterGroup {
    switch role {
    case .encoderGain, .encoderBias, .input, .recurrent, .bias, .readout, .readoutBias: .weights
    case .parameter: .neuron
    case .inputDelay, .recurrentDelay: .delays
    }
  }

  /// Its shape in files.
  public var shape: [Int] {
    switch role {
    case .input, .recurrent, .readout: [panels.rows, panels.columns]
    case .encoderGain, .encoderBias, .bias, .parameter, .inputDelay, .recurrentDelay, .readoutBias: [panels.columns]
    }
  }
}
