import KernelTable

extension CompiledKernels {
  /// `out[r, :] = (out[r, :] or 0) + sum over the terms of r of count * matrix[index, :]`, for two rows r side by side.
  ///
  /// The engine's event-driven product: spike counts times weights (rows are steps, indices are channels) and, with the
  /// same spikes listed the other way, its adjoint: the weight gradient (rows are channels or units, indices are
  /// steps). Terms are added in list order, in chains of `chainLength` that start from zero, since the rounding error
  /// of a chain grows with its length. The result does not depend on how pairs are distributed over threads, nor on
  /// which rows are paired.
  ///
  /// - Parameters:
  ///   - out: a panel.
  ///   - matrix: a panel.
  ///   - width: columns of both panels.
  ///   - pairs: the lists, plus one entry that marks the end of the last.
  ///   - range: the pairs to sum.
  ///   - overwrite: whether a row's sum replaces the content of `out` instead of being added to it.
  public func sumPairs(
    out: UnsafeMutablePointer<Float>, matrix: UnsafePointer<Float>, width: Int, pairs: UnsafePointer<RowPair>,
    range: Range<Int>, terms: UnsafePointer<TermPair>, overwrite: Bool
  ) {
    let a = SumPairs(
      out: out, matrix: matrix, width: width, pairs: pairs, range: range, terms: terms, overwrite: overwrite)
    var column = 0
    while column < width {
      if width == 64 {
        if wideRegisters {
          sum64(a)
        } else {
          sum64InTurn(a)
        }
        column &+= 64
      } else if width &- column >= 32 {
        sum32(a, column)
        column &+= 32
      } else {
        sum16(a, column)
        column &+= 16
      }
    }
  }
}

/// The arguments of `sumPairs`.
private struct SumPairs {
  let out: UnsafeMutablePointer<Float>
  let matrix: UnsafePointer<Float>
  let width: Int
  let pairs: UnsafePointer<RowPair>
  let range: Range<Int>
  let terms: UnsafePointer<TermPair>
  let overwrite: Bool
}

/// Short enough for a small rounding error, long enough that ending a chain costs little.
private let chainLength = 16

/// Ends a chain: its sum replaces the content of `out` or is added to it.
@inline(__always) private func put(
  _ sum: Vector, _ out: UnsafeMutablePointer<Float>, _ offset: Int, _ overwrite: Bool
) {
  store(overwrite ? sum : load(out, offset) + sum, out, offset)
}

// Two rows of 64 columns are 8 chains of additions, enough to hide the latency of a fused multiply-add (4 cycles x 2
// ports), in 8 AVX-512 registers. With AVX2 a single row takes 8 registers, so the two rows are summed in turn. The
// second row is stored first: a row without a partner is paired with itself and an empty list, which must not overwrite
// its sum.

@inline(__always) private func sum64(_ a: SumPairs) {
  var p = a.range.lowerBound
  var e = Int(a.pairs[p].begin)
  while p < a.range.upperBound {
    let out = a.out + Int(a.pairs[p].first) &* 64
    let out1 = a.out + Int(a.pairs[p].second) &* 64
    let end = Int(a.pairs[p &+ 1].begin)
    var overwrite = a.overwrite
    repeat {
      let next = min(end, e &+ chainLength)
      var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
      var r0 = splat(0), r1 = splat(0), r2 = splat(0), r3 = splat(0)
      while e < next {
        let terms = a.terms[e]
        let row = a.matrix + terms.first.index &* 64
        let row1 = a.matrix + terms.second.index &* 64
        let count = splat(terms.first.count)
        let count1 = splat(terms.second.count)
        s0.addRow(count, load(row, 0))
        s1.addRow(count, load(row, 16))
        s2.addRow(count, load(row, 32))
        s3.addRow(count, load(row, 48))
        r0.addRow(count1, load(row1, 0))
        r1.addRow(count1, load(row1, 16))
        r2.addRow(count1, load(row1, 32))
        r3.addRow(count1, load(row1, 48))
        e &+= 1
      }
      put(r0, out1, 0, overwrite)
      put(r1, out1, 16, overwrite)
      put(r2, out1, 32, overwrite)
      put(r3, out1, 48, overwrite)
      put(s0, out, 0, overwrite)
      put(s1, out, 16, overwrite)
      put(s2, out, 32, overwrite)
      put(s3, out, 48, overwrite)
      overwrite = false
    } while e < end
    p &+= 1
  }
}

