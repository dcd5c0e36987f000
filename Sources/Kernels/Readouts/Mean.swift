/// Logits that are the mean of the trace over time: `mean`.
struct Mean {
  let filter: ReadoutFilter
  /// The first step that counts.
  let fromStep: Int

  private var weight: Vector { splat(1 / Float(filter.steps &- fromStep)) }

  /// - Parameter logits: out, `[padded classes]`.
  func forward(logits: UnsafeMutablePointer<Float>) {
    var c = 0
    while c < filter.paddedClasses {
      var sum = CompensatedSum()
      var t = fromStep
      while t < filter.steps {
        sum.add(load(filter.row(t, c), 0))
        t &+= 1
      }
      store(sum.value * weight, logits, c)
      c &+= 16
    }
  }

  /// Sets dL/dout[t + 1] in row t.
  func backward(gradient: UnsafePointer<Float>) {
    var c = 0
    while c < filter.paddedClasses {
      let gradient = load(gradient, c) * weight
      var t = 0
      while t < filter.steps {
        store(t < fromStep ? splat(0) : gradient, filter.row(t, c), 0)
        t &+= 1
      }
      c &+= 16
    }
  }
}
