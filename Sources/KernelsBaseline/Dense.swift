import KernelTable

/// `out[s, 0..<16] += sum_k a[s, k] matrix[k, 0..<16]` for 6 rows s, the terms added in the order of k.
///
/// 6 rows x 16 columns are 12 AVX2 accumulators: more than the 8 chains that hide the latency of a fused multiply-add, and
/// 12 of them need 2 + 6 loads, which two load ports deliver in 4 of the 6 cycles.
@inline(never) func dense6(
  out: UnsafeMutablePointer<Float>, outStride: Int, a: UnsafePointer<Float>, aStride: Int,
  matrix: UnsafePointer<Float>, inner: Int
) {
  let o1 = out + outStride
  let o2 = out + 2 &* outStride
  let o3 = out + 3 &* outStride
  let o4 = out + 4 &* outStride
  let o5 = out + 5 &* outStride
  let a1 = a + aStride
  let a2 = a + 2 &* aStride
  let a3 = a + 3 &* aStride
  let a4 = a + 4 &* aStride
  let a5 = a + 5 &* aStride
  var s0 = load(out, 0), s1 = load(o1, 0), s2 = load(o2, 0), s3 = load(o3, 0), s4 = load(o4, 0), s5 = load(o5, 0)
  var k = 0
  while k < inner {
    let m = load(matrix, k &* 16)
    s0.addProduct(splat(a[k]), m)
    s1.addProduct(splat(a1[k]), m)
    s2.addProduct(splat(a2[k]), m)
    s3.addProduct(splat(a3[k]), m)
    s4.addProduct(splat(a4[k]), m)
    s5.addProduct(splat(a5[k]), m)
    k &+= 1
  }
  store(s0, out, 0)
  store(s1, o1, 0)
  store(s2, o2, 0)
  store(s3, o3, 0)
  store(s4, o4, 0)
  store(s5, o5, 0)
}

/// `out = a * matrix` row by row, the terms added in the order of the inner index: dL/ds of a layer from the deltas of the
/// layer above, all steps at once.
func denseRows(_ a: DenseRows) {
  var row = 0
  while row < a.rows {
    let count = min(6, a.rows &- row)
    var base = 0
    while base < a.columns {
      let width = min(panelWidth, a.columns &- base)
      let panel = a.out + base &* a.outRows
      var u = 0
      while u < width {
        let out = panel + row &* width + u
        let matrix = a.matrix + (base &+ u) &* a.inner
        for r in 0..<count { store(splat(0), out, r &* width) }
        var innerBase = 0
        while innerBase < a.inner {
          let innerWidth = min(panelWidth, a.inner &- innerBase)
          let source = a.a + innerBase &* a.inRows + row &* innerWidth
          let block = matrix + innerBase &* 16
          if count == 6 {
            dense6(out: out, outStride: width, a: source, aStride: innerWidth, matrix: block, inner: innerWidth)
          } else {
            for r in 0..<count {
              var s = load(out, r &* width)
              for k in 0..<innerWidth { s.addProduct(splat(source[r &* innerWidth &+ k]), load(block, k &* 16)) }
              store(s, out, r &* width)
            }
          }
          innerBase &+= innerWidth
        }
        u &+= 16
      }
      base &+= width
    }
    row &+= 6
  }
}
