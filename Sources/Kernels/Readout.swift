import KernelTable

extension CompiledKernels {
  /// The leaky readout of one sample, no threshold and no reset:
  ///
  ///     flt[t+1] = alpha flt[t] + record[t]
  ///     out[t+1] = beta out[t] + flt[t]
  ///     logits   = max over t in 0...T of out[t], peak its first step
  ///
  /// - Parameters:
  ///   - classes: padded classes.
  ///   - record: panels, `[steps + 1, classes]`. In: the input at each step. Out, if `keepTrace`: `out[t + 1]` in row
  ///     t.
  ///   - logits: out, `[classes]`: the maximum over `out[0]...out[steps]`, where `out[0]` is zero.
  ///   - peak: out, `[classes]`: the first step of the maximum.
  public func readoutForward(
    steps: Int, classes: Int, record: UnsafeMutablePointer<Float>, alpha: Float, beta: Float,
    logits: UnsafeMutablePointer<Float>, peak: UnsafeMutablePointer<Int32>, keepTrace: Bool
  ) {
    let rows = steps &+ 1
    var base = 0
    while base < classes {
      let width = min(panelWidth, classes &- base)
      let panel = record + base &* rows
      var c = 0
      while c < width {
        var filtered = splat(0), out = splat(0), best = splat(0)
        var first = SIMD16<Int32>(repeating: 0)
        var t = 0
        while t < steps {
          let row = panel + t &* width + c
          let input = load(row, 0)
          out = filtered.addingProduct(splat(beta), out)
          filtered = input.addingProduct(splat(alpha), filtered)
          t &+= 1
          if keepTrace { store(out, row, 0) }
          let higher = out .> best
          best.replace(with: out, where: higher)
          first.replace(with: SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: t)), where: higher)
        }
        store(best, logits, base &+ c)
        UnsafeMutableRawPointer(peak + (base &+ c)).storeBytes(of: first, as: SIMD16<Int32>.self)
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
  /// A class whose peak is at t = 0 passes back nothing.
  ///
  /// - Parameters:
  ///   - classes: padded classes.
  ///   - record: out: panels, `[steps + 1, classes]`, dL/d(input of the step).
  ///   - gradient: `[classes]`, dL/dm.
  ///   - peak: `[classes]`
  public func readoutBackward(
    steps: Int, classes: Int, record: UnsafeMutablePointer<Float>, alpha: Float, beta: Float,
    gradient: UnsafePointer<Float>, peak: UnsafePointer<Int32>
  ) {
    let rows = steps &+ 1
    var base = 0
    while base < classes {
      let width = min(panelWidth, classes &- base)
      let panel = record + base &* rows
      var c = 0
      while c < width {
        let gradient = load(gradient, base &+ c)
        let peak = UnsafeRawPointer(peak + (base &+ c)).loadUnaligned(as: SIMD16<Int32>.self)
        var gOut = splat(0), gFiltered = splat(0)
        var t = steps &- 1
        while t >= 0 {
          let here = peak .== SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: t &+ 1))
          gOut += splat(0).replacing(with: gradient, where: here)
          store(gFiltered, panel + t &* width + c, 0)
          gFiltered = gOut.addingProduct(splat(alpha), gFiltered)
          gOut *= splat(beta)
          t &-= 1
        }
        c &+= 16
      }
      base &+= width
    }
  }
}
