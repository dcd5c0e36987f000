/// Conversions of IEEE 754 binary16: not every platform of Swift has `Float16`, and where it is converted in software a
/// thread that flushes subnormal numbers to zero, as the engine's do, gets zeros. Nothing here is subnormal in `Float`.
enum HalfPrecision {
  /// The number with these bits; exact.
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

  /// Rounds to the nearest half-precision number, ties to even; beyond the largest one gives infinity.
  static func rounded(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    let magnitude = value.magnitude
    // Spacing of half-precision numbers around the value: 11 significant bits, no finer than the subnormals' 2^-24.
    let exponent = max(-14, magnitude == 0 ? -14 : Int(magnitude.exponent))
    let spacing = Float(sign: .plus, exponent: exponent - 10, significand: 1)
    let result = (magnitude / spacing).rounded(.toNearestOrEven) * spacing
    return result > 65504 ? (value < 0 ? -.infinity : .infinity) : (value < 0 ? -result : result)
  }

  /// As `rounded`, from double precision directly, so that it rounds once.
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
