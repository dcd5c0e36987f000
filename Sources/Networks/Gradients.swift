import Engine
import KernelTable

extension Network {
  /// Adds the gradient of every weight matrix, summed over slots in ascending order; call it after `backward`, and
  /// `finishGradients` after the last samples.
  ///
  /// - Parameters:
  ///   - input: of each slot.
  ///   - first: the first slot.
  public func gradients(
    of input: NetworkInput, first: Int, record: NetworkRecord, into gradient: Weights, scratch: Scratch
  ) {
    let clock = scratch.clock
    let layout = weights.layout
    let slots = first..<first + input.count
    clock.start()
    let events: ArraySlice<SampleEvents>
    switch input {
    case .events(let all): events = all
    case .values(let values):
      events = []
      for (slot, values) in zip(slots, values) {
        addEncoderGradients(values, slot: slot, record: record, into: gradient, scratch: scratch)
      }
      clock.lap(.inputGradient)
    }
    /// What the units or channels below a layer sent, by sender.
    func sent(to index: Int, _ slot: Int) -> PairedSparseRows {
      if let below = record.below(index) { return below.spikesUp.byUnit(slot) }
      return events[events.startIndex + slot - first].byChannel
    }
    for (index, layer) in record.layers.enumerated() {
      let (inputDelays, recurrentDelays) = (scratch.inputDelays[index], scratch.recurrentDelays[index])
      for base in layer.panels.bases {
        // A panel of a sample's deltas, read in random order, stays in the L1 cache for all matrices that feed it; a
        // panel of those matrices' gradients stays in the L2 cache for all slots.
        for slot in slots {
          // Samples are scattered in memory, so the next one is prefetched.
          if specification.readsData(index), base == 0, inputDelays == nil, slot + 1 < slots.upperBound {
            sent(to: index, slot + 1).prefetch()
          }
          let deltas = layer.values(slot) + base * layer.panels.rows
          if inputDelays == nil { sum(deltas, sent(to: index, slot), into: gradient, layout.inputs[index], base) }
          if index == 0 { clock.lap(.inputGradient) }
          if let tensor = layout.recurrents[index], recurrentDelays == nil {
            // A spike at step t acts on h[t + 1], one row further.
            sum(deltas + layer.panels.width(at: base), layer.spikes.byUnit(slot), into: gradient, tensor, base)
          }
          clock.lap(.spikeGradient)
        }
      }
      if let inputDelays {
        for slot in slots {
          sumDelayed(
            layer, slot, sent(to: index, slot), wait: 0, delayedInputs[index], inputDelays.lists[0],
            inputDelays.gradient)
        }
        clock.lap(index == 0 ? .inputGradient : .spikeGradient)
      }
      if let recurrentDelays {
        for slot in slots {
          sumDelayed(
            layer, slot, layer.spikes.byUnit(slot), wait: 1, delayedRecurrents[index], recurrentDelays.lists,
            recurrentDelays.gradient)
        }
        clock.lap(.spikeGradient)
      }
    }
    for base in record.readoutPanels.bases {
      for slot in slots {
        let deltas = record.readout(slot) + base * record.readoutPanels.rows
        sum(
          deltas, record.layers[record.layers.count - 1].spikesUp.byUnit(slot), into: gradient, layout.readout, base)
      }
    }
    clock.lap(.spikeGradient)
  }

  /// Adds the gradients of the rows of delayed weights.
  ///
  /// - Parameters:
  ///   - events: what was sent, by sender.
  ///   - wait: by how many steps it would be late without delays.
  private func sumDelayed(
    _ layer: NetworkRecord.Layer, _ slot: Int, _ events: PairedSparseRows, wait: Int, _ delayed: DelayedTensor?,
    _ lists: DelayedLists, _ gradient: AlignedBuffer<Float>
  ) {
    guard let rows = delayed?.training else { return }
    // Of rows that arrive after the last step the deltas are zero, as the record's last row is.
    let list = lists.bySender(events, of: rows, steps: specification.timeBins, wait: wait)
    for base in layer.panels.bases {
      kernels.sumPairs(
        out: gradient.pointer + base * rows.panels.rows, matrix: layer.values(slot) + base * layer.panels.rows,
        width: layer.panels.width(at: base), pairs: list.pairs, range: list.pairs(ofGroups: 0..<1),
        terms: list.terms, overwrite: false)
    }
  }

  /// For each list, adds the listed rows of a panel of deltas to the list's row of the same panel of a gradient.
  private func sum(
    _ deltas: UnsafePointer<Float>, _ lists: PairedSparseRows, into gradient: Weights, _ tensor: WeightTensor,
    _ base: Int
  ) {
    kernels.sumPairs(
      out: gradient.pointer(tensor) + base * tensor.panels.rows, matrix: deltas, width: tensor.panels.width(at: base),
      pairs: lists.pairs, range: lists.pairs(ofGroups: 0..<1), terms: lists.terms, overwrite: false)
  }
}
