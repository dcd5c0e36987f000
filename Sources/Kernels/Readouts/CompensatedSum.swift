/// A sum whose rounding error does not grow with the number of terms (Kahan 1965).
struct CompensatedSum {
  var value = splat(0)
  /// What the terms so far have lost.
  var error = splat(0)

  @inline(__always) mutating func add(_ term: Vector) {
    let corrected = term - error
    let sum = value + corrected
    error = (sum - value) - corrected
    value = sum
  }
}
