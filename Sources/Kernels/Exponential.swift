/// e^x for x <= 0, with an error of at most two units in the last place; 0 below -87, where the result would be
/// denormal. Fused multiply-adds alone: the same bits on all instruction sets.
@inline(__always) func exponential(_ x: Vector) -> Vector {
  // Adding 1.5 * 2^23 rounds to a whole number, which then stands in the low bits.
  let shift: Float = 12_582_912
  let isTiny = x .< splat(-87)
  let x = x.replacing(with: -87, where: isTiny)
  let shifted = splat(shift).addingProduct(x, splat(1.442_695_04))
  let n = shifted - splat(shift)
  // ln 2 in two parts, the first of few bits.
  let r = x.addingProduct(n, splat(-0.693_359_375)).addingProduct(n, splat(2.121_944_4e-4))
  // Minimax polynomial of (e^r - 1 - r) / r^2 (Cephes, expf).
  var p = splat(1.398_199_950_7e-3).addingProduct(splat(1.987_569_15e-4), r)
  p = splat(8.333_451_907_3e-3).addingProduct(p, r)
  p = splat(4.166_579_589_4e-2).addingProduct(p, r)
  p = splat(1.666_666_545_9e-1).addingProduct(p, r)
  p = splat(5.000_000_120_1e-1).addingProduct(p, r)
  let power = (splat(1) + r).addingProduct(p, r * r)
  let exponent = (unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23) &+ SIMD16(repeating: 0x3f80_0000)
  return (power * unsafeBitCast(exponent, to: Vector.self)).replacing(with: 0, where: isTiny)
}
