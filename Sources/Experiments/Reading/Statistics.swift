/// Mean and spread of some values.
public struct Statistics: Sendable, Equatable {
  public var n: Int
  /// Never outside `minimum...maximum`.
  public var mean: Double
  /// Sample standard deviation (n - 1), exactly 0 for equal values; nil for fewer than two values.
  public var deviation: Double?
  public var minimum: Double
  public var maximum: Double

  /// nil without values.
  public init?(_ values: [Double]) {
    guard let low = values.min(), let high = values.max() else { return nil }
    (n, minimum, maximum, mean) = (values.count, low, high, low)
    deviation = n > 1 ? 0 : nil
    guard low != high else { return }
    // Scaled by a power of two, which is exact, so that no difference or square overflows or underflows.
    let scale = max(abs(low), abs(high)) > 0x1p400 ? 0x1p-600 : high - low < 0x1p-400 ? 0x1p600 : 1
    let count = Double(n)
    // Relative to the smallest value, the sums have the magnitude of the spread, whatever the values are. Sorted, so
    // that the mean does not depend on the order of the values.
    let offsets = values.sorted().map { $0 * scale - low * scale }
    let offset = offsets.reduce(0, +) / count
    mean = min(max(low + offset / scale, low), high)
    var (squares, rest) = (0.0, 0.0)
    for value in offsets {
      squares += (value - offset) * (value - offset)
      rest += value - offset
    }
    // Corrects the rounding of the mean (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance").
    deviation = n > 1 ? (max(0, squares - rest * rest / count) / (count - 1)).squareRoot() / scale : nil
  }
}
