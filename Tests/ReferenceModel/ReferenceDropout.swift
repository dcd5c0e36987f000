/// Which spikes dropout keeps, one at a time: what the kernels compute for 16 units at once.
public enum ReferenceDropout {
  /// Whether a unit's spike at a step reaches the layer above.
  ///
  /// Step and unit make a number of 32 bits, the step in the upper ones; the lower half of the key is mixed in before,
  /// the upper half after a first scrambling by Wellons' lowbias32. The spike is dropped if the result, as a fraction
  /// of 2^32, is below the probability.
  ///
  /// - Parameter key: `dropoutKey` of the run's seed, the epoch, the sample and the layer.
  public static func keeps(key: UInt64, step: Int, unit: Int, probability: Double) -> Bool {
    let place = UInt32(step) * 65536 + UInt32(unit)
    let first = scrambled(place ^ UInt32(key % 0x1_0000_0000))
    let second = scrambled(first &+ UInt32(key / 0x1_0000_0000))
    return Double(second) >= (probability * 0x1p32).rounded(.down)
  }

  private static func scrambled(_ number: UInt32) -> UInt32 {
    let a = (number ^ number / 65536) &* 0x7feb_352d
    let b = (a ^ a / 32768) &* 0x846c_a68b
    return b ^ b / 65536
  }
}
