import KernelTable

/// `out[r, :] = (out[r, :] or 0) + sum over e in begin[r]..<end[r] of matrix[indices[e], :]`, one panel.
///
/// The event-driven product of the engine: spikes times weights (rows are steps, indices units), and with the same spikes
/// in the other order their gradient (rows are units, indices steps). Terms are added in the order of the list, in blocks
/// of 16 that start from zero, since the rounding error of one long chain grows with its length. The result does not
/// depend on how rows are shared among threads.
func sumRows(_ a: SumRows) {
  let (matrix, indices) = (a.matrix, a.indices)
  switch a.width {
  case 64:
    sumBlocks64(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, s1, s2, s3, begin, end in
      addRows64(&s0, &s1, &s2, &s3, matrix, indices, begin, end)
    }
  case 48:
    sumBlocks48(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, s1, s2, begin, end in
      addRows48(&s0, &s1, &s2, matrix, indices, begin, end)
    }
  case 32:
    sumBlocks32(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, s1, begin, end in
      addRows32(&s0, &s1, matrix, indices, begin, end)
    }
  default:
    sumBlocks16(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, begin, end in
      addRows16(&s0, matrix, indices, begin, end)
    }
  }
}

/// `sumRows` of events that carry a count: `sum over e of count(e) * matrix[index(e), :]`.
func sumCountedRows(_ a: SumCountedRows) {
  let (matrix, events) = (a.matrix, a.events)
  switch a.width {
  case 64:
    sumBlocks64(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, s1, s2, s3, begin, end in
      addCountedRows64(&s0, &s1, &s2, &s3, matrix, events, begin, end)
    }
  case 48:
    sumBlocks48(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, s1, s2, begin, end in
      addCountedRows48(&s0, &s1, &s2, matrix, events, begin, end)
    }
  case 32:
    sumBlocks32(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, s1, begin, end in
      addCountedRows32(&s0, &s1, matrix, events, begin, end)
    }
  default:
    sumBlocks16(a.rows, a.out, a.begin, a.end, a.accumulate) { s0, begin, end in
      addCountedRows16(&s0, matrix, events, begin, end)
    }
  }
}

private let blockLength = 16

@inline(__always) private func sumBlocks64(
  _ rows: Range<Int>, _ out: UnsafeMutablePointer<Float>, _ begin: UnsafePointer<UInt32>, _ end: UnsafePointer<UInt32>,
  _ accumulate: Bool, _ add: (inout Vector, inout Vector, inout Vector, inout Vector, Int, Int) -> Void
) {
  for row in rows {
    let out = out + row &* 64
    let end = Int(end[row])
    var begin = Int(begin[row])
    var fresh = !accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
      add(&s0, &s1, &s2, &s3, begin, next)
      if !fresh {
        s0 += load(out, 0)
        s1 += load(out, 16)
        s2 += load(out, 32)
        s3 += load(out, 48)
      }
      store(s0, out, 0)
      store(s1, out, 16)
      store(s2, out, 32)
      store(s3, out, 48)
      fresh = false
      begin = next
    } while begin < end
  }
}

@inline(__always) private func sumBlocks48(
  _ rows: Range<Int>, _ out: UnsafeMutablePointer<Float>, _ begin: UnsafePointer<UInt32>, _ end: UnsafePointer<UInt32>,
  _ accumulate: Bool, _ add: (inout Vector, inout Vector, inout Vector, Int, Int) -> Void
) {
  for row in rows {
    let out = out + row &* 48
    let end = Int(end[row])
    var begin = Int(begin[row])
    var fresh = !accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0), s1 = splat(0), s2 = splat(0)
      add(&s0, &s1, &s2, begin, next)
      if !fresh {
        s0 += load(out, 0)
        s1 += load(out, 16)
        s2 += load(out, 32)
      }
      store(s0, out, 0)
      store(s1, out, 16)
      store(s2, out, 32)
      fresh = false
      begin = next
    } while begin < end
  }
}

@inline(__always) private func sumBlocks32(
  _ rows: Range<Int>, _ out: UnsafeMutablePointer<Float>, _ begin: UnsafePointer<UInt32>, _ end: UnsafePointer<UInt32>,
  _ accumulate: Bool, _ add: (inout Vector, inout Vector, Int, Int) -> Void
) {
  for row in rows {
    let out = out + row &* 32
    let end = Int(end[row])
    var begin = Int(begin[row])
    var fresh = !accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0), s1 = splat(0)
      add(&s0, &s1, begin, next)
      if !fresh {
        s0 += load(out, 0)
        s1 += load(out, 16)
      }
      store(s0, out, 0)
      store(s1, out, 16)
      fresh = false
      begin = next
    } while begin < end
  }
}

