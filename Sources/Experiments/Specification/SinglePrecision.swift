import Networks

/// What the engine's numbers, of type Float, cannot hold: found before a run instead of in its results.
enum SinglePrecision {
  static let largest = Double(Float.greatestFiniteMagnitude)
  /// Smaller numbers are flushed to zero.
  static let smallest = Double(Float.leastNormalMagnitude)
  static let largestBelowOne = Double(Float(1).nextDown)

  /// Why `value` cannot be computed with, in words that follow "... is", and what can be; nil if it can.
  static func limit(on value: Double, unit: String = "") -> (problem: String, remedy: String)? {
    if !Float(value).isFinite {
      return (
        "too large for single precision, in which the engine computes: it would become infinite",
        "at most 3.4e+38\(unit)"
      )
    }
    if value != 0, abs(value) < smallest {
      let zero = unit.isEmpty ? "0, or " : ""
      return (
        "too small for single precision, in which the engine computes: it would become 0",
        "\(zero)at least 1.2e-38\(unit)"
      )
    }
    return nil
  }

  /// What `gain` does to initial weights, drawn with a standard deviation of gain / sqrt(fan_in).
  static func problem(ofGain gain: Double, fanIn: ClosedRange<Int>) -> (problem: String, remedy: String)? {
    // The largest of some 10^9 normal numbers is 6.1.
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

/// Time constants so long that the decay of a step, exp(-time_step / tau), is 1: nothing ever leaks.
struct LeakLimit {
  let timeStep: Double

  func isPassed(by tau: Double) -> Bool {
    // Far above for all usual values: 2^-25 is half of the distance from 1 to the next number below.
    tau > timeStep * 0x1p24 && decay(timeStep: timeStep, tau: tau) >= 1
  }

  /// Rejects the time constant at `key` of the current mapping, if it is given there.
  func check<V: KeyVisitor>(_ v: inout V, _ key: String, _ tau: Double) {
    if isPassed(by: tau), v.isGiven(key, current: false) { reject(&v, key, tau) }
  }

  /// Rejects what layers without a value of their own take, where it comes from: `key`, or the step that is so short.
  func checkInherited<V: KeyVisitor>(_ v: inout V, _ key: String, _ tau: Double) {
    guard isPassed(by: tau) else { return }
    if v.isGiven(key, current: false) { return reject(&v, key, tau) }
    v.reject(
      at: "time_step",
      "\(NumberText.time(timeStep)) is so short that nothing with the default \(key) of \(NumberText.time(tau)) ever"
        + " leaks: exp(-time_step / \(key)) is 1 in single precision",
      hint: "set network.\(key) too: at most \(longest)")
  }

  private func reject<V: KeyVisitor>(_ v: inout V, _ key: String, _ tau: Double) {
    v.reject(
      at: key,
      "\(NumberText.time(tau)) with a time step of \(NumberText.time(timeStep)) never leaks: exp(-time_step / \(key))"
        + " is 1 in single precision", hint: "at most \(longest)")
  }

  /// The longest time constant that leaks, rounded down.
  private var longest: String { NumberText.time(NumberText.roundedDown(timeStep * 0x1p25 * 0.999)) }
}
