/// Conversions of IEEE 754 binary16. Not every Swift platform has `Float16`, and where it is converted in software, a
/// thread that flushes subnormal numbers to zero, as the engine's threads do, gets zeros. No value here is subnormal as
/// a `Float`.
enum HalfPrecision {
  /// The number with these bits, exactly.
  static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1f
    let mantissa = UInt32(bits & 0x3ff)
    switch exponent {
    case 0:
      let magnitude = Float(mantissa) * 0x1p-24
      return Float(bitPattern: sign | magnitude.bitPattern)
    case 31: return Float(bitPattern: sign | 0x7f80_0000 | mantissa << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | mantissa << 13)
    }
  }

  /// The bits of a half-precision number, as `rounded` gives it.
  static func bits(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let magnitude = value.magnitude
    guard magnitude.isFinite else { return sign | (magnitude.isNaN ? 0x7e00 : 0x7c00) }
    guard magnitude >= 0x1p-14 else { return sign | UInt16(magnitude * 0x1p24) }
    return sign | UInt16(Int(magnitude.exponent) + 15) << 10 | UInt16((magnitude.significand - 1) * 1024)
  }

  /// Rounds to the nearest half-precision number, ties to even; values beyond the largest become infinity.
  static func rounded(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    let magnitude = value.magnitude
    // The spacing of half-precision numbers near the value: 11 significant bits, but no finer than the subnormals'
    // 2^-24.
    let exponent = max(-14, magnitude == 0 ? -14 : Int(magnitude.exponent))
    let spacing = Float(sign: .plus, exponent: exponent - 10, significand: 1)
    let result = (magnitude / spacing).rounded(.toNearestOrEven) * spacing
    return result > 65504 ? (value < 0 ? -.infinity : .infinity) : (value < 0 ? -result : result)
  }

  /// The same for double precision, directly, so that it rounds only once.
  static func rounded(_ value: Double) -> Float {
    guard value.isFinite else { return Float(value) }
    let magnitude = value.magnitude
    let exponent = max(-14, magnitude == 0 ? -14 : Int(magnitude.exponent))
    guard exponent < 40 else { return value < 0 ? -.infinity : .infinity }
    let spacing = Double(sign: .plus, exponent: exponent - 10, significand: 1)
    let result = (magnitude / spacing).rounded(.toNearestOrEven) * spacing
    return Float(result > 65504 ? (value < 0 ? -.infinity : .infinity) : (value < 0 ? -result : result))
  }
}
