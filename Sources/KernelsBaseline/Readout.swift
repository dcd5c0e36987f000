import KernelTable

/// The leaky readout of one sample, no threshold and no reset:
///
///     flt[t+1] = alpha flt[t] + record[t]
///     out[t+1] = beta out[t] + flt[t]
///     maximum  = max over t in 0...T of out[t], peak its first step
func readoutForward(_ a: ReadoutForward) {
  let rows = a.steps &+ 1
  var base = 0
  while base < a.classes {
    let width = min(panelWidth, a.classes &- base)
    let panel = a.record + base &* rows
    var c = 0
    while c < width {
      var filtered = splat(0), out = splat(0), best = splat(0)
      var peak = SIMD16<Int32>(repeating: 0)
      var t = 0
      while t < a.steps {
        let row = panel + t &* width + c
        let input = load(row, 0)
        out = filtered.addingProduct(splat(a.beta), out)
        filtered = input.addingProduct(splat(a.alpha), filtered)
        t &+= 1
        if a.keepTrace { store(out, row, 0) }
        let higher = out .> best
        best.replace(with: out, where: higher)
        peak.replace(with: SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: t)), where: higher)
      }
      store(best, a.maximum, base &+ c)
      UnsafeMutableRawPointer(a.peak + (base &+ c)).storeBytes(of: peak, as: SIMD16<Int32>.self)
      c &+= 16
    }
    base &+= width
  }
}

/// The adjoint of `readoutForward`: `record[t] = dL/dflt[t+1]`, where
///
///     g_out[t] = beta g_out[t+1] + (gradient if t is the peak)
///     g_flt[t] = alpha g_flt[t+1] + g_out[t+1]
///
/// A class whose peak is at t = 0 passes nothing.
func readoutBackward(_ a: ReadoutBackward) {
  let rows = a.steps &+ 1
  var base = 0
  while base < a.classes {
    let width = min(panelWidth, a.classes &- base)
    let panel = a.record + base &* rows
    var c = 0
    while c < width {
      let gradient = load(a.gradient, base &+ c)
      let peak = UnsafeRawPointer(a.peak + (base &+ c)).loadUnaligned(as: SIMD16<Int32>.self)
      var gOut = splat(0), gFiltered = splat(0)
      var t = a.steps &- 1
      while t >= 0 {
        let here = peak .== SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: t &+ 1))
        gOut += splat(0).replacing(with: gradient, where: here)
        store(gFiltered, panel + t &* width + c, 0)
        gFiltered = gOut.addingProduct(splat(a.alpha), gFiltered)
        gOut *= splat(a.beta)
        t &-= 1
      }
      c &+= 16
    }
    base &+= width
  }
}
