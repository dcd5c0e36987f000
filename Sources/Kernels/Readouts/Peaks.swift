import KernelTable

/// The readout of SpyTorch's tutorials, whose logits are the maxima of doubly filtered spikes: filter and maximum in
/// one pass, forward and backward (see `ReadoutFilter` and `Maximum`). In its adjoint, which leaves dL/dflt[t + 1] in
/// row t,
///
///     g_out[t] = beta g_out[t+1] + (gradient if t is the peak)
///     g_flt[t] = alpha g_flt[t+1] + g_out[t+1]
///
/// a class whose peak is at t = 0 passes back nothing.
struct Peaks {
  let filter: ReadoutFilter
  let alpha: Float

  func forward(logits: UnsafeMutablePointer<Float>, peak: UnsafeMutablePointer<Int32>, keepTrace: Bool) {
    let (alpha, beta) = (splat(alpha), splat(filter.settings.beta))
    var c = 0
    while c < filter.paddedClasses {
      var row = filter.row(0, c)
      let stride = filter.row(1, c) - row
      var filtered = splat(0), out = splat(0)
      var maximum = RunningMaximum(above: 0)
      var t = 0
      while t < filter.steps {
        let input = load(row, 0)
        out = filtered.addingProduct(beta, out)
        filtered = input.addingProduct(alpha, filtered)
        t &+= 1
        if keepTrace { store(out, row, 0) }
        row += stride
        maximum.add(out, at: t)
      }
      maximum.write(logits: logits, peak: peak, c)
      c &+= 16
    }
  }

  func backward(gradient: UnsafePointer<Float>, peak: UnsafePointer<Int32>) {
    let (alpha, beta) = (splat(alpha), splat(filter.settings.beta))
    var c = 0
    while c < filter.paddedClasses {
      var row = filter.row(filter.steps &- 1, c)
      let stride = filter.row(1, c) - filter.row(0, c)
      let gradient = load(gradient, c)
      let peak = UnsafeRawPointer(peak + c).loadUnaligned(as: SIMD16<Int32>.self)
      var gOut = splat(0), gFiltered = splat(0)
      var t = filter.steps &- 1
      while t >= 0 {
        let here = peak .== SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: t &+ 1))
        gOut += splat(0).replacing(with: gradient, where: here)
        store(gFiltered, row, 0)
        gFiltered = gOut.addingProduct(alpha, gFiltered)
        gOut *= beta
        row -= stride
        t &-= 1
      }
      c &+= 16
    }
  }
}
