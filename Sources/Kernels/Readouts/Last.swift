/// Logits that are the trace after the last step: `last`.
struct Last {
  let filter: ReadoutFilter

  /// - Parameter logits: out, `[padded classes]`.
  func forward(logits: UnsafeMutablePointer<Float>) {
    var c = 0
    while c < filter.paddedClasses {
      store(load(filter.row(filter.steps &- 1, c), 0), logits, c)
      c &+= 16
    }
  }

  /// Sets dL/dout[t + 1] in row t.
  func backward(gradient: UnsafePointer<Float>) {
    var c = 0
    while c < filter.paddedClasses {
      var t = 0
      while t < filter.steps {
        store(t == filter.steps &- 1 ? load(gradient, c) : splat(0), filter.row(t, c), 0)
        t &+= 1
      }
      c &+= 16
    }
  }
}
