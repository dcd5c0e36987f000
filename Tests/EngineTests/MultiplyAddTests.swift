#if arch(x86_64)
  import CSystem
  import Foundation
  import TestSupport
  import Testing

  /// The multiply-add of CPUs without the instruction against the C library's fmaf.
  @Suite struct MultiplyAddTests {
    /// Triples per floating-point mode; SNNEXP_MULTIPLY_ADDS=100000000 takes some seconds.
    private static let count =
      ProcessInfo.processInfo.environment["SNNEXP_MULTIPLY_ADDS"].flatMap { Int($0) } ?? 400_000
    private static let seed: UInt64 = 20

    @Test(arguments: [false, true]) func matchesFmaf(flushingDenormals: Bool) {
      var triples = Triples(random: SplitMix(state: Self.seed))
      var (differing, worst, done) = (0, "", 0)
      var (denormal, infinite, nan) = (0, 0, 0)
      while done < Self.count {
        var (a, b, c) = (SIMD16<Float>(), SIMD16<Float>(), SIMD16<Float>())
        for lane in 0..<16 { (a[lane], b[lane], c[lane]) = triples.next() }
        let (result, expected) = Self.both(a, b, c, flushingDenormals)
        for lane in 0..<16 {
          if expected[lane].isSubnormal { denormal += 1 }
          if expected[lane].isInfinite { infinite += 1 }
          if expected[lane].isNaN { nan += 1 }
          if Self.isSame(result[lane], expected[lane]) { continue }
          differing += 1
          worst = "\(a[lane]) * \(b[lane]) + \(c[lane]): \(result[lane]), not \(expected[lane])"
        }
        done += 16
      }
      #expect(differing == 0, "\(differing) of \(done) differ, the last: \(worst)")
      // Otherwise it would prove little.
      #expect(infinite > done / 1000 && nan > done / 1000)
      #expect(flushingDenormals ? denormal == 0 : denormal > done / 100)
      print("\(done) multiply-adds, seed \(Self.seed): \(denormal) denormal, \(infinite) infinite, \(nan) NaN")
    }

    /// All triples of numbers at the borders of what a Float can hold.
    @Test(arguments: [false, true]) func matchesFmafAtBorders(flushingDenormals: Bool) {
      var numbers: [Float] = [0, 1, 2, 3, 0.5, 1.5, 1 + .ulpOfOne, 1 - .ulpOfOne / 2, 0x1p-24, 0x1p-25, 0x1p24, 0x1p64]
      numbers += [.leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p-75, 0x1.8p-75]
      numbers += [Float.leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, 0x1p-126 + 0x1p-149, 0x1p127, 0x1p-64]
      numbers += [.infinity, .nan, .signalingNaN]
      numbers += numbers.map { -$0 }
      for a in numbers {
        for b in numbers {
          // Sixteen terms at a time.
          for first in stride(from: 0, to: numbers.count, by: 16) {
            var c = SIMD16<Float>()
            for lane in 0..<16 { c[lane] = numbers[min(first + lane, numbers.count - 1)] }
            let (result, expected) = Self.both(
              SIMD16(repeating: a), SIMD16(repeating: b), c, flushingDenormals)
            for lane in 0..<16 where !Self.isSame(result[lane], expected[lane]) {
              Issue.record("\(a) * \(b) + \(c[lane]): \(result[lane]), not \(expected[lane])")
            }
          }
        }
      }
    }

    /// The same bits; one NaN is as good as another.
    private static func isSame(_ a: Float, _ b: Float) -> Bool { a.bitPattern == b.bitPattern || a.isNaN && b.isNaN }

    /// The result, and fmaf's. Not inlined: the compiler knows nothing of floating-point modes, and must not move the
    /// computation out of one.
    @inline(never) private static func both(
      _ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>, _ flushingDenormals: Bool
    ) -> (SIMD16<Float>, SIMD16<Float>) {
      let mode = flushingDenormals ? snn_flush_denormals() : 0
      let result = (multiplyAdd(a, b, c), fusedMultiplyAdd(a, b, c))
      if flushingDenormals { snn_restore_denormals(mode) }
      return result
    }

    @inline(never) private static func multiplyAdd(
      _ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>
    ) -> SIMD16<Float> { snn_multiply_add(a, b, c) }

    @inline(never) private static func fusedMultiplyAdd(
      _ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>
    ) -> SIMD16<Float> {
      var result = SIMD16<Float>()
      for lane in 0..<16 { result[lane] = fmaf(a[lane], b[lane], c[lane]) }
      return result
    }
  }

  /// Random operands, of kinds that are hard to round.
  private struct Triples {
    var random: SplitMix

    mutating func next() -> (Float, Float, Float) {
      let kind = random.next() & 7
      let (x, y, z) = (random.next(), random.next(), random.next())
      switch kind {
      case 0:  // Any bits: infinities and NaN, too.
        return (Self.any(x), Self.any(y), Self.any(z))
      case 1:  // Usual numbers.
        return (Self.near(x, 8), Self.near(y, 8), Self.near(z, 8))
      case 2:  // Cancellation: the product, rounded, is taken away, up to some units in its last place.
        let (a, b) = (Self.near(x, 40), Self.near(y, 40))
        let product = -(a * b)
        return (a, b, Float(bitPattern: product.bitPattern &+ UInt32(truncatingIfNeeded: z & 3) &- 1))
      case 3:  // Few bits: exact ties.
        return (Self.short(x, 40), Self.short(y, 40), Self.short(z, 40))
      case 4:  // Next to a tie: half a unit in the last place of the term, or nearly.
        let c = Self.near(z, 30)
        let a = Self.near(x, 6)
        let b = c.ulp / 2 / a
        return (a, Float(bitPattern: b.bitPattern &+ UInt32(truncatingIfNeeded: y % 5) &- 2), y & 32 == 0 ? c : -c)
      case 5:  // Half a unit in the last place of the term, less a part of 2^-30 to 2^-46: a double can't tell.
        let c = z & 1 == 0 ? Self.near(z, 20) : Float(bitPattern: UInt32(truncatingIfNeeded: z >> 8) & 0xff_ffff)
        let part = Float(sign: .plus, exponent: -15 - Int(x >> 8 % 9), significand: 1)
        let half = Int(c.ulp.exponent) - 1
        let a = Float(sign: x & 1 == 0 ? .plus : .minus, exponent: half / 2, significand: 1 + part)
        return (a, Float(sign: .plus, exponent: half - half / 2, significand: 1) * (1 - part), y & 1 == 0 ? c : -c)
      case 6:  // Results around the smallest normal number, and half of the smallest of all.
        let exponent = Int(x >> 32 % 100) - 50
        let a = Float(sign: x & 1 == 0 ? .plus : .minus, exponent: exponent, significand: Self.significand(x))
        let small = -(122 + Int(y >> 32 % 32)) - exponent
        let b = Float(sign: .plus, exponent: max(small, -149), significand: Self.significand(y))
        let c = Float(bitPattern: UInt32(truncatingIfNeeded: z) & (0x8000_0000 | 0x7f_ffff >> UInt32(z >> 32 % 28)))
        return (a, b, z >> 60 == 0 ? 0 : c)
      default:  // Results around the largest number.
        let exponent = Int(x >> 32 % 60)
        let a = Float(sign: .plus, exponent: exponent, significand: Self.significand(x))
        let b = Float(sign: y & 1 == 0 ? .plus : .minus, exponent: 127 - exponent, significand: Self.significand(y))
        return (a, b, Float(sign: .minus, exponent: 100 + Int(z >> 32 % 28), significand: Self.significand(z)))
      }
    }

    private static func any(_ bits: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits)) }

    /// Of either sign, with an exponent from -range to range.
    private static func near(_ bits: UInt64, _ range: UInt64) -> Float {
      let exponent = Int(bits >> 32 % (2 * range + 1)) - Int(range)
      return Float(sign: bits & 1 == 0 ? .plus : .minus, exponent: exponent, significand: significand(bits))
    }

    /// The same with only the first bits set, up to 14.
    private static func short(_ bits: UInt64, _ range: UInt64) -> Float {
      let kept = UInt32(bits >> 56 % 14)
      return Float(bitPattern: near(bits, range).bitPattern & ~(0x7f_ffff >> kept))
    }

    /// From 1 to below 2.
    private static func significand(_ bits: UInt64) -> Float {
      Float(bitPattern: 0x3f80_0000 | UInt32(truncatingIfNeeded: bits >> 8) & 0x7f_ffff)
    }
  }
#endif