@inline(__always) private func sumBlocks16(
  _ rows: Range<Int>, _ out: UnsafeMutablePointer<Float>, _ begin: UnsafePointer<UInt32>, _ end: UnsafePointer<UInt32>,
  _ accumulate: Bool, _ add: (inout Vector, Int, Int) -> Void
) {
  for row in rows {
    let out = out + row &* 16
    let end = Int(end[row])
    var begin = Int(begin[row])
    var fresh = !accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0)
      add(&s0, begin, next)
      if !fresh {
        s0 += load(out, 0)
      }
      store(s0, out, 0)
      fresh = false
      begin = next
    } while begin < end
  }
}

@inline(__always) func addRows64(
  _ s0: inout Vector, _ s1: inout Vector, _ s2: inout Vector, _ s3: inout Vector, _ matrix: UnsafePointer<Float>,
  _ indices: UnsafePointer<UInt16>, _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let source = matrix + Int(indices[e]) &* 64
    s0 += load(source, 0)
    s1 += load(source, 16)
    s2 += load(source, 32)
    s3 += load(source, 48)
    e &+= 1
  }
}

@inline(__always) func addRows48(
  _ s0: inout Vector, _ s1: inout Vector, _ s2: inout Vector, _ matrix: UnsafePointer<Float>,
  _ indices: UnsafePointer<UInt16>, _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let source = matrix + Int(indices[e]) &* 48
    s0 += load(source, 0)
    s1 += load(source, 16)
    s2 += load(source, 32)
    e &+= 1
  }
}

@inline(__always) func addRows32(
  _ s0: inout Vector, _ s1: inout Vector, _ matrix: UnsafePointer<Float>, _ indices: UnsafePointer<UInt16>,
  _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let source = matrix + Int(indices[e]) &* 32
    s0 += load(source, 0)
    s1 += load(source, 16)
    e &+= 1
  }
}

@inline(__always) func addRows16(
  _ s0: inout Vector, _ matrix: UnsafePointer<Float>, _ indices: UnsafePointer<UInt16>, _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let source = matrix + Int(indices[e]) &* 16
    s0 += load(source, 0)
    e &+= 1
  }
}

@inline(__always) private func addCountedRows64(
  _ s0: inout Vector, _ s1: inout Vector, _ s2: inout Vector, _ s3: inout Vector, _ matrix: UnsafePointer<Float>,
  _ events: UnsafePointer<CountedEvent>, _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let event = events[e]
    let count = splat(event.count)
    let source = matrix + event.index &* 64
    s0.addProduct(count, load(source, 0))
    s1.addProduct(count, load(source, 16))
    s2.addProduct(count, load(source, 32))
    s3.addProduct(count, load(source, 48))
    e &+= 1
  }
}

@inline(__always) private func addCountedRows48(
  _ s0: inout Vector, _ s1: inout Vector, _ s2: inout Vector, _ matrix: UnsafePointer<Float>,
  _ events: UnsafePointer<CountedEvent>, _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let event = events[e]
    let count = splat(event.count)
    let source = matrix + event.index &* 48
    s0.addProduct(count, load(source, 0))
    s1.addProduct(count, load(source, 16))
    s2.addProduct(count, load(source, 32))
    e &+= 1
  }
}

@inline(__always) private func addCountedRows32(
  _ s0: inout Vector, _ s1: inout Vector, _ matrix: UnsafePointer<Float>, _ events: UnsafePointer<CountedEvent>,
  _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let event = events[e]
    let count = splat(event.count)
    let source = matrix + event.index &* 32
    s0.addProduct(count, load(source, 0))
    s1.addProduct(count, load(source, 16))
    e &+= 1
  }
}

@inline(__always) private func addCountedRows16(
  _ s0: inout Vector, _ matrix: UnsafePointer<Float>, _ events: UnsafePointer<CountedEvent>, _ begin: Int, _ end: Int
) {
  var e = begin
  while e < end {
    let event = events[e]
    let count = splat(event.count)
    let source = matrix + event.index &* 16
    s0.addProduct(count, load(source, 0))
    e &+= 1
  }
}
