import KernelTable

extension CompiledKernels {
  /// The readout of one sample: its membranes (see `ReadoutFilter`) and its logits.
  ///
  /// - Parameters:
  ///   - classes: not padded.
  ///   - record: panels, `[steps + 1, padded classes]`. In: the weighted spikes of each step. Out: what `readoutBackward`
  ///     needs, or with `keepTrace` instead `out[t + 1]` in row t.
  ///   - bias: `[padded classes]`, or nil.
  ///   - logits: out, `[padded classes]`.
  ///   - peak: out, `[padded classes]`: for `max`, the first step of the maximum, of 0...steps.
  ///   - work: `[2, padded classes]`.
  public func readoutForward(
    _ settings: ReadoutSettings, steps: Int, classes: Int, record: UnsafeMutablePointer<Float>,
    bias: UnsafePointer<Float>?, logits: UnsafeMutablePointer<Float>, peak: UnsafeMutablePointer<Int32>,
    work: UnsafeMutablePointer<Float>, keepTrace: Bool
  ) {
    let filter = ReadoutFilter(
      settings: settings, steps: steps, record: record, paddedClasses: (classes &+ 15) & ~15)
    if settings.hasPeaks, settings.fromStep == 0, bias == nil, let alpha = settings.alpha {
      return Peaks(filter: filter, alpha: alpha).forward(logits: logits, peak: peak, keepTrace: keepTrace)
    }
    filter.forward(bias: bias)
    switch settings.reduce {
    case .max: Maximum(filter: filter, fromStep: settings.fromStep).forward(logits: logits, peak: peak)
    case .last: Last(filter: filter).forward(logits: logits)
    case .mean: Mean(filter: filter, fromStep: settings.fromStep).forward(logits: logits)
    case .sumSoftmax:
      SumSoftmax(filter: filter, classes: classes, fromStep: settings.fromStep).forward(
        logits: logits, work: work, keepTrace: keepTrace)
    }
  }

  /// The adjoint of `readoutForward`: leaves dL/d(input) of each step in the record.
  ///
  /// - Parameters:
  ///   - classes: not padded.
  ///   - record: as `readoutForward` left it, without its trace.
  ///   - gradient: `[padded classes]`: dL/d(logits).
  ///   - bias: `[padded classes]`, added to: dL/d(bias), or nil.
  public func readoutBackward(
    _ settings: ReadoutSettings, steps: Int, classes: Int, record: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, peak: UnsafePointer<Int32>, bias: UnsafeMutablePointer<Float>?
  ) {
    let filter = ReadoutFilter(
      settings: settings, steps: steps, record: record, paddedClasses: (classes &+ 15) & ~15)
    if settings.hasPeaks, let alpha = settings.alpha {
      Peaks(filter: filter, alpha: alpha).backward(gradient: gradient, peak: peak)
    } else {
      switch settings.reduce {
      case .max: Maximum(filter: filter, fromStep: settings.fromStep).backward(gradient: gradient, peak: peak)
      case .last: Last(filter: filter).backward(gradient: gradient)
      case .mean: Mean(filter: filter, fromStep: settings.fromStep).backward(gradient: gradient)
      case .sumSoftmax:
        SumSoftmax(filter: filter, classes: classes, fromStep: settings.fromStep).backward(gradient: gradient)
      }
      filter.backward()
    }
    guard let bias else { return }
    var c = 0
    while c < filter.paddedClasses {
      var sum = CompensatedSum()
      var t = 0
      while t < steps {
        sum.add(load(filter.row(t, c), 0))
        t &+= 1
      }
      store(load(bias, c) + sum.value, bias, c)
      c &+= 16
    }
  }
}
