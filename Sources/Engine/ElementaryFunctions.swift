/// Exponential and logarithm with the same bits on every machine: libm's differ between versions, and a published number
/// must not. Only + - * / in double precision, nothing fused. Within 2 ulp of the true value.
public enum Elementary {
  private static let ln2High = 6.93147180369123816490e-01
  private static let ln2Low = 1.90821492927058770002e-10

  /// e^x: x = k ln 2 + r with |r| <= ln(2) / 2, Taylor series of e^r.
  public static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.78 { return .infinity }
    if x < -745.2 { return 0 }
    let k = (x * 1.4426950408889634).rounded()
    let r = (x - k * ln2High) - k * ln2Low
    var sum = 1.0
    for n in stride(from: 14, through: 1, by: -1) { sum = 1 + sum * r / Double(n) }
    // In two factors, since 2^k alone may be out of range.
    let half = Int(k) / 2
    return sum * Double(sign: .plus, exponent: half, significand: 1)
      * Double(sign: .plus, exponent: Int(k) - half, significand: 1)
  }

  /// The natural logarithm: x = m 2^k with m in [sqrt(1/2), sqrt(2)), series of the inverse hyperbolic tangent.
  public static func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x.isInfinite { return x }
    var k = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m /= 2
      k += 1
    }
    let s = (m - 1) / (m + 1)
    let z = s * s
    var sum = 0.0
    for n in stride(from: 23, through: 3, by: -2) { sum = (sum + 1 / Double(n)) * z }
    return k * ln2High + (2 * s + (2 * s * sum + k * ln2Low))
  }
}
