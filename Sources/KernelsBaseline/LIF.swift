import KernelTable

/// Leaky integrate-and-fire units with exponential synapses, one sample (Cramer et al. 2020, eqs. 3 to 5):
///
///     h[t]     = record[t] + sum over k that spiked at t - 1 of V1[k, :]
///     s[t]     = mem[t] > 1
///     mem[t+1] = (beta mem[t] + syn[t]) (1 - s[t])
///     syn[t+1] = alpha syn[t] + h[t]
///
/// Kept for the backward pass: mem[t], in place of the input; the spikes as a list by step.
func lifForward(_ a: LIFForward) {
  let steps = a.steps
  let units = a.units
  let rows = steps &+ 1
  let membrane = a.state
  let synapse = a.state + units
  for u in 0..<(2 &* units) { a.state[u] = 0 }
  var count = 0
  var previous = 0
  a.offsets[0] = 0
  var t = 0
  while t < steps {
    let current = count
    var base = 0
    while base < units {
      let width = min(panelWidth, units &- base)
      let row = a.record + base &* rows + t &* width
      // The recurrent current is added to the record's row, the LIF step below reads it from there.
      if let recurrent = a.recurrent, previous < current {
        let panel = recurrent + base &* a.recurrentRows
        switch width {
        case 64:
          var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
          addRows64(&s0, &s1, &s2, &s3, panel, a.spikes, previous, current)
          store(s0 + load(row, 0), row, 0)
          store(s1 + load(row, 16), row, 16)
          store(s2 + load(row, 32), row, 32)
          store(s3 + load(row, 48), row, 48)
        case 48:
          var s0 = splat(0), s1 = splat(0), s2 = splat(0)
          addRows48(&s0, &s1, &s2, panel, a.spikes, previous, current)
          store(s0 + load(row, 0), row, 0)
          store(s1 + load(row, 16), row, 16)
          store(s2 + load(row, 32), row, 32)
        case 32:
          var s0 = splat(0), s1 = splat(0)
          addRows32(&s0, &s1, panel, a.spikes, previous, current)
          store(s0 + load(row, 0), row, 0)
          store(s1 + load(row, 16), row, 16)
        default:
          var s0 = splat(0)
          addRows16(&s0, panel, a.spikes, previous, current)
          store(s0 + load(row, 0), row, 0)
        }
      }
      var spiked: UInt64 = 0
      var u = 0
      while u < width {
        let mem = load(membrane, base &+ u)
        let syn = load(synapse, base &+ u)
        let h = load(row, u)
        store(mem, row, u)
        let next = syn.addingProduct(splat(a.beta), mem)
        store(next.replacing(with: 0, where: mem .> splat(1)), membrane, base &+ u)
        store(h.addingProduct(splat(a.alpha), syn), synapse, base &+ u)
        spiked |= spikeBits(mem) &<< UInt64(truncatingIfNeeded: u)
        u &+= 16
      }
      // Eight entries at a time without a branch for each; those beyond the count are overwritten by the next.
      let end = count &+ spiked.nonzeroBitCount
      let list = a.spikes
      while count < end {
        for i in 0..<8 {
          list[count &+ i] = UInt16(truncatingIfNeeded: base &+ spiked.trailingZeroBitCount)
          spiked &= spiked &- 1
        }
        count &+= 8
      }
      count = end
      base &+= width
    }
    previous = current
    t &+= 1
    a.offsets[t] = UInt32(truncatingIfNeeded: count)
  }
}

/// The adjoint of `lifForward` for a group of samples in lockstep, so that `V1` transposed is read once for all of them:
///
///     delta[t] = dL/dh[t]   = gs[t+1]
///     go[t]    = dL/ds[t]   = feedback[t] + regularizer + V1 delta[t+1]
///     r        = gm[t+1] (1 - s[t])              (the reset is not differentiated)
///     gs[t]    = alpha gs[t+1] + r
///     gm[t]    = beta r + go[t] / (scale |mem[t] - 1| + 1)^2
///
/// where gm = dL/dmem and gs = dL/dsyn. The feedback of the readout is not a dense product either: as each class pulls at
/// one step only, `W2 D2[t]` obeys the readout's own recursion, with one row of W2 transposed added per class.
func lifBackward(_ a: LIFBackward) {
  let steps = a.steps
  let units = a.units
  let rows = steps &+ 1
  let size = lockstepSamples &* units
  let gm = a.state
  var gs = a.state + size
  var gsNext = a.state + 2 &* size  // gs[t+2] = delta[t+1]
  let go = a.state + 3 &* size
  let pull = a.state + 4 &* size  // W2 g_out
  let filtered = a.state + 5 &* size  // W2 g_flt
  for u in 0..<(6 &* size) { a.state[u] = 0 }
  let alpha = splat(a.alpha)
  let beta = splat(a.beta)
  let scale = splat(a.surrogateScale)

  if let readout = a.readout { addPulls(readout, at: steps, samples: a.samples, units: units, to: pull) }
  var t = steps &- 1
  while t >= 0 {
    // dL/ds from above.
    if let readout = a.readout {
      let alpha = splat(readout.alpha)
      let beta = splat(readout.beta)
      var u = 0
      while u < a.samples &* units {
        let f = load(filtered, u)
        let q = load(pull, u)
        store(f, go, u)
        store(q.addingProduct(alpha, f), filtered, u)
        store(q * beta, pull, u)
        u &+= 16
      }
      addPulls(readout, at: t, samples: a.samples, units: units, to: pull)
    } else if let feedback = a.feedback {
      var sample = 0
      while sample < a.samples {
        let source = feedback + sample &* a.feedbackStride
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
    if let regularizer = a.regularizer {
      var sample = 0
      while sample < a.samples {
        var u = 0
        while u < units {
          store(load(go, sample &* units &+ u) + load(regularizer, u), go, sample &* units &+ u)
          u &+= 16
        }
        sample &+= 1
      }
    }
    if let transposed = a.recurrentTransposed {
      var block = 0
      while block < units {
        dense6(
          out: go + block, outStride: units, a: gsNext, aStride: units, matrix: transposed + block &* units,
          inner: units)
        block &+= 16
      }
    }
    var sample = 0
    while sample < a.samples {
      let record = a.record + sample &* a.recordStride
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
    // gsNext was read by the product and now holds gs[t]; gs holds delta[t].
    swap(&gs, &gsNext)
    t &-= 1
  }
}

/// Adds `gradient[o] * W2[:, o]` of the classes whose maximum is at step `t`.
@inline(__always) private func addPulls(
  _ readout: ReadoutFeedback, at t: Int, samples: Int, units: Int, to pull: UnsafeMutablePointer<Float>
) {
  var sample = 0
  while sample < samples {
    let peak = readout.peak + sample &* readout.classStride
    let out = pull + sample &* units
    var o = 0
    while o < readout.classes {
      if Int(peak[o]) == t {
        let g = splat(readout.gradient[sample &* readout.classStride &+ o])
        let weights = readout.weightsTransposed + o &* units
        var u = 0
        while u < units {
          store(load(out, u).addingProduct(g, load(weights, u)), out, u)
          u &+= 16
        }
      }
      o &+= 1
    }
    sample &+= 1
  }
}
