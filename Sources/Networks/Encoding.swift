import Engine
import KernelTable

/// The encoder's part of the passes; the layer that reads its spikes takes them as those of a layer below.
extension Network {
  /// Turns values into the encoder's spikes.
  func encode(
    _ values: ArraySlice<UnsafePointer<Float>>, _ slots: Range<Int>, record: NetworkRecord, scratch: Scratch
  ) {
    guard let kept = record.encoder, let coefficients = encoderCoefficients else { return }
    for (slot, values) in zip(slots, values) {
      if let input = encoderInput(values, scratch) { kernels.encoderCurrents(input, out: kept.values(slot)) }
    }
    scratch.clock.lap(.input)
    kernels.encoderForward(
      LayerForward(
        settings: EncoderSpecification.settings, samples: slots.count, steps: specification.timeBins,
        units: kept.panels.paddedColumns, record: kept.values(slots.lowerBound), recordStride: kept.stride,
        recordPlane: kept.panels.count, recurrent: nil, recurrentRows: 0, delays: nil, bias: nil,
        coefficients: coefficients.pointer, state: scratch.state.pointer,
        spikes: kept.spikes.spikes(slots.lowerBound), spikesStride: kept.spikes.capacity,
        offsets: kept.spikes.stepOffsets(slots.lowerBound), offsetsStride: specification.timeBins + 1,
        setBits: setBits.pointer))
    scratch.clock.lap(.hidden)
  }

  /// Turns the encoder's membranes into deltas, from those of the first hidden layer.
  func backwardEncoder(_ slots: Range<Int>, record: NetworkRecord, scratch: Scratch) {
    guard let encoder = specification.encoder, encoder.isTrained, let kept = record.encoder,
      let coefficients = encoderCoefficients,
      let source = feedback(to: kept, from: 0, slots, record: record, scratch: scratch)
    else { return }
    kernels.encoderBackward(
      LayerBackward(
        settings: EncoderSpecification.settings, surrogate: encoder.surrogate.kind,
        surrogateScale: Float(encoder.surrogate.scale), surrogateAmplitude: Float(encoder.surrogate.amplitude),
        samples: slots.count, steps: specification.timeBins, units: kept.panels.paddedColumns,
        record: kept.values(slots.lowerBound), recordStride: kept.stride, recordPlane: kept.panels.count,
        coefficients: coefficients.pointer, recurrentTransposed: nil, delays: nil, source: source, dropout: nil,
        regularizer: nil, sums: scratch.sums.pointer, bias: nil, state: scratch.state.pointer))
  }

  /// Adds the gradients of a slot's gains and biases; call it after `backward`.
  func addEncoderGradients(
    _ values: UnsafePointer<Float>, slot: Int, record: NetworkRecord, into gradient: Weights, scratch: Scratch
  ) {
    let layout = weights.layout
    guard specification.encoder?.isTrained == true, let kept = record.encoder, let gain = layout.encoderGain,
      let bias = layout.encoderBias, let input = encoderInput(values, scratch)
    else { return }
    kernels.encoderGradients(
      input, deltas: kept.values(slot), gain: gradient.pointer(gain), bias: gradient.pointer(bias))
  }

  private func encoderInput(_ values: UnsafePointer<Float>, _ scratch: Scratch) -> EncoderInput? {
    let layout = weights.layout
    guard let gain = layout.encoderGain, let bias = layout.encoderBias, let row = scratch.encoderRow else { return nil }
    return EncoderInput(
      values: values, steps: specification.timeBins, channels: specification.inputs, units: gain.panels.paddedColumns,
      gain: weights.pointer(gain), bias: weights.pointer(bias), row: row.pointer)
  }
}
