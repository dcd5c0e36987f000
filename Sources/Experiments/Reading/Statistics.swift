/// Mean and spread of some values.
public struct Statistics: Sendable, Equatable {
  public var n: Int
  /// Never outside `minimum...maximum`.
  public var mean: Double
  /// Of the sample (n - 1), exactly 0 for equal values; nil below two values.
  public var deviation: Double?
  public var minimum: Double
  public var maximum: Double

  /// nil without values.
  public init?(_ values: [Double]) {
    guard let low = values.min(), let high = values.max() else { return nil }
    (n, minimum, maximum, mean) = (values.count, low, high, low)
    deviation = n > 1 ? 0 : nil
    guard low != high else { return }
    // By a power of two, which changes no digit, so that no difference and no square overflows or vanishes.
    let scale = max(abs(low), abs(high)) > 0x1p400 ? 0x1p-600 : high - low < 0x1p-400 ? 0x1p600 : 1
    let count = Double(n)
    // From the smallest value on, the sums are of the spread's size, whatever the values are.
    // Sorted, so that the same values have the same mean in whichever order they come.
    let offsets = values.sorted().map { $0 * scale - low * scale }
    let offset = offsets.reduce(0, +) / count
    mean = min(max(low + offset / scale, low), high)
    var (squares, rest) = (0.0, 0.0)
    for value in offsets {
      squares += (value - offset) * (value - offset)
      rest += value - offset
    }
    // What rounding of the mean left (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance").
    deviation = n > 1 ? (max(0, squares - rest * rest / count) / (count - 1)).squareRoot() / scale : nil
  }
}
