import KernelTable

extension CompiledKernels {
  /// Leaky integrate-and-fire units with exponential synapses (Cramer et al. 2020, eqs. 3 to 5), for several samples:
  ///
  ///     h[t]     = record[t] + sum over k that spiked at t - 1 of V1[k, :]
  ///     s[t]     = mem[t] > 1
  ///     mem[t+1] = (beta mem[t] + syn[t]) (1 - s[t])
  ///     syn[t+1] = alpha syn[t] + h[t]
  ///
  /// Kept for the backward pass: mem[t], which replaces the input, and the spikes, listed by step.
  ///
  /// All samples advance together, panel by panel within each step, so that a panel of `V1` stays in a near cache for
  /// all of them.
  ///
  /// - Parameters:
  ///   - units: padded units.
  ///   - record: panels `[steps + 1, units]` per sample. In: the input current at each step. Out: the membrane before
  ///     the reset of that step.
  ///   - recordStride: floats from one sample's record to the next.
  ///   - recurrent: panels, `[recurrentRows, units]` (from, to), or nil.
  ///   - state: work space, `[samples, 2, units]`: membrane and synaptic current.
  ///   - spikes: out, per sample: the units that spiked, by step; in even steps with panels ascending, in odd steps
  ///     with panels descending. Room for `steps * units + 16`.
  ///   - offsets: out, `[steps + 1]` per sample: step `t` owns `spikes[offsets[t]..<offsets[t + 1]]`.
  ///   - setBits: `[256]`: for each byte value the positions of its set bits, lowest first.
  public func lifForward(
    samples: Int, steps: Int, units: Int, record: UnsafeMutablePointer<Float>, recordStride: Int,
    recurrent: UnsafePointer<Float>?, recurrentRows: Int, alpha: Float, beta: Float, state: UnsafeMutablePointer<Float>,
    spikes: UnsafeMutablePointer<UInt16>, spikesStride: Int, offsets: UnsafeMutablePointer<UInt32>, offsetsStride: Int,
    setBits: UnsafePointer<SIMD8<UInt16>>
  ) {
    let rows = steps &+ 1
    let panels = (units &+ panelWidth &- 1) / panelWidth
    for u in 0..<(2 &* samples &* units) { state[u] = 0 }
    for sample in 0..<samples { offsets[sample &* offsetsStride] = 0 }
    let (alpha, beta) = (splat(alpha), splat(beta))
    var t = 0
    while t < steps {
      for sample in 0..<samples {
        let offsets = offsets + sample &* offsetsStride
        offsets[t &+ 1] = offsets[t]
      }
      var place = 0
      while place < panels {
        // Alternate direction: the panel of `V1` used last, still in the cache, is used first in the next step.
        let base = (t & 1 == 0 ? place : panels &- 1 &- place) &* panelWidth
        let width = min(panelWidth, units &- base)
        let panel = recurrent.map { $0 + base &* recurrentRows }
        var sample = 0
        while sample < samples {
          let offsets = offsets + sample &* offsetsStride
          let list = spikes + sample &* spikesStride
          let row = record + sample &* recordStride + base &* rows + t &* width
          let membrane = state + sample &* 2 &* units + base
          let synapse = membrane + units
          let begin = t == 0 ? 0 : Int(offsets[t &- 1])
          let end = panel == nil ? begin : Int(offsets[t])
          let source = panel ?? UnsafePointer(row)
          var spiked: UInt64 = 0
          var u = 0
          while u < width {
            if wideRegisters && width == 64 {
              let h = listedSum64(list, begin, end, source)
              spiked |= lifStep(h.0, row, membrane, synapse, 0, alpha, beta)
              spiked |= lifStep(h.1, row, membrane, synapse, 16, alpha, beta)
              spiked |= lifStep(h.2, row, membrane, synapse, 32, alpha, beta)
              spiked |= lifStep(h.3, row, membrane, synapse, 48, alpha, beta)
              u &+= 64
            } else if width &- u >= 32 {
              let h = listedSum32(list, begin, end, source + u, width)
              spiked |= lifStep(h.0, row, membrane, synapse, u, alpha, beta)
              spiked |= lifStep(h.1, row, membrane, synapse, u &+ 16, alpha, beta)
              u &+= 32
            } else {
              let h = listedSum16(list, begin, end, source + u, width)
              spiked |= lifStep(h, row, membrane, synapse, u, alpha, beta)
              u &+= 16
            }
          }
          // List the units that spiked, eight bits at a time without branches; entries beyond the count get
          // overwritten.
          var count = Int(offsets[t &+ 1])
          var first = SIMD8<UInt16>(repeating: UInt16(truncatingIfNeeded: base))
          u = 0
          while u < width {
            let bits = spiked & 0xff
            UnsafeMutableRawPointer(list + count).storeBytes(
              of: first &+ setBits[Int(truncatingIfNeeded: bits)], as: SIMD8<UInt16>.self)
            count &+= bits.nonzeroBitCount
            first &+= SIMD8(repeating: 8)
            spiked &>>= 8
            u &+= 8
          }
          offsets[t &+ 1] = UInt32(truncatingIfNeeded: count)
          sample &+= 1
        }
        place &+= 1
      }
      t &+= 1
    }
  }
}

