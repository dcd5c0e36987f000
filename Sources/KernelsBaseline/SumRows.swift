import KernelTable

/// `out[r, :] = (out[r, :] or 0) + sum over e in begin[r]..<end[r] of matrix[indices[e], :]`, one panel.
///
/// The event-driven product of the engine: an input of counts times weights (rows are steps, indices channels), and with
/// the same events in the other order their gradient (rows are channels, indices steps). Terms are added in the order of
/// the list, in blocks of 16 that start from zero, since the rounding error of one long chain grows with its length. The
/// result does not depend on how rows are shared among threads.
func sumRows(_ a: SumRows) {
  switch a.width {
  case 64: sumRows64(a)
  case 48: sumRows48(a)
  case 32: sumRows32(a)
  default: sumRows16(a)
  }
}

private let blockLength = 16

@inline(__always) private func sumRows64(_ a: SumRows) {
  for row in a.rows {
    let out = a.out + row &* 64
    let end = Int(a.end[row])
    var begin = Int(a.begin[row])
    var fresh = !a.accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
      addRows64(&s0, &s1, &s2, &s3, a.matrix, a.indices, begin, next)
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

@inline(__always) private func sumRows48(_ a: SumRows) {
  for row in a.rows {
    let out = a.out + row &* 48
    let end = Int(a.end[row])
    var begin = Int(a.begin[row])
    var fresh = !a.accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0), s1 = splat(0), s2 = splat(0)
      addRows48(&s0, &s1, &s2, a.matrix, a.indices, begin, next)
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

@inline(__always) private func sumRows32(_ a: SumRows) {
  for row in a.rows {
    let out = a.out + row &* 32
    let end = Int(a.end[row])
    var begin = Int(a.begin[row])
    var fresh = !a.accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0), s1 = splat(0)
      addRows32(&s0, &s1, a.matrix, a.indices, begin, next)
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

@inline(__always) private func sumRows16(_ a: SumRows) {
  for row in a.rows {
    let out = a.out + row &* 16
    let end = Int(a.end[row])
    var begin = Int(a.begin[row])
    var fresh = !a.accumulate
    repeat {
      let next = min(end, begin &+ blockLength)
      var s0 = splat(0)
      addRows16(&s0, a.matrix, a.indices, begin, next)
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
    s0 += load(matrix, Int(indices[e]) &* 16)
    e &+= 1
  }
}
