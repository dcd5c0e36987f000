import KernelTable

/// `out[r, :] = (out[r, :] or 0) + sum over e in begin[r]..<end[r] of matrix[indices[e], :]`.
///
/// The event-driven product of the engine: spikes times weights (rows are steps, indices units), and with the same spikes
/// in the other order their gradient (rows are units, indices steps). Terms are added in the order of the list, in blocks
/// of 16 that start from zero, since the rounding error of one long chain grows with its length. The result does not
/// depend on how rows are shared among threads, nor on how many rows run side by side.
func sumRows(_ a: SumRows) {
  sum(PlainTerms(indices: a.indices), a.rows, nil, a.operands)
}

/// `sumRows` of events that carry a count: `sum over e of count(e) * matrix[index(e), :]`.
func sumCountedRows(_ a: SumCountedRows) {
  sum(CountedTerms(events: a.events), a.rows, a.order, a.operands)
}

/// A list of terms: rows of a matrix, each taken once or some number of times.
protocol Terms {
  associatedtype Term
  func term(_ e: Int) -> Term
  func index(_ term: Term) -> Int
  func add(_ row: Vector, _ term: Term, to sum: inout Vector)
}

struct PlainTerms: Terms {
  let indices: UnsafePointer<UInt16>

  @inline(__always) func term(_ e: Int) -> Int { Int(indices[e]) }
  @inline(__always) func index(_ term: Int) -> Int { term }
  @inline(__always) func add(_ row: Vector, _ term: Int, to sum: inout Vector) { sum += row }
}

struct CountedTerms: Terms {
  let events: UnsafePointer<CountedEvent>

  @inline(__always) func term(_ e: Int) -> (index: Int, count: Vector) { (events[e].index, splat(events[e].count)) }
  @inline(__always) func index(_ term: (index: Int, count: Vector)) -> Int { term.index }
  @inline(__always) func add(_ row: Vector, _ term: (index: Int, count: Vector), to sum: inout Vector) {
    sum.addProduct(term.count, row)
  }
}

/// Terms of a block: few for a small rounding error, enough that the end of a block costs little.
let blockLength = 16

/// Columns are taken in slices that keep 8 chains of additions going, as many as hide the latency of a fused multiply-add
/// (4 cycles x 2 ports): 64 columns are 8 registers with AVX2; with AVX-512 they are 4, and two rows run side by side.
@inline(__always) private func sum<T: Terms>(
  _ terms: T, _ rows: Range<Int>, _ order: UnsafePointer<UInt16>?, _ a: SumOperands
) {
  var base = 0
  while base < a.columns {
    let out = a.out + base / panelWidth &* a.outStride
    let matrix = a.matrix + base / panelWidth &* a.matrixStride
    let width = min(panelWidth, a.columns &- base)
    var column = 0
    while column < width {
      let slice = width == 64 ? 64 : width &- column >= 32 ? 32 : 16
      var position = rows.lowerBound
      while position < rows.upperBound {
        let row = order.map { Int($0[position]) } ?? position
        let out = out + row &* width + column
        if slice == 64 {
          if wideRegisters && position &+ 1 < rows.upperBound {
            position &+= 1
            let row1 = order.map { Int($0[position]) } ?? position
            sumTwo64(terms, position &- 1, position, a, out, out + (row1 &- row) &* 64, matrix)
          } else {
            sum64(terms, position, a, out, matrix)
          }
        } else if slice == 32 {
          sum32(terms, position, a, out, matrix + column, width)
        } else {
          sum16(terms, position, a, out, matrix + column, width)
        }
        position &+= 1
      }
      column &+= slice
    }
    base &+= panelWidth
  }
}

