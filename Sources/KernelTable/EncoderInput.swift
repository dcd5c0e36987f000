/// What an encoder reads, for one sample: see `SpikeEncoder` in Sources/Kernels/Neurons.
public struct EncoderInput {
  /// The analog values, `[steps, channels]`.
  public var values: UnsafePointer<Float>
  public var steps: Int
  public var channels: Int
  /// Padded units.
  public var units: Int
  /// `[units]`; zero for padding.
  public var gain: UnsafePointer<Float>
  /// `[units]`; zero for padding.
  public var bias: UnsafePointer<Float>
  /// Work space, `[channels + 16]`.
  public var row: UnsafeMutablePointer<Float>

  public init(
    values: UnsafePointer<Float>, steps: Int, channels: Int, units: Int, gain: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, row: UnsafeMutablePointer<Float>
  ) {
    self.values = values
    self.steps = steps
    self.channels = channels
    self.units = units
    self.gain = gain
    self.bias = bias
    self.row = row
  }
}
