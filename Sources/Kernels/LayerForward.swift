import KernelTable

/// The forward pass of a hidden layer: steps, panels, sums of the rows of spikes listed in the step before, and lists
/// of spikes. What happens in a unit is the model's.
///
/// All samples advance together, panel by panel within each step, so that a panel of the recurrent weights stays in a
/// near cache for all of them.
@inline(__always) func goForward<N: Neuron>(_ a: LayerForward, _ neuron: N, delays: DelayedSpikes?) {
  let rows = a.steps &+ 1
  let units = a.units
  let panels = (units &+ panelWidth &- 1) / panelWidth
  let statePlanes = N.planes(a.settings).state
  let sampleState = statePlanes &* units
  for u in 0..<(a.samples &* sampleState) { a.state[u] = 0 }
  for sample in 0..<a.samples { a.offsets[sample &* a.offsetsStride] = 0 }
  if let delays {
    for i in 0..<a.samples &* delays.steps { delays.counts[i] = 0 }
  }
  var t = 0
  while t < a.steps {
    for sample in 0..<a.samples {
      let offsets = a.offsets + sample &* a.offsetsStride
      offsets[t &+ 1] = offsets[t]
    }
    var place = 0
    while place < panels {
      // Alternate direction: the panel of weights used last, still in the cache, is used first in the next step.
      let base = (t & 1 == 0 ? place : panels &- 1 &- place) &* panelWidth
      let width = min(panelWidth, units &- base)
      let panel = a.recurrent.map { $0 + base &* a.recurrentRows }
      var sample = 0
      while sample < a.samples {
        let offsets = a.offsets + sample &* a.offsetsStride
        let list = a.spikes + sample &* a.spikesStride
        let record = a.record + sample &* a.recordStride + base &* rows
        let row = record + t &* width
        let step = ForwardStep(
          neuron: neuron, row: row, before: record + (t == 0 ? a.steps : t &- 1) &* width, recordPlane: a.recordPlane,
          state: a.state + sample &* sampleState + base, statePlane: units, base: base, bias: a.bias)
        var begin = t == 0 ? 0 : Int(offsets[t &- 1])
        var end = panel == nil ? begin : Int(offsets[t])
        var arriving = UnsafePointer(list)
        if let delays {
          arriving = UnsafePointer(delays.list(at: t, sample))
          (begin, end) = (0, delays.count(at: t, sample))
        }
        let source = panel ?? UnsafePointer(row)
        var spiked: UInt64 = 0
        var u = 0
        while u < width {
          if wideRegisters && width == 64 {
            let h = listedSum64(arriving, begin, end, source)
            spiked |= step.run(h.0, 0)
            spiked |= step.run(h.1, 16)
            spiked |= step.run(h.2, 32)
            spiked |= step.run(h.3, 48)
            u &+= 64
          } else if width &- u >= 32 {
            let h = listedSum32(arriving, begin, end, source + u, width)
            spiked |= step.run(h.0, u)
            spiked |= step.run(h.1, u &+ 16)
            u &+= 32
          } else {
            spiked |= step.run(listedSum16(arriving, begin, end, source + u, width), u)
            u &+= 16
          }
        }
        // List the units that spiked, eight bits at a time without branches; entries beyond the count get overwritten.
        var count = Int(offsets[t &+ 1])
        var first = SIMD8<UInt16>(repeating: UInt16(truncatingIfNeeded: base))
        u = 0
        while u < width {
          let bits = spiked & 0xff
          UnsafeMutableRawPointer(list + count).storeBytes(
            of: first &+ a.setBits[Int(truncatingIfNeeded: bits)], as: SIMD8<UInt16>.self)
          count &+= bits.nonzeroBitCount
          first &+= SIMD8(repeating: 8)
          spiked &>>= 8
          u &+= 8
        }
        if let delays {
          delays.add(list, from: Int(offsets[t &+ 1]), to: count, at: t, sample, until: a.steps)
          if place == panels &- 1 { delays.clear(at: t, sample) }
        }
        offsets[t &+ 1] = UInt32(truncatingIfNeeded: count)
        sample &+= 1
      }
      place &+= 1
    }
    if let traces = a.traces {
      for plane in 0..<statePlanes {
        for u in 0..<units { traces[(plane &* a.steps &+ t) &* units &+ u] = a.state[plane &* units &+ u] }
      }
    }
    t &+= 1
  }
}

extension DelayedSpikes {
  /// The rows that act at step `t`.
  @inline(__always) fileprivate func list(at t: Int, _ sample: Int) -> UnsafeMutablePointer<UInt16> {
    arrivals + (sample &* steps &+ t % steps) &* capacity
  }

  @inline(__always) fileprivate func count(at t: Int, _ sample: Int) -> Int {
    Int(counts[sample &* steps &+ t % steps])
  }

  @inline(__always) fileprivate func clear(at t: Int, _ sample: Int) { counts[sample &* steps &+ t % steps] = 0 }

  /// Lists the rows of the units that spiked at step `t`, `spikes[first..<end]`, for when they arrive, if that is
  /// before step `last`.
  @inline(__always) fileprivate func add(
    _ spikes: UnsafePointer<UInt16>, from first: Int, to end: Int, at t: Int, _ sample: Int, until last: Int
  ) {
    let counts = counts + sample &* steps
    let arrivals = arrivals + sample &* steps &* capacity
    var i = first
    while i < end {
      let unit = spikes[i]
      let step = t &+ 1 &+ Int(shifts[Int(unit)])
      if step < last {
        let place = step % steps
        arrivals[place &* capacity &+ Int(counts[place])] = unit &* 2
        counts[place] &+= 1
        if step &+ 1 < last && fractions[Int(unit)] > 0 {
          let place = place &+ 1 == steps ? 0 : place &+ 1
          arrivals[place &* capacity &+ Int(counts[place])] = unit &* 2 &+ 1
          counts[place] &+= 1
        }
      }
      i &+= 1
    }
  }
}

/// One step of one sample's panel.
private struct ForwardStep<N: Neuron> {
  let neuron: N
  let row: UnsafeMutablePointer<Float>
  let before: UnsafePointer<Float>
  let recordPlane: Int
  let state: UnsafeMutablePointer<Float>
  let statePlane: Int
  let base: Int
  let bias: UnsafePointer<Float>?

  /// The 16 units starting at `u`.
  ///
  /// - Parameter recurrent: the current that the previous step's spikes add.
  /// - Returns: bit `u + i` is set if unit `u + i` spikes.
  @inline(__always) func run(_ recurrent: Vector, _ u: Int) -> UInt64 {
    var current = recurrent + load(row, u)
    if let bias { current += load(bias, base &+ u) }
    let bits = neuron.forward(
      current, neuron.coefficients(base &+ u),
      Cell(
        row: row + u, before: before + u, recordPlane: recordPlane, state: state + u, statePlane: statePlane))
    return bits &<< UInt64(truncatingIfNeeded: u)
  }
}
