import KernelTable

/// The adjoint of `goForward` for one lockstep of samples, so that the recurrent weights V are read once for all of
/// them. For each step, from the last to the first:
///
///     dL/ds[t] = source + regularizer + (what the model's adjoint of step t + 1 left) + V delta[t+1]
///                (with delays: of the steps at which the spikes arrive, see `DelayedFeedback`)
///     dL/dx[t] = dL/ds[t] * surrogate derivative of the membrane
///     delta[t] = dL/d(current) of the model's adjoint
///
/// Feedback from a readout that takes the maximum needs no dense product: since each class contributes at one step
/// only, `W2 D2[t]` obeys the readout's own recursion, with one row of the transposed W2 added per class.
@inline(__always) func goBackward<N: Neuron>(_ a: LayerBackward, _ neuron: N, delays: DelayedFeedback?) {
  let rows = a.steps &+ 1
  let units = a.units
  let samples = a.samples
  let size = lockstepSamples &* units
  let go = a.state
  let delta = a.state + size
  let pull = a.state + 2 &* size  // W2 g_out
  let filtered = a.state + 3 &* size  // W2 g_flt
  let spikeGradient = a.state + 4 &* size
  let state = a.state + LayerBackward.planes &* size
  let planes = LayerBackward.planes &+ N.planes(a.settings).adjoint
  for u in 0..<(planes &* size) { a.state[u] = 0 }
  if let delays {
    for u in 0..<(delays.steps &* size) { delays.shifted[u] = 0 }
  }

  if case .peaks(let readout) = a.source {
    listPeaks(readout, steps: a.steps, samples: samples)
    addPulls(readout, at: a.steps, steps: a.steps, samples: samples, units: units, to: pull)
  }
  var t = a.steps &- 1
  while t >= 0 {
    switch a.source {
    case .peaks(let readout):
      let alpha = splat(readout.alpha)
      let beta = splat(readout.beta)
      var u = 0
      while u < samples &* units {
        let f = load(filtered, u)
        let q = load(pull, u)
        store(f, go, u)
        store(q.addingProduct(alpha, f), filtered, u)
        store(q * beta, pull, u)
        u &+= 16
      }
      addPulls(readout, at: t, steps: a.steps, samples: samples, units: units, to: pull)
    case .layer(let feedback, let stride):
      copyRows(feedback, stride, at: t, rows: rows, samples: samples, units: units, to: go)
    case .rows(let readout):
      for u in 0..<size { go[u] = 0 }
      addReadoutRows(readout, at: t, rows: rows, samples: samples, units: units, to: go)
    }
    if let dropout = a.dropout { applyDropout(dropout, at: t, samples: samples, units: units, to: go) }
    if let regularizer = a.regularizer {
      var sample = 0
      while sample < samples {
        var u = 0
        while u < units {
          store(load(go, sample &* units &+ u) + load(regularizer, u), go, sample &* units &+ u)
          u &+= 16
        }
        sample &+= 1
      }
    }
    if neuron.hasSpikeGradient {
      var u = 0
      while u < samples &* units {
        store(load(go, u) + load(spikeGradient, u), go, u)
        u &+= 16
      }
    }
    if let transposed = a.recurrentTransposed {
      if let delays {
        for u in 0..<size { delays.product[u] = 0 }
        denseLockstep(
          out: delays.product, outStride: units, a: delta, aStride: units, matrix: transposed,
          blockStride: 16 &* units, blocks: units / 16, inner: units)
        delays.keepProduct(ofStep: t &+ 1, samples: samples, units: units)
        delays.addFeedback(at: t, samples: samples, units: units, to: go)
      } else {
        denseLockstep(
          out: go, outStride: units, a: delta, aStride: units, matrix: transposed, blockStride: 16 &* units,
          blocks: units / 16, inner: units)
      }
    }
    var base = 0
    while base < units {
      let width = min(panelWidth, units &- base)
      let record = a.record + base &* rows
      let row = record + t &* width
      let before = record + (t == 0 ? a.steps : t &- 1) &* width
      multiplyBySurrogate(
        a, go + base, row, threshold: neuron.layer.threshold,
        thresholds: neuron.hasMovingThreshold ? row + a.recordPlane : nil,
        width: width)
      // Units outside, samples inside: coefficients and sums stay in registers.
      var u = 0
      while u < width {
        let unit = base &+ u
        let coefficients = neuron.coefficients(unit)
        var sums = ParameterSums(a.sums + unit, plane: units)
        var bias = splat(0)
        var sample = 0
        while sample < samples {
          let i = sample &* units &+ unit
          let place = sample &* a.recordStride &+ u
          let result = neuron.adjoint(
            load(go, i), coefficients,
            AdjointCell(
              row: row + place, before: before + place, recordPlane: a.recordPlane, state: state + i,
              statePlane: size, spikeGradient: spikeGradient + i),
            &sums)
          store(result, row, place)
          store(result, delta, i)
          bias += result
          sample &+= 1
        }
        if neuron.layer.isTrained { sums.write(to: a.sums + unit, plane: units) }
        if let total = a.bias { store(load(total, unit) + bias, total, unit) }
        u &+= 16
      }
      base &+= width
    }
    t &-= 1
  }
}

