import KernelTable

extension CompiledKernels {
  /// `out[r, :] = sum over e in offsets[r]..<offsets[r + 1] of matrix[indices[e], :]`: the currents that the spikes of
  /// each step cause in the layer above.
  ///
  /// - Parameters:
  ///   - out: panels of `columns` padded columns.
  ///   - outStride: floats from one panel of `out` to the next.
  ///   - matrix: panels with the same number of columns.
  ///   - matrixStride: floats from one panel of `matrix` to the next.
  ///   - columns: padded columns.
  ///   - offsets: row `r` sums the terms `offsets[r]..<offsets[r + 1]`.
  ///   - indices: the terms, as row numbers of the matrix.
  public func sumRows(
    out: UnsafeMutablePointer<Float>, outStride: Int, matrix: UnsafePointer<Float>, matrixStride: Int, columns: Int,
    rows: Int, offsets: UnsafePointer<UInt32>, indices: UnsafePointer<UInt16>
  ) {
    var base = 0
    while base < columns {
      let out = out + base / panelWidth &* outStride
      let matrix = matrix + base / panelWidth &* matrixStride
      let width = min(panelWidth, columns &- base)
      var row = 0
      while row < rows {
        let (begin, end) = (Int(offsets[row]), Int(offsets[row &+ 1]))
        let out = out + row &* width
        var column = 0
        while column < width {
          if wideRegisters && width == 64 {
            let sum = listedSum64(indices, begin, end, matrix)
            store(sum.0, out, 0)
            store(sum.1, out, 16)
            store(sum.2, out, 32)
            store(sum.3, out, 48)
            column &+= 64
          } else if width &- column >= 32 {
            let sum = listedSum32(indices, begin, end, matrix + column, width)
            store(sum.0, out, column)
            store(sum.1, out, column &+ 16)
            column &+= 32
          } else {
            store(listedSum16(indices, begin, end, matrix + column, width), out, column)
            column &+= 16
          }
        }
        row &+= 1
      }
      base &+= panelWidth
    }
  }
}

// Sums of listed rows of a panel. Even and odd terms form two chains, which are added at the end. Each function takes
// as many columns at a time as keep 8 registers of chains busy, which hides the latency of an add and leaves half of
// the registers (AVX2) free: 64 columns with AVX-512, otherwise 32; fewer where a panel is narrower.

@inline(__always) func listedSum64(
  _ list: UnsafePointer<UInt16>, _ begin: Int, _ end: Int, _ matrix: UnsafePointer<Float>
) -> (Vector, Vector, Vector, Vector) {
  var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
  var r0 = splat(0), r1 = splat(0), r2 = splat(0), r3 = splat(0)
  var e = begin
  while e &+ 1 < end {
    let row = matrix + Int(list[e]) &* 64
    let row1 = matrix + Int(list[e &+ 1]) &* 64
    s0 += load(row, 0)
    s1 += load(row, 16)
    s2 += load(row, 32)
    s3 += load(row, 48)
    r0 += load(row1, 0)
    r1 += load(row1, 16)
    r2 += load(row1, 32)
    r3 += load(row1, 48)
    e &+= 2
  }
  if e < end {
    let row = matrix + Int(list[e]) &* 64
    s0 += load(row, 0)
    s1 += load(row, 16)
    s2 += load(row, 32)
    s3 += load(row, 48)
  }
  return (s0 + r0, s1 + r1, s2 + r2, s3 + r3)
}

@inline(__always) func listedSum32(
  _ list: UnsafePointer<UInt16>, _ begin: Int, _ end: Int, _ matrix: UnsafePointer<Float>, _ width: Int
) -> (Vector, Vector) {
  var s0 = splat(0), s1 = splat(0), r0 = splat(0), r1 = splat(0)
  var e = begin
  while e &+ 1 < end {
    let row = matrix + Int(list[e]) &* width
    let row1 = matrix + Int(list[e &+ 1]) &* width
    s0 += load(row, 0)
    s1 += load(row, 16)
    r0 += load(row1, 0)
    r1 += load(row1, 16)
    e &+= 2
  }
  if e < end {
    let row = matrix + Int(list[e]) &* width
    s0 += load(row, 0)
    s1 += load(row, 16)
  }
  return (s0 + r0, s1 + r1)
}

@inline(__always) func listedSum16(
  _ list: UnsafePointer<UInt16>, _ begin: Int, _ end: Int, _ matrix: UnsafePointer<Float>, _ width: Int
) -> Vector {
  var s = splat(0), r = splat(0)
  var e = begin
  while e &+ 1 < end {
    s += load(matrix, Int(list[e]) &* width)
    r += load(matrix, Int(list[e &+ 1]) &* width)
    e &+= 2
  }
  if e < end { s += load(matrix, Int(list[e]) &* width) }
  return s + r
}
