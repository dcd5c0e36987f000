/// Exponential, logarithm, cosine and powers with the same bits on every machine: libm's differ between versions, and
/// published numbers must not. Double-precision polynomials that use only + - * /, nothing fused. The first two are
/// within 2 ulp of the true value.
public enum Elementary {
  private static let ln2High = 6.93147180369123816490e-01
  private static let ln2Low = 1.90821492927058770002e-10

  /// e^x for eight numbers: x = k ln 2 + r with |r| <= ln(2) / 2, Taylor polynomial of e^r.
  ///
  /// - Parameter x: at most 709; below -708 the result is 0.
  public static func exp(_ x: SIMD8<Double>) -> SIMD8<Double> {
    typealias Vector = SIMD8<Double>
    let tooLow = x .< Vector(repeating: -708)
    let x = x.replacing(with: -708, where: tooLow)
    // Adding 1.5 * 2^52 leaves the nearest whole number in the lowest bits.
    let magic = Vector(repeating: 0x1.8p52)
    let shifted = x * Vector(repeating: 1.4426950408889634) + magic
    let k = shifted - magic
    let r = (x - k * Vector(repeating: ln2High)) - k * Vector(repeating: ln2Low)
    var sum = Vector(repeating: inverseFactorials[inverseFactorials.count - 1])
    for n in stride(from: inverseFactorials.count - 2, through: 0, by: -1) {
      sum = sum * r + Vector(repeating: inverseFactorials[n])
    }
    let exponent = (unsafeBitCast(shifted, to: SIMD8<Int64>.self) &+ SIMD8(repeating: 1023)) &<< SIMD8(repeating: 52)
    return (sum * unsafeBitCast(exponent, to: Vector.self)).replacing(with: 0, where: tooLow)
  }

  /// e^x.
  public static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.78 { return .infinity }
    if x < -745.2 { return 0 }
    // Near the ends of the range, compute it as two factors.
    if abs(x) > 708 {
      let half = exp(SIMD8(repeating: x / 2))[0]
      return half * half
    }
    return exp(SIMD8(repeating: x))[0]
  }

  /// 1 / n! for n in 0...14: the remainder of the series is below 1e-19.
  private static let inverseFactorials: [Double] = {
    var (values, factorial) = ([1.0], 1.0)
    for n in 1...14 {
      factorial *= Double(n)
      values.append(1 / factorial)
    }
    return values
  }()

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

  /// cos(pi x) for x in 0...1, within 1e-15 of the true value; exact at 0, 1/2 and 1.
  public static func cosineOfPi(times x: Double) -> Double {
    // Both differences are exact.
    if x > 0.5 { return -cosineOfPi(times: 1 - x) }
    let isNearZero = x <= 0.25
    let y = Double.pi * (isNearZero ? x : 0.5 - x)
    // Taylor series of the cosine, or of the sine of what is missing to pi / 2: |y| <= pi / 4, remainder below 1e-20.
    var sum = 0.0
    for n in stride(from: 18, through: 2, by: -2) {
      let n = Double(isNearZero ? n : n + 1)
      sum = (1 - sum) * (y * y / (n * (n - 1)))
    }
    return isNearZero ? 1 - sum : y - y * sum
  }

  /// base^exponent by squaring; `exponent` is not negative.
  public static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