extension DelayedFeedback {
  /// Keeps the product of step `t` where its units' spikes will ask for it.
  @inline(__always) fileprivate func keepProduct(ofStep t: Int, samples: Int, units: Int) {
    let size = lockstepSamples &* units
    let now = t % steps
    var unit = 0
    while unit < units {
      // A shift is less than the steps that are kept.
      let past = now &- Int(shifts[unit])
      let place = past < 0 ? past &+ steps : past
      let target = shifted + (place &* size &+ unit)
      let source = product + unit
      var i = 0
      while i < samples &* units {
        target[i] = source[i]
        i &+= units
      }
      unit &+= 1
    }
  }

  /// Adds what the spikes of step `t` get back.
  @inline(__always) fileprivate func addFeedback(
    at t: Int, samples: Int, units: Int, to out: UnsafeMutablePointer<Float>
  ) {
    let size = lockstepSamples &* units
    let first = shifted + (t &+ 1) % steps &* size
    let second = shifted + (t &+ 2) % steps &* size
    var unit = 0
    while unit < units {
      let (e, l) = (load(early, unit), load(late, unit))
      var i = unit
      while i < samples &* units {
        store(load(out, i).addingProduct(e, load(first, i)).addingProduct(l, load(second, i)), out, i)
        i &+= units
      }
      unit &+= 16
    }
  }
}

/// Copies one step's rows of all samples.
@inline(__always) private func copyRows(
  _ source: UnsafePointer<Float>, _ stride: Int, at t: Int, rows: Int, samples: Int, units: Int,
  to out: UnsafeMutablePointer<Float>
) {
  var sample = 0
  while sample < samples {
    let source = source + sample &* stride
    var base = 0
    while base < units {
      let width = min(panelWidth, units &- base)
      let row = source + base &* rows + t &* width
      var u = 0
      while u < width {
        store(load(row, u), out, sample &* units &+ base &+ u)
        u &+= 16
      }
      base &+= width
    }
    sample &+= 1
  }
}

/// Adds the readout's weights times dL/d(its input at step t).
@inline(__always) private func addReadoutRows(
  _ readout: ReadoutRows, at t: Int, rows: Int, samples: Int, units: Int, to out: UnsafeMutablePointer<Float>
) {
  copyRows(
    readout.record, readout.recordStride, at: t, rows: rows, samples: samples, units: readout.paddedClasses,
    to: readout.rows)
  denseLockstep(
    out: out, outStride: units, a: readout.rows, aStride: readout.paddedClasses, matrix: readout.weightsTransposed,
    blockStride: 16 &* readout.paddedClasses, blocks: units / 16, inner: readout.classes)
}

/// Links each sample's classes that reach their maximum at the same step into a list, in ascending order.
@inline(__always) private func listPeaks(_ readout: ReadoutFeedback, steps: Int, samples: Int) {
  var sample = 0
  while sample < samples {
    let first = readout.chains + sample &* (steps &+ 1 &+ readout.classes)
    let next = first + (steps &+ 1)
    let peak = readout.peak + sample &* readout.classStride
    for t in 0...steps { first[t] = -1 }
    var o = readout.classes &- 1
    while o >= 0 {
      let t = Int(peak[o])
      next[o] = first[t]
      first[t] = Int32(truncatingIfNeeded: o)
      o &-= 1
    }
    sample &+= 1
  }
}

/// Adds `gradient[o] * W2[:, o]` for the classes whose maximum is at step `t`.
@inline(__always) private func addPulls(
  _ readout: ReadoutFeedback, at t: Int, steps: Int, samples: Int, units: Int, to pull: UnsafeMutablePointer<Float>
) {
  var sample = 0
  while sample < samples {
    let first = readout.chains + sample &* (steps &+ 1 &+ readout.classes)
    let out = pull + sample &* units
    var o = Int(first[t])
    while o >= 0 {
      let g = splat(readout.gradient[sample &* readout.classStride &+ o])
      let weights = readout.weightsTransposed + o &* units
      var u = 0
      while u < units {
        store(load(out, u).addingProduct(g, load(weights, u)), out, u)
        u &+= 16
      }
      o = Int(first[steps &+ 1 &+ o])
    }
    sample &+= 1
  }
}