@inline(__always) private func sum64InTurn(_ a: SumPairs) {
  var p = a.range.lowerBound
  while p < a.range.upperBound {
    let begin = Int(a.pairs[p].begin)
    let end = Int(a.pairs[p &+ 1].begin)
    sumOne64(a, a.out + Int(a.pairs[p].second) &* 64, begin, end, isFirst: false)
    sumOne64(a, a.out + Int(a.pairs[p].first) &* 64, begin, end, isFirst: true)
    p &+= 1
  }
}

@inline(__always) private func sumOne64(
  _ a: SumPairs, _ out: UnsafeMutablePointer<Float>, _ begin: Int, _ end: Int, isFirst: Bool
) {
  var e = begin
  var overwrite = a.overwrite
  repeat {
    let next = min(end, e &+ chainLength)
    var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
    while e < next {
      let term = isFirst ? a.terms[e].first : a.terms[e].second
      let row = a.matrix + term.index &* 64
      let count = splat(term.count)
      s0.addRow(count, load(row, 0))
      s1.addRow(count, load(row, 16))
      s2.addRow(count, load(row, 32))
      s3.addRow(count, load(row, 48))
      e &+= 1
    }
    put(s0, out, 0, overwrite)
    put(s1, out, 16, overwrite)
    put(s2, out, 32, overwrite)
    put(s3, out, 48, overwrite)
    overwrite = false
  } while e < end
}

@inline(__always) private func sum32(_ a: SumPairs, _ column: Int) {
  let matrix = a.matrix + column
  var p = a.range.lowerBound
  var e = Int(a.pairs[p].begin)
  while p < a.range.upperBound {
    let out = a.out + (Int(a.pairs[p].first) &* a.width &+ column)
    let out1 = a.out + (Int(a.pairs[p].second) &* a.width &+ column)
    let end = Int(a.pairs[p &+ 1].begin)
    var overwrite = a.overwrite
    repeat {
      let next = min(end, e &+ chainLength)
      var s0 = splat(0), s1 = splat(0), r0 = splat(0), r1 = splat(0)
      while e < next {
        let terms = a.terms[e]
        let row = matrix + terms.first.index &* a.width
        let row1 = matrix + terms.second.index &* a.width
        let count = splat(terms.first.count)
        let count1 = splat(terms.second.count)
        s0.addRow(count, load(row, 0))
        s1.addRow(count, load(row, 16))
        r0.addRow(count1, load(row1, 0))
        r1.addRow(count1, load(row1, 16))
        e &+= 1
      }
      put(r0, out1, 0, overwrite)
      put(r1, out1, 16, overwrite)
      put(s0, out, 0, overwrite)
      put(s1, out, 16, overwrite)
      overwrite = false
    } while e < end
    p &+= 1
  }
}

@inline(__always) private func sum16(_ a: SumPairs, _ column: Int) {
  let matrix = a.matrix + column
  var p = a.range.lowerBound
  var e = Int(a.pairs[p].begin)
  while p < a.range.upperBound {
    let out = a.out + (Int(a.pairs[p].first) &* a.width &+ column)
    let out1 = a.out + (Int(a.pairs[p].second) &* a.width &+ column)
    let end = Int(a.pairs[p &+ 1].begin)
    var overwrite = a.overwrite
    repeat {
      let next = min(end, e &+ chainLength)
      var s = splat(0), r = splat(0)
      while e < next {
        let terms = a.terms[e]
        s.addRow(splat(terms.first.count), load(matrix, terms.first.index &* a.width))
        r.addRow(splat(terms.second.count), load(matrix, terms.second.index &* a.width))
        e &+= 1
      }
      put(r, out1, 0, overwrite)
      put(s, out, 0, overwrite)
      overwrite = false
    } while e < end
    p &+= 1
  }
}
