/// Which spikes are dropped on their way up: a random number for each step and unit, computed from nothing but a key
/// and those two, so that it depends on neither threads nor instruction set.
public struct DropoutMask {
  /// One per sample: of the run's seed, the epoch, the sample and the layer.
  public var keys: UnsafePointer<UInt64>
  /// A spike is dropped if its random number is below.
  public var threshold: UInt32
  /// By which spikes that are kept are multiplied.
  public var scale: Float

  /// - Parameter probability: of dropping a spike, in 0..<1.
  public init(keys: UnsafePointer<UInt64>, probability: Double) {
    self.keys = keys
    threshold = UInt32(min(probability * 0x1p32, 0x1p32 - 1))
    scale = Float(1 / (1 - probability))
  }
}
