import Engine
import KernelTable

extension Network {
  /// Backpropagation through time: turns the slots' membranes into deltas, and adds the gradients of neuron parameters
  /// and biases. `record.gradient` must hold dL/d(logits).
  ///
  /// - Parameter regularizer: what the regularizer adds to dL/ds: `[padded units]` per layer, or nil.
  public func backward(
    slots: Range<Int>, record: NetworkRecord, into gradient: Weights, scratch: Scratch,
    regularizer: [AlignedBuffer<Float>]?
  ) {
    scratch.clock.start()
    for first in stride(from: slots.lowerBound, to: slots.upperBound, by: lockstepSamples) {
      let lockstep = first..<min(first + lockstepSamples, slots.upperBound)
      backwardLockstep(lockstep, record: record, into: gradient, scratch: scratch, regularizer: regularizer)
    }
    scratch.clock.lap(.backward)
  }

  /// `backward` for one lockstep: at most `lockstepSamples` slots.
  private func backwardLockstep(
    _ slots: Range<Int>, record: NetworkRecord, into gradient: Weights, scratch: Scratch,
    regularizer: [AlignedBuffer<Float>]?
  ) {
    let (first, count) = (slots.lowerBound, slots.count)
    let steps = specification.timeBins
    let layout = weights.layout
    for slot in slots {
      kernels.readoutBackward(
        readoutSettings, steps: steps, classes: specification.classes, record: record.readout(slot),
        gradient: record.gradient(slot), peak: record.peak(slot), bias: layout.readoutBias.map(gradient.pointer))
    }
    for index in specification.hidden.indices.reversed() {
      let layer = specification.hidden[index]
      let neuron = neurons[index]
      let kept = record.layers[index]
      for i in 0..<NeuronPlanes.sums * kept.panels.paddedColumns { scratch.sums.pointer[i] = 0 }
      kernels.layerBackward(
        LayerBackward(
          settings: neuron.settings, surrogate: layer.surrogate.kind, surrogateScale: Float(layer.surrogate.scale),
          surrogateAmplitude: Float(layer.surrogate.amplitude), samples: count, steps: steps,
          units: kept.panels.paddedColumns, record: kept.values(first), recordStride: kept.stride,
          recordPlane: kept.panels.count, coefficients: neuron.coefficients.pointer,
          recurrentTransposed: recurrentTransposed[index].map { UnsafePointer($0.pointer) },
          delays: delayedRecurrents[index].flatMap { scratch.recurrentDelays[index]?.feedback(of: $0.training) },
          source: source(ofLayer: index, slots, record: record, scratch: scratch),
          dropout: kept.keptSpikes.map { _ in
            DropoutMask(keys: kept.dropoutKeys.pointer + first, probability: layer.dropout)
          },
          regularizer: regularizer.map { UnsafePointer($0[index].pointer) }, sums: scratch.sums.pointer,
          bias: layout.biases[index].map(gradient.pointer), state: scratch.state.pointer))
      if neuron.settings.trainsParameters {
        neuron.addGradients(scratch.sums.pointer, layout.parameters[index], to: gradient)
      }
    }
    backwardEncoder(slots, record: record, scratch: scratch)
  }

  /// Where a layer's dL/ds comes from; for all but the last layer, computes it from the deltas of the layer above.
  private func source(
    ofLayer index: Int, _ slots: Range<Int>, record: NetworkRecord, scratch: Scratch
  ) -> LayerBackward.Source {
    let first = slots.lowerBound
    if index + 1 < record.layers.count,
      let source = feedback(to: record.layers[index], from: index + 1, slots, record: record, scratch: scratch)
    {
      return source
    }
    if readoutSettings.hasPeaks, let alpha = readoutSettings.alpha {
      return .peaks(
        ReadoutFeedback(
          classes: specification.classes, weightsTransposed: readoutTransposed.pointer,
          gradient: record.gradient(first), peak: record.peak(first),
          classStride: record.readoutPanels.paddedColumns, alpha: alpha, beta: readoutSettings.beta,
          chains: scratch.chains.pointer))
    }
    return .rows(
      ReadoutRows(
        classes: specification.classes, paddedClasses: record.readoutPanels.paddedColumns,
        record: record.readout(first), recordStride: record.readoutPanels.count,
        weightsTransposed: readoutTransposed.pointer, rows: scratch.readoutRows.pointer))
  }

  /// dL/ds of the units below a layer, from the layer's deltas; nil if the layer reads the spikes of the data.
  func feedback(
    to below: NetworkRecord.Layer, from index: Int, _ slots: Range<Int>, record: NetworkRecord, scratch: Scratch
  ) -> LayerBackward.Source? {
    guard let feedback = scratch.feedback, let transposed = inputTransposed[index] else { return nil }
    let above = record.layers[index]
    for (i, slot) in slots.enumerated() {
      let target = feedback.pointer + i * below.panels.count
      kernels.denseRows(
        out: target, outRows: below.panels.rows, rows: specification.timeBins, columns: below.panels.paddedColumns,
        a: above.values(slot), inRows: above.panels.rows, inner: above.panels.paddedColumns,
        matrix: transposed.pointer)
      delayedInputs[index]?.training.delayFeedback(target, panels: below.panels)
    }
    return .layer(feedback.pointer, stride: below.panels.count)
  }

  /// Call it once, when all samples of a thread's `scratch` are summed by `gradients`: multiplies the gradients of what
  /// dropout's kept spikes reach, summed as if each counted 1, by what they do count, and adds those of delayed rows to
  /// the gradients of weights and delays.
  public func finishGradients(_ gradient: Weights, scratch: Scratch) {
    for (index, layer) in specification.hidden.enumerated() {
      if let delayed = delayedRecurrents[index], let work = scratch.recurrentDelays[index] {
        delayed.addGradients(work.gradient, scale: 1, weights: weights, to: gradient)
      }
      if let delayed = delayedInputs[index], let work = scratch.inputDelays[index] {
        let scale =
          index > 0 && specification.hidden[index - 1].dropout > 0
          ? specification.hidden[index - 1].dropoutScale : 1
        delayed.addGradients(work.gradient, scale: scale, weights: weights, to: gradient)
      }
      guard layer.dropout > 0 else { continue }
      let isLast = index + 1 == specification.hidden.count
      if !isLast && delayedInputs[index + 1] != nil { continue }
      let tensor = isLast ? weights.layout.readout : weights.layout.inputs[index + 1]
      kernels.scale(count: tensor.panels.count, values: gradient.pointer(tensor), by: layer.dropoutScale)
    }
  }
}