/// One panel of two rows.
@inline(__always) private func sumTwo64<T: Terms>(
  _ terms: T, _ list: Int, _ list1: Int, _ a: SumOperands, _ out: UnsafeMutablePointer<Float>,
  _ out1: UnsafeMutablePointer<Float>, _ matrix: UnsafePointer<Float>
) {
  var e = Int(a.begin[list]), e1 = Int(a.begin[list1])
  let end = Int(a.end[list]), end1 = Int(a.end[list1])
  var t0 = splat(0), t1 = splat(0), t2 = splat(0), t3 = splat(0)
  var t4 = splat(0), t5 = splat(0), t6 = splat(0), t7 = splat(0)
  if a.accumulate {
    if e == end && e1 == end1 { return }
    (t0, t1, t2, t3) = (load(out, 0), load(out, 16), load(out, 32), load(out, 48))
    (t4, t5, t6, t7) = (load(out1, 0), load(out1, 16), load(out1, 32), load(out1, 48))
  }
  while e < end || e1 < end1 {
    let count = min(blockLength, end &- e), count1 = min(blockLength, end1 &- e1)
    var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
    var s4 = splat(0), s5 = splat(0), s6 = splat(0), s7 = splat(0)
    let both = min(count, count1)
    var i = 0
    while i < both {
      let term = terms.term(e &+ i)
      let term1 = terms.term(e1 &+ i)
      let source = matrix + terms.index(term) &* 64
      let source1 = matrix + terms.index(term1) &* 64
      terms.add(load(source, 0), term, to: &s0)
      terms.add(load(source, 16), term, to: &s1)
      terms.add(load(source, 32), term, to: &s2)
      terms.add(load(source, 48), term, to: &s3)
      terms.add(load(source1, 0), term1, to: &s4)
      terms.add(load(source1, 16), term1, to: &s5)
      terms.add(load(source1, 32), term1, to: &s6)
      terms.add(load(source1, 48), term1, to: &s7)
      i &+= 1
    }
    while i < count {
      let term = terms.term(e &+ i)
      let source = matrix + terms.index(term) &* 64
      terms.add(load(source, 0), term, to: &s0)
      terms.add(load(source, 16), term, to: &s1)
      terms.add(load(source, 32), term, to: &s2)
      terms.add(load(source, 48), term, to: &s3)
      i &+= 1
    }
    while i < count1 {
      let term = terms.term(e1 &+ i)
      let source = matrix + terms.index(term) &* 64
      terms.add(load(source, 0), term, to: &s4)
      terms.add(load(source, 16), term, to: &s5)
      terms.add(load(source, 32), term, to: &s6)
      terms.add(load(source, 48), term, to: &s7)
      i &+= 1
    }
    // Not even a zero is added to a row that has ended: it would turn -0 into 0, unlike the other instruction sets.
    if count > 0 {
      t0 += s0
      t1 += s1
      t2 += s2
      t3 += s3
    }
    if count1 > 0 {
      t4 += s4
      t5 += s5
      t6 += s6
      t7 += s7
    }
    e &+= count
    e1 &+= count1
  }
  store(t0, out, 0)
  store(t1, out, 16)
  store(t2, out, 32)
  store(t3, out, 48)
  store(t4, out1, 0)
  store(t5, out1, 16)
  store(t6, out1, 32)
  store(t7, out1, 48)
}

/// One panel of one row.
@inline(__always) private func sum64<T: Terms>(
  _ terms: T, _ list: Int, _ a: SumOperands, _ out: UnsafeMutablePointer<Float>, _ matrix: UnsafePointer<Float>
) {
  var e = Int(a.begin[list])
  let end = Int(a.end[list])
  if e == end {
    if !a.accumulate { for v in 0..<4 { store(splat(0), out, v &* 16) } }
    return
  }
  var fresh = !a.accumulate
  while e < end {
    let next = min(end, e &+ blockLength)
    var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
    while e < next {
      let term = terms.term(e)
      let source = matrix + terms.index(term) &* 64
      terms.add(load(source, 0), term, to: &s0)
      terms.add(load(source, 16), term, to: &s1)
      terms.add(load(source, 32), term, to: &s2)
      terms.add(load(source, 48), term, to: &s3)
      e &+= 1
    }
    // The total stays in memory: with the block's sums, AVX2 has no registers left.
    if fresh {
      // Not the sums themselves: a block may end at -0, which the other ways to sum a row turn into 0.
      store(splat(0) + s0, out, 0)
      store(splat(0) + s1, out, 16)
      store(splat(0) + s2, out, 32)
      store(splat(0) + s3, out, 48)
    } else {
      store(load(out, 0) + s0, out, 0)
      store(load(out, 16) + s1, out, 16)
      store(load(out, 32) + s2, out, 32)
      store(load(out, 48) + s3, out, 48)
    }
    fresh = false
  }
}

/// 32 columns of one row of panels that are `width` wide.
@inline(__always) private func sum32<T: Terms>(
  _ terms: T, _ list: Int, _ a: SumOperands, _ out: UnsafeMutablePointer<Float>, _ matrix: UnsafePointer<Float>,
  _ width: Int
) {
  var e = Int(a.begin[list])
  let end = Int(a.end[list])
  var t0 = splat(0), t1 = splat(0)
  if a.accumulate { (t0, t1) = (load(out, 0), load(out, 16)) }
  while e < end {
    let next = min(end, e &+ blockLength)
    var s0 = splat(0), s1 = splat(0)
    while e < next {
      let term = terms.term(e)
      let source = matrix + terms.index(term) &* width
      terms.add(load(source, 0), term, to: &s0)
      terms.add(load(source, 16), term, to: &s1)
      e &+= 1
    }
    t0 += s0
    t1 += s1
  }
  store(t0, out, 0)
  store(t1, out, 16)
}

/// 16 columns of one row of panels that are `width` wide.
@inline(__always) private func sum16<T: Terms>(
  _ terms: T, _ list: Int, _ a: SumOperands, _ out: UnsafeMutablePointer<Float>, _ matrix: UnsafePointer<Float>,
  _ width: Int
) {
  var e = Int(a.begin[list])
  let end = Int(a.end[list])
  var total = a.accumulate ? load(out, 0) : splat(0)
  while e < end {
    let next = min(end, e &+ blockLength)
    var sum = splat(0)
    while e < next {
      let term = terms.term(e)
      terms.add(load(matrix, terms.index(term) &* width), term, to: &sum)
      e &+= 1
    }
    total += sum
  }
  store(total, out, 0)
}
