import KernelTable

/// Logits that are sums over steps of the softmax of the trace over classes: `sum_softmax` (Baronig et al. 2025).
struct SumSoftmax {
  let filter: ReadoutFilter
  let classes: Int
  /// The first step that counts.
  let fromStep: Int

  /// - Parameters:
  ///   - logits: out, `[padded classes]`.
  ///   - work: `[2, padded classes]`.
  ///   - keepTrace: whether the trace stays in the record, instead of its softmax, which `backward` needs.
  func forward(logits: UnsafeMutablePointer<Float>, work: UnsafeMutablePointer<Float>, keepTrace: Bool) {
    let (errors, powers) = (work, work + filter.paddedClasses)
    var c = 0
    while c < filter.paddedClasses {
      store(splat(0), logits, c)
      store(splat(0), errors, c)
      c &+= 16
    }
    var t = fromStep
    while t < filter.steps {
      var largest = splat(-.infinity)
      c = 0
      while c < filter.paddedClasses {
        let out = membranes(t, c)
        largest.replace(with: out, where: out .> largest)
        c &+= 16
      }
      let top = splat(maximum(largest))
      var sum = splat(0)
      c = 0
      while c < filter.paddedClasses {
        let e = exponential(membranes(t, c) - top)
        store(e, powers, c)
        sum += e
        c &+= 16
      }
      let factor = splat(1 / total(sum))
      c = 0
      while c < filter.paddedClasses {
        let share = load(powers, c) * factor
        var logit = CompensatedSum(value: load(logits, c), error: load(errors, c))
        logit.add(share)
        store(logit.value, logits, c)
        store(logit.error, errors, c)
        if !keepTrace { store(share, filter.row(t, c), 0) }
        c &+= 16
      }
      t &+= 1
    }
  }

  /// The trace of 16 classes; minus infinity for padding.
  @inline(__always) private func membranes(_ t: Int, _ c: Int) -> Vector {
    let out = load(filter.row(t, c), 0)
    if c &+ 16 <= classes { return out }
    let lanes = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return out.replacing(
      with: -.infinity, where: lanes .>= SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: classes &- c)))
  }

  /// Sets dL/dout[t + 1] in row t, which holds p[t] = softmax(out[t + 1]): `p (g - sum over classes of p g)`.
  func backward(gradient: UnsafePointer<Float>) {
    var t = 0
    while t < filter.steps {
      var c = 0
      if t < fromStep {
        while c < filter.paddedClasses {
          store(splat(0), filter.row(t, c), 0)
          c &+= 16
        }
      } else {
        var sum = splat(0)
        while c < filter.paddedClasses {
          sum.addProduct(load(filter.row(t, c), 0), load(gradient, c))
          c &+= 16
        }
        let mean = splat(total(sum))
        c = 0
        while c < filter.paddedClasses {
          let row = filter.row(t, c)
          store(load(row, 0) * (load(gradient, c) - mean), row, 0)
          c &+= 16
        }
      }
      t &+= 1
    }
  }
}

/// The sum of the lanes, in an order of its own rather than the compiler's.
@inline(__always) func total(_ x: Vector) -> Float {
  let eight = x.lowHalf + x.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// The largest lane.
@inline(__always) private func maximum(_ x: Vector) -> Float {
  let eight = x.lowHalf.replacing(with: x.highHalf, where: x.highHalf .> x.lowHalf)
  let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
  let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
  return two[0] > two[1] ? two[0] : two[1]
}
