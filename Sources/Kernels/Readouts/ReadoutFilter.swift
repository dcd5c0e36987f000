import KernelTable

/// The leaky membrane of a readout, without threshold and reset, one vector of classes at a time:
///
///     flt[t+1] = alpha flt[t] + h[t],  out[t+1] = beta out[t] + k flt[t]     with a synapse
///     out[t+1] = beta out[t] + k h[t]                                        without
///
/// where h[t] is the record's row t, plus the bias.
struct ReadoutFilter {
  let settings: ReadoutSettings
  let steps: Int
  /// Panels `[steps + 1, padded classes]`.
  let record: UnsafeMutablePointer<Float>
  let paddedClasses: Int

  /// Where row t of the 16 classes from c on stands.
  @inline(__always) func row(_ t: Int, _ c: Int) -> UnsafeMutablePointer<Float> {
    let base = c & ~(panelWidth &- 1)
    let width = min(panelWidth, paddedClasses &- base)
    return record + base &* (steps &+ 1) + t &* width + (c &- base)
  }

  /// Replaces row t of the record by out[t + 1].
  func forward(bias: UnsafePointer<Float>?) {
    let beta = splat(settings.beta)
    let scale = splat(settings.inputScale)
    var c = 0
    while c < paddedClasses {
      let stride = row(1, c) - row(0, c)
      let added = bias.map { load($0, c) } ?? splat(0)
      var row = row(0, c)
      var out = splat(0)
      var t = 0
      if let alpha = settings.alpha {
        var filtered = splat(0)
        while t < steps {
          out = (scale * filtered).addingProduct(beta, out)
          filtered = (load(row, 0) + added).addingProduct(splat(alpha), filtered)
          store(out, row, 0)
          row += stride
          t &+= 1
        }
      } else {
        while t < steps {
          out = (scale * (load(row, 0) + added)).addingProduct(beta, out)
          store(out, row, 0)
          row += stride
          t &+= 1
        }
      }
      c &+= 16
    }
  }

  /// The adjoint: replaces dL/dout[t + 1] in row t of the record, through the logits alone, by dL/dh[t].
  func backward() {
    let beta = splat(settings.beta)
    let scale = splat(settings.inputScale)
    var c = 0
    while c < paddedClasses {
      let stride = row(1, c) - row(0, c)
      var row = row(steps &- 1, c)
      var gOut = splat(0)
      var t = steps
      if let alpha = settings.alpha {
        var gFiltered = splat(0)
        while t > 0 {
          gOut += load(row, 0)
          store(gFiltered, row, 0)
          gFiltered = (scale * gOut).addingProduct(splat(alpha), gFiltered)
          gOut *= beta
          row -= stride
          t &-= 1
        }
      } else {
        while t > 0 {
          gOut += load(row, 0)
          store(scale * gOut, row, 0)
          gOut *= beta
          row -= stride
          t &-= 1
        }
      }
      c &+= 16
    }
  }
}
