import Engine
import KernelTable

extension Network {
  /// Adds the gradient of every weight matrix, summed over slots in ascending order; call it after `backward`, and
  /// `scaleDropped` after the last samples.
  ///
  /// - Parameters:
  ///   - events: the input of each slot.
  ///   - first: the first slot.
  public func gradients(
    of events: ArraySlice<SampleEvents>, first: Int, record: NetworkRecord, into gradient: Weights, scratch: Scratch
  ) {
    let clock = scratch.clock
    let layout = weights.layout
    let slots = zip(first..<first + events.count, events)
    clock.start()
    for (index, layer) in record.layers.enumerated() {
      for base in layer.panels.bases {
        // A panel of a sample's deltas, read in random order, stays in the L1 cache for all matrices that feed it; a
        // panel of those matrices' gradients stays in the L2 cache for all slots.
        for (slot, sample) in slots {
          // Samples are scattered in memory, so the next one is prefetched.
          if index == 0, base == 0, slot + 1 < first + events.count {
            events[events.startIndex + slot + 1 - first].byChannel.prefetch()
          }
          let deltas = layer.values(slot) + base * layer.panels.rows
          let lists = index == 0 ? sample.byChannel : record.layers[index - 1].spikesUp.byUnit(slot)
          sum(deltas, lists, into: gradient, layout.inputs[index], base)
          if index == 0 { clock.lap(.inputGradient) }
          if let tensor = layout.recurrents[index] {
            // A spike at step t acts on h[t + 1], one row further.
            sum(deltas + layer.panels.width(at: base), layer.spikes.byUnit(slot), into: gradient, tensor, base)
          }
          clock.lap(.spikeGradient)
        }
      }
    }
    for base in record.readoutPanels.bases {
      for (slot, _) in slots {
        let deltas = record.readout(slot) + base * record.readoutPanels.rows
        sum(
          deltas, record.layers[record.layers.count - 1].spikesUp.byUnit(slot), into: gradient, layout.readout, base)
      }
    }
    clock.lap(.spikeGradient)
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
