import KernelTable

/// `out[s, :] += sum_k a[s, k] matrix[k, :]` for `lockstepSamples` rows s, with terms added in the order of k.
///
/// - Parameters:
///   - outStride, aStride: floats from one row to the next.
///   - matrix: blocks of 16 columns, `[inner][16]` each.
///   - blockStride: floats from one block to the next.
///
/// A tile has enough accumulators to hide the latency of a fused multiply-add (4 cycles x 2 ports = 8 chains), few
/// enough to fit into the registers with their operands. AVX-512: 8 rows x 2 blocks, 16 of 32 registers; 10 loads per
/// 16 products, so two load ports keep up. AVX2: 4 rows x 1 block of two registers, 8 of 16; 6 loads per 8 products.
func denseLockstep(
  out: UnsafeMutablePointer<Float>, outStride: Int, a: UnsafePointer<Float>, aStride: Int,
  matrix: UnsafePointer<Float>, blockStride: Int, blocks: Int, inner: Int
) {
  var block = 0
  while block < blocks {
    let out = out + block &* 16
    let matrix = matrix + block &* blockStride
    if wideRegisters && block &+ 1 < blocks {
      dense8x2(out, outStride, a, aStride, matrix, matrix + blockStride, inner)
      block &+= 2
    } else {
      dense4(out, outStride, a, aStride, matrix, inner)
      dense4(out + 4 &* outStride, outStride, a + 4 &* aStride, aStride, matrix, inner)
      block &+= 1
    }
  }
}

/// Not inlined: inside a larger function the accumulators would be spilled in the loop. (Not private: that would make
/// it a weak symbol, which the symbol check forbids.)
@inline(never) func dense8x2(
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ matrix0: UnsafePointer<Float>, _ matrix1: UnsafePointer<Float>, _ inner: Int
) {
  let o1 = out + outStride, o2 = out + 2 &* outStride, o3 = out + 3 &* outStride, o4 = out + 4 &* outStride
  let o5 = out + 5 &* outStride, o6 = out + 6 &* outStride, o7 = out + 7 &* outStride
  let a1 = a + aStride, a2 = a + 2 &* aStride, a3 = a + 3 &* aStride, a4 = a + 4 &* aStride
  let a5 = a + 5 &* aStride, a6 = a + 6 &* aStride, a7 = a + 7 &* aStride
  var s0 = load(out, 0), s1 = load(o1, 0), s2 = load(o2, 0), s3 = load(o3, 0)
  var s4 = load(o4, 0), s5 = load(o5, 0), s6 = load(o6, 0), s7 = load(o7, 0)
  var r0 = load(out, 16), r1 = load(o1, 16), r2 = load(o2, 16), r3 = load(o3, 16)
  var r4 = load(o4, 16), r5 = load(o5, 16), r6 = load(o6, 16), r7 = load(o7, 16)
  var k = 0
  while k < inner {
    let m0 = load(matrix0, k &* 16)
    let m1 = load(matrix1, k &* 16)
    addTwoProducts(a[k], m0, m1, to: &s0, &r0)
    addTwoProducts(a1[k], m0, m1, to: &s1, &r1)
    addTwoProducts(a2[k], m0, m1, to: &s2, &r2)
    addTwoProducts(a3[k], m0, m1, to: &s3, &r3)
    addTwoProducts(a4[k], m0, m1, to: &s4, &r4)
    addTwoProducts(a5[k], m0, m1, to: &s5, &r5)
    addTwoProducts(a6[k], m0, m1, to: &s6, &r6)
    addTwoProducts(a7[k], m0, m1, to: &s7, &r7)
    k &+= 1
  }
  store(s0, out, 0)
  store(r0, out, 16)
  store(s1, o1, 0)
  store(r1, o1, 16)
  store(s2, o2, 0)
  store(r2, o2, 16)
  store(s3, o3, 0)
  store(r3, o3, 16)
  store(s4, o4, 0)
  store(r4, o4, 16)
  store(s5, o5, 0)
  store(r5, o5, 16)
  store(s6, o6, 0)
  store(r6, o6, 16)
  store(s7, o7, 0)
  store(r7, o7, 16)
}

@inline(__always) private func addTwoProducts(
  _ factor: Float, _ m0: Vector, _ m1: Vector, to s: inout Vector, _ r: inout Vector
) {
  let a = splat(factor)
  s.addProduct(a, m0)
  r.addProduct(a, m1)
}

/// Not inlined, for the same reason as `dense8x2`.
@inline(never) func dense4(
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ matrix: UnsafePointer<Float>, _ inner: Int
) {
  let o1 = out + outStride, o2 = out + 2 &* outStride, o3 = out + 3 &* outStride
  let a1 = a + aStride, a2 = a + 2 &* aStride, a3 = a + 3 &* aStride
  var s0 = load(out, 0), s1 = load(o1, 0), s2 = load(o2, 0), s3 = load(o3, 0)
  var k = 0
  while k < inner {
    let m = load(matrix, k &* 16)
    s0.addProduct(splat(a[k]), m)
    s1.addProduct(splat(a1[k]), m)
    s2.addProduct(splat(a2[k]), m)
    s3.addProduct(splat(a3[k]), m)
    k &+= 1
  }
  store(s0, out, 0)
  store(s1, o1, 0)
  store(s2, o2, 0)
  store(s3, o3, 0)
}

extension CompiledKernels {
  /// `out = a * matrix` row by row, with terms added in the order of the inner index: a layer's dL/ds from the deltas
  /// of the layer above, for all steps at once.
  ///
  /// - Parameters:
  ///   - out: panels, `[outRows, columns]`; rows `0..<rows` are overwritten.
  ///   - columns: padded columns of `out`.
  ///   - a: panels, `[inRows, inner]`.
  ///   - inner: padded columns of `a`.
  ///   - matrix: blocks of 16 columns, `[columns / 16][inner][16]`.
  public func denseRows(
    out: UnsafeMutablePointer<Float>, outRows: Int, rows: Int, columns: Int, a: UnsafePointer<Float>, inRows: Int,
    inner: Int, matrix: UnsafePointer<Float>
  ) {
    var row = 0
    while row < rows {
      let count = min(lockstepSamples, rows &- row)
      var base = 0
      while base < columns {
        let width = min(panelWidth, columns &- base)
        let out = out + base &* outRows + row &* width
        for i in 0..<count &* width { out[i] = 0 }
        var innerBase = 0
        while innerBase < inner {
          let innerWidth = min(panelWidth, inner &- innerBase)
          let source = a + innerBase &* inRows + row &* innerWidth
          let matrix = matrix + base &* inner + innerBase &* 16
          if count == lockstepSamples {
            denseLockstep(
              out: out, outStride: width, a: source, aStride: innerWidth, matrix: matrix, blockStride: 16 &* inner,
              blocks: width / 16, inner: innerWidth)
          } else {
            for r in 0..<count {
              for u in stride(from: 0, to: width, by: 16) {
                let block = matrix + u &* inner
                var s = load(out, r &* width &+ u)
                for k in 0..<innerWidth { s.addProduct(splat(source[r &* innerWidth &+ k]), load(block, k &* 16)) }
                store(s, out, r &* width &+ u)
              }
            }
          }
          innerBase &+= innerWidth
        }
        base &+= width
      }
      row &+= lockstepSamples
    }
  }
}
