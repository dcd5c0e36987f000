import Networks

/// Finds values that the engine's Float numbers cannot represent before a run instead of in its results.
enum SinglePrecision {
  static let largest = Double(Float.greatestFiniteMagnitude)
  /// Smaller numbers are flushed to zero.
  static let smallest = Double(Float.leastNormalMagnitude)
  static let largestBelowOne = Double(Float(1).nextDown)

  /// Why `value` cannot be used, phrased to follow "... is", and what can be used; nil if it is fine.
  static func limit(on value: Double, unit: String = "") -> (problem: String, remedy: String)? {
    if !Float(value).isFinite {
      return (
        "too large for single precision, which the engine uses: it would become infinite",
        "at most 3.4e+38\(unit)"
      )
    }
    if value != 0, abs(value) < smallest {
      let zero = unit.isEmpty ? "0, or " : ""
      return (
        "too small for single precision, which the engine uses: it would become 0",
        "\(zero)at least 1.2e-38\(unit)"
      )
    }
    return nil
  }

  /// Effect of `gain` on initial weights, drawn with a standard deviation of gain / sqrt(fan_in).
  static func problem(ofGain gain: Double, fanIn: ClosedRange<Int>) -> (problem: String, remedy: String)? {
    // The largest of about 10^9 normal deviates is 6.1.
    let (least, most) = (Double(fanIn.lowerBound).squareRoot(), Double(fanIn.upperBound).squareRoot())
    if !Float(6.2 * gain / least).isFinite {
      let limit = NumberText.roundedDown(largest / 6.2 * least)
      return (
        "with \(fanIn.lowerBound) inputs per unit, initial weights would be too large for single precision and"
          + " become infinite", "a gain of at most \(NumberText.number(limit))"
      )
    }
    if gain > 0, gain / most < smallest {
      let limit = NumberText.roundedDown(smallest * most * 1.01)
      return (
        "with \(fanIn.upperBound) inputs per unit, most initial weights would be too small for single precision and"
          + " become 0", "0, or a gain of at least \(NumberText.number(limit))"
      )
    }
    return nil
  }
}
