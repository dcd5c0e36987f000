import KernelTable

/// Logits that are the maximum of the trace over time: `max`.
struct Maximum {
  let filter: ReadoutFilter
  /// The first step that counts.
  let fromStep: Int

  /// - Parameters:
  ///   - logits: out, `[padded classes]`.
  ///   - peak: out, `[padded classes]`: the first step of the maximum, of 0...steps.
  func forward(logits: UnsafeMutablePointer<Float>, peak: UnsafeMutablePointer<Int32>) {
    var c = 0
    while c < filter.paddedClasses {
      var maximum = RunningMaximum(above: fromStep == 0 ? 0 : -.infinity)
      var t = fromStep
      while t < filter.steps {
        let out = load(filter.row(t, c), 0)
        t &+= 1
        maximum.add(out, at: t)
      }
      maximum.write(logits: logits, peak: peak, c)
      c &+= 16
    }
  }

  /// Sets dL/dout[t + 1] in row t.
  func backward(gradient: UnsafePointer<Float>, peak: UnsafePointer<Int32>) {
    var c = 0
    while c < filter.paddedClasses {
      let gradient = load(gradient, c)
      let peak = UnsafeRawPointer(peak + c).loadUnaligned(as: SIMD16<Int32>.self)
      var t = 0
      while t < filter.steps {
        let row = filter.row(t, c)
        t &+= 1
        let here = peak .== SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: t))
        store(splat(0).replacing(with: gradient, where: here), row, 0)
      }
      c &+= 16
    }
  }
}