/// One step of the 16 units starting at `u`.
///
/// - Parameter recurrent: the current added by the previous step's spikes.
/// - Returns: bit `u + i` is set if unit `u + i` spikes.
@inline(__always) private func lifStep(
  _ recurrent: Vector, _ row: UnsafeMutablePointer<Float>, _ membrane: UnsafeMutablePointer<Float>,
  _ synapse: UnsafeMutablePointer<Float>, _ u: Int, _ alpha: Vector, _ beta: Vector
) -> UInt64 {
  let spikes = spikeBits(membrane + u)
  let mem = load(membrane, u)
  let syn = load(synapse, u)
  let h = recurrent + load(row, u)
  store(mem, row, u)
  store(syn.addingProduct(beta, mem).replacing(with: 0, where: mem .> splat(1)), membrane, u)
  store(h.addingProduct(alpha, syn), synapse, u)
  return spikes &<< UInt64(truncatingIfNeeded: u)
}

extension CompiledKernels {
  /// The adjoint of `lifForward` for one lockstep of samples, so that `V1` transposed is read once for all of them:
  ///
  ///     delta[t] = dL/dh[t]   = gs[t+1]
  ///     go[t]    = dL/ds[t]   = feedback[t] + regularizer + V1 delta[t+1]
  ///     r        = gm[t+1] (1 - s[t])              (the reset is not differentiated)
  ///     gs[t]    = alpha gs[t+1] + r
  ///     gm[t]    = beta r + go[t] / (scale |mem[t] - 1| + 1)^2
  ///
  /// where gm = dL/dmem and gs = dL/dsyn. Feedback from the readout needs no dense product: since each class
  /// contributes at one step only, `W2 D2[t]` obeys the readout's own recursion, with one row of the transposed W2
  /// added per class.
  ///
  /// - Parameters:
  ///   - units: padded units.
  ///   - record: panels `[steps + 1, units]` per sample. In: membranes. Out: deltas, dL/dh at each step. Row `steps` is
  ///     zero.
  ///   - recordStride: floats from one sample's record to the next.
  ///   - samples: number of samples, at most `lockstepSamples`; the lanes left over are computed in the work space and
  ///     discarded.
  ///   - recurrentTransposed: `V1` transposed in blocks of 16 columns, `[units / 16][units][16]`, or nil.
  ///   - feedback: dL/ds from the layer above: panels `[steps + 1, units]` per sample. Not read if `readout` is given;
  ///     nil in networks with one hidden layer.
  ///   - readout: the source of dL/ds for the last hidden layer; nil for the others.
  ///   - regularizer: `[units]`: what the regularizer adds to dL/ds at every step, or nil.
  ///   - state: work space, `[6, lockstepSamples, units]`.
  public func lifBackward(
    steps: Int, units: Int, record: UnsafeMutablePointer<Float>, recordStride: Int, samples: Int,
    recurrentTransposed: UnsafePointer<Float>?, alpha: Float, beta: Float, surrogateScale: Float,
    feedback: UnsafePointer<Float>?, feedbackStride: Int, readout: ReadoutFeedback?, regularizer: UnsafePointer<Float>?,
    state: UnsafeMutablePointer<Float>
  ) {
    let rows = steps &+ 1
    let size = lockstepSamples &* units
    let gm = state
    var gs = state + size
    var gsNext = state + 2 &* size  // gs[t+2] = delta[t+1]
    let go = state + 3 &* size
    let pull = state + 4 &* size  // W2 g_out
    let filtered = state + 5 &* size  // W2 g_flt
    for u in 0..<(6 &* size) { state[u] = 0 }
    let alpha = splat(alpha)
    let beta = splat(beta)
    let scale = splat(surrogateScale)

    if let readout {
      listPeaks(readout, steps: steps, samples: samples)
      addPulls(readout, at: steps, steps: steps, samples: samples, units: units, to: pull)
    }
    var t = steps &- 1
    while t >= 0 {
      // dL/ds from above.
      if let readout {
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
        addPulls(readout, at: t, steps: steps, samples: samples, units: units, to: pull)
      } else if let feedback {
        var sample = 0
        while sample < samples {
          let source = feedback + sample &* feedbackStride
          var base = 0
          while base < units {
            let width = min(panelWidth, units &- base)
            let row = source + base &* rows + t &* width
            var u = 0
            while u < width {
              store(load(row, u), go, sample &* units &+ base &+ u)
              u &+= 16
            }
            base &+= width
          }
          sample &+= 1
        }
      }
      if let regularizer = regularizer {
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
      if let transposed = recurrentTransposed {
        denseLockstep(
          out: go, outStride: units, a: gsNext, aStride: units, matrix: transposed, blockStride: 16 &* units,
          blocks: units / 16, inner: units)
      }
      var sample = 0
      while sample < samples {
        let record = record + sample &* recordStride
        let offset = sample &* units
        var base = 0
        while base < units {
          let width = min(panelWidth, units &- base)
          let row = record + base &* rows + t &* width
          var u = 0
          while u < width {
            let i = offset &+ base &+ u
            let mem = load(row, u)
            let delta = load(gs, i)
            let r = load(gm, i).replacing(with: 0, where: mem .> splat(1))
            let slope = splat(1).addingProduct(scale, magnitude(mem - splat(1)))
            store(delta, row, u)
            store(r.addingProduct(alpha, delta), gsNext, i)
            store((load(go, i) / (slope * slope)).addingProduct(beta, r), gm, i)
            u &+= 16
          }
          base &+= width
        }
        sample &+= 1
      }
      // The product has read gsNext, which now holds gs[t]; gs holds delta[t].
      swap(&gs, &gsNext)
      t &-= 1
    }
  }
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
