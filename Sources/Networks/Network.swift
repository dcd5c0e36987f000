import Engine
import KernelTable

/// A network with its weights: forward pass, backward pass and gradients, on the slots of a `NetworkRecord` (see
/// `Shares` for the words slot, group and lockstep).
///
/// All of it is built on sums of listed matrix rows. Where the lists are known beforehand, `sumPairs` computes them:
/// input currents (rows of W1 listed by step) and weight gradients (rows of deltas listed by channel or unit). Currents
/// caused by spikes of the same pass, recurrent and to the next layer, are computed by `lifForward` and `sumRows`.
public final class Network: @unchecked Sendable {
  public let specification: NetworkSpecification
  public let weights: Weights
  let kernels: any KernelTable
  /// For each layer, its neurons' parameters.
  let neurons: [NeuronValues]
  /// Values that were set, with what the tensors then held: the exact ones, for as long as training does not move them.
  private var given: [WeightTensor: (represented: [Float], values: [Float])] = [:]
  /// For each layer, `V1` transposed for the backward pass, in blocks of 16 columns; nil if it is not recurrent.
  let recurrentTransposed: [AlignedBuffer<Float>?]
  /// The coefficients of the encoder's units; nil without one.
  let encoderCoefficients: AlignedBuffer<Float>?
  /// For each layer that reads other units, its input weights transposed.
  let inputTransposed: [AlignedBuffer<Float>?]
  /// `[classes, padded units]`, for `ReadoutFeedback`; else in blocks, for `ReadoutRows`.
  let readoutTransposed: AlignedBuffer<Float>
  /// For each layer, its input and recurrent weights with delays, or nil: while training and when evaluating.
  let delayedInputs: [DelayedTensor?]
  let delayedRecurrents: [DelayedTensor?]
  let readoutSettings: ReadoutSettings
  /// For each byte value, the positions of its set bits (see `LayerForward`).
  let setBits: AlignedBuffer<SIMD8<UInt16>>

  /// A network with all weights zero. Call `weightsDidChange` after setting the weights.
  public init(_ specification: NetworkSpecification, kernels: any KernelTable = Kernels.current) {
    self.specification = specification
    self.kernels = kernels
    let layout = WeightLayout(specification)
    weights = Weights(layout: layout)
    neurons = specification.hidden.map {
      NeuronValues($0, timeStep: specification.timeStep, kernels: kernels)
    }
    encoderCoefficients = specification.encoder.map {
      $0.coefficients(units: layout.inputs[0].panels.rows, timeStep: specification.timeStep, kernels: kernels)
    }
    readoutSettings = specification.readout.settings(timeStep: specification.timeStep)
    func transposed(_ tensor: WeightTensor) -> AlignedBuffer<Float> {
      AlignedBuffer(count: padded(tensor.panels.rows) * tensor.panels.paddedColumns)
    }
    recurrentTransposed = layout.recurrents.map { $0.map(transposed) }
    inputTransposed = layout.inputs.enumerated().map {
      specification.readsData($0.offset) ? nil : transposed($0.element)
    }
    readoutTransposed = transposed(layout.readout)
    delayedInputs = specification.hidden.enumerated().map { index, layer in
      layer.inputDelays.map {
        DelayedTensor(
          layout.inputs[index], layout.inputDelays[index]!, $0, isRounded: layer.roundsDelays, network: specification)
      }
    }
    delayedRecurrents = specification.hidden.enumerated().map { index, layer in
      guard let tensor = layout.recurrents[index], let delays = layer.recurrentDelays else { return nil }
      return DelayedTensor(
        tensor, layout.recurrentDelays[index]!, delays, isRounded: layer.roundsDelays, network: specification)
    }
    setBits = AlignedBuffer(count: 256)
    for byte in 0..<256 {
      for (place, bit) in (0..<8).filter({ byte >> $0 & 1 == 1 }).enumerated() {
        setBits.pointer[byte][place] = UInt16(bit)
      }
    }
  }

  /// Updates what is derived from the weights: the coefficients of neurons and the transposed matrices of the backward
  /// pass.
  public func weightsDidChange(pool: WorkerPool) {
    for (layer, values) in neurons.enumerated() {
      let tensors = weights.layout.parameters[layer]
      guard tensors.contains(where: { $0 != nil }) else { continue }
      for (index, tensor) in tensors.enumerated() {
        if let tensor { values.set(index, to: parameterValues(tensor, layer, index)) }
      }
      values.setCoefficients()
    }
    var jobs: [(tensor: WeightTensor, target: AlignedBuffer<Float>, blocks: Range<Int>)] = []
    let layout = weights.layout
    let pairs =
      Array(zip(layout.recurrents, recurrentTransposed)) + Array(zip(layout.inputs.map(Optional.init), inputTransposed))
    for (tensor, target) in pairs {
      guard let tensor, let target else { continue }
      let blocks = padded(tensor.panels.rows) / 16
      for first in stride(from: 0, to: blocks, by: 4) {
        jobs.append((tensor, target, first..<min(first + 4, blocks)))
      }
    }
    for delayed in delayedInputs + delayedRecurrents { delayed?.update(from: weights, pool: pool) }
    pool.run(tasks: jobs.count + 1) { _, task in
      if task < jobs.count {
        let job = jobs[task]
        job.tensor.panels.packTransposed(weights.pointer(job.tensor), into: job.target.pointer, blocks: job.blocks)
      } else if !readoutSettings.hasPeaks {
        let panels = layout.readout.panels
        panels.packTransposed(
          weights.pointer(layout.readout), into: readoutTransposed.pointer, blocks: 0..<padded(panels.rows) / 16)
      } else {
        let (panels, source) = (layout.readout.panels, weights.pointer(layout.readout))
        let stride = padded(panels.rows)
        for unit in 0..<panels.rows {
          for o in 0..<panels.columns {
            readoutTransposed.pointer[o * stride + unit] = source[panels.offset(row: unit, column: o)]
          }
        }
      }
    }
  }

  /// The values of a stored parameter, in physical units.
  private func parameterValues(_ tensor: WeightTensor, _ layer: Int, _ index: Int) -> [Float] {
    let stored = weights.matrix(tensor)
    if let given = given[tensor], given.represented == stored { return given.values }
    let parameter = specification.hidden[layer].neuron.parameters[index]
    return stored.map { Float(parameter.value(Double($0), timeStep: specification.timeStep)) }
  }

  /// A tensor as files hold it: matrices row-major, neuron parameters in physical units.
  public func stored(_ tensor: WeightTensor) -> [Float] {
    switch tensor.role {
    case .encoderGain, .encoderBias, .input, .recurrent, .bias, .readout, .readoutBias: return weights.matrix(tensor)
    case .parameter(let layer, let index): return parameterValues(tensor, layer, index)
    case .inputDelay, .recurrentDelay:
      let steps = weights.matrix(tensor)
      if let given = given[tensor], given.represented == steps { return given.values }
      return steps.map { seconds(ofSteps: $0) }
    }
  }

  /// A delay as files hold it.
  public func seconds(ofSteps steps: Float) -> Float { Float(Double(steps) * specification.timeStep) }

  /// Sets a tensor as files hold it. Call `weightsDidChange` after the last one.
  public func setStored(_ tensor: WeightTensor, to values: [Float]) {
    let represented: [Float]
    switch tensor.role {
    case .encoderGain, .encoderBias, .input, .recurrent, .bias, .readout, .readoutBias:
      return weights.set(tensor, to: values)
    case .parameter(let layer, let index):
      let parameter = specification.hidden[layer].neuron.parameters[index]
      represented = values.map { Float(parameter.represented(Double($0), timeStep: specification.timeStep)) }
    case .inputDelay, .recurrentDelay:
      // In single precision, as NumPy divides a float32 array: a delay near a whole number of steps then has the same
      // whole steps, and so the same derivative, as there.
      represented = values.map { $0 / Float(specification.timeStep) }
    }
    given[tensor] = (represented, values)
    weights.set(tensor, to: represented)
  }

  /// Moves trained parameters and delays that have left their bounds to the nearest value within, after an update.
  public func keepBounds() {
    for delayed in delayedInputs + delayedRecurrents { delayed?.keepBounds(weights) }
    for (layer, tensors) in weights.layout.parameters.enumerated() {
      for (index, tensor) in tensors.enumerated() {
        guard let tensor, tensor.isTrained,
          let bounds = specification.hidden[layer].neuron.parameters[index].storedBounds(
            timeStep: specification.timeStep)
        else { continue }
        let numbers = weights.pointer(tensor)
        // A NaN stays one, and is found by those who look for it.
        for i in 0..<tensor.panels.columns {
          if numbers[i] < bounds.lowerBound { numbers[i] = bounds.lowerBound }
          if numbers[i] > bounds.upperBound { numbers[i] = bounds.upperBound }
        }
      }
    }
  }

  /// Bytes of what a network keeps besides its weights for delays.
  public static func delayBytes(_ specification: NetworkSpecification) -> Int {
    let layout = WeightLayout(specification)
    return specification.hidden.enumerated().reduce(0) { total, layer in
      let copies = 2 * MemoryLayout<Float>.stride * (layer.element.roundsDelays ? 2 : 1)
      let input = layer.element.inputDelays == nil ? 0 : layout.inputs[layer.offset].panels.count
      let recurrent = layer.element.recurrentDelays == nil ? 0 : layout.recurrents[layer.offset]?.panels.count ?? 0
      return total + copies * (input + recurrent)
    }
  }

  /// Runs samples through the network, filling their slots with membranes, spikes, logits and peaks.
  ///
  /// - Parameters:
  ///   - input: at most `groupSamples` samples.
  ///   - first: the first slot.
  ///   - dropout: for each of the samples and a layer the key of its random numbers (see `dropoutKey`); nil: nothing
  ///     is dropped.
  ///   - evaluating: whether to round delays that are rounded when evaluating.
  ///   - keepTrace: whether to leave the readout's membrane in the record instead of what the backward pass needs.
  ///   - traces: out, per layer: the state of the first sample after each step (see `LayerForward.traces`), or nil.
  public func forward(
    _ input: NetworkInput, first: Int, record: NetworkRecord, scratch: Scratch,
    dropout: ((_ sample: Int, _ layer: Int) -> UInt64)? = nil, evaluating: Bool = false, keepTrace: Bool = false,
    traces: [AlignedBuffer<Float>]? = nil
  ) {
    let steps = specification.timeBins
    let slots = first..<first + input.count
    scratch.clock.start()
    if case .values(let values) = input { encode(values, slots, record: record, scratch: scratch) }
    for (index, layer) in specification.hidden.enumerated() {
      let kept = record.layers[index]
      let tensor = weights.layout.inputs[index]
      let delayedInput = delayedInputs[index]?.rows(evaluating: evaluating)
      let delayedRecurrent = delayedRecurrents[index]?.rows(evaluating: evaluating)
      if case .events(let events) = input, index == 0 {
        sumInput(events, slots, tensor, delayed: delayedInput, into: kept, scratch: scratch)
      } else {
        for slot in slots {
          project(
            index - 1, record, slot, tensor, delayed: delayedInput, into: kept.values(slot), panels: kept.panels,
            dropped: dropout != nil, scratch: scratch)
        }
      }
      scratch.clock.lap(index == 0 ? .input : .hidden)
      kernels.layerForward(
        LayerForward(
          settings: neurons[index].settings, samples: slots.count, steps: steps, units: kept.panels.paddedColumns,
          record: kept.values(first), recordStride: kept.stride, recordPlane: kept.panels.count,
          recurrent: delayedRecurrent.map { UnsafePointer($0.matrix.pointer) }
            ?? weights.layout.recurrents[index].map { UnsafePointer(weights.pointer($0)) },
          recurrentRows: delayedRecurrent?.panels.rows ?? layer.units,
          delays: delayedRecurrent.flatMap { scratch.recurrentDelays[index]?.spikes(of: $0) },
          bias: weights.layout.biases[index].map { UnsafePointer(weights.pointer($0)) },
          coefficients: neurons[index].coefficients.pointer, state: scratch.state.pointer,
          spikes: kept.spikes.spikes(first), spikesStride: kept.spikes.capacity,
          offsets: kept.spikes.stepOffsets(first), offsetsStride: steps + 1, setBits: setBits.pointer,
          traces: traces?[index].pointer))
      if let dropout, let left = kept.keptSpikes {
        for (sample, slot) in slots.enumerated() {
          kept.dropoutKeys.pointer[slot] = dropout(sample, index)
          kernels.dropSpikes(
            steps: steps, spikes: kept.spikes.spikes(slot), offsets: kept.spikes.stepOffsets(slot),
            mask: DropoutMask(keys: kept.dropoutKeys.pointer, probability: layer.dropout), sample: slot,
            kept: left.spikes(slot), keptOffsets: left.stepOffsets(slot))
        }
      }
      scratch.clock.lap(.hidden)
    }
    for slot in slots {
      project(
        record.layers.count - 1, record, slot, weights.layout.readout, delayed: nil, into: record.readout(slot),
        panels: record.readoutPanels, dropped: dropout != nil, scratch: scratch)
      kernels.readoutForward(
        readoutSettings, steps: steps, classes: specification.classes, record: record.readout(slot),
        bias: weights.layout.readoutBias.map { UnsafePointer(weights.pointer($0)) }, logits: record.logits(slot),
        peak: record.peak(slot), work: scratch.readoutRows.pointer, keepTrace: keepTrace)
    }
    scratch.clock.lap(.readout)
  }

  /// The input currents at each step: rows of W1 listed by step. Goes through W1 in blocks of rows, each for all
  /// samples, so that the block, read in random order, stays in the L1 cache.
  private func sumInput(
    _ events: ArraySlice<SampleEvents>, _ slots: Range<Int>, _ tensor: WeightTensor, delayed: DelayedRows?,
    into layer: NetworkRecord.Layer, scratch: Scratch
  ) {
    if let delayed, let work = scratch.inputDelays[0], let placer = work.placer {
      let lists = zip(events, work.lists).map { sample, lists in
        lists.byStep(sample.byChannel, of: delayed, steps: specification.timeBins, placer: placer)
      }
      scratch.clock.lap(.sort)
      sumListed(lists, slots, UnsafePointer(delayed.matrix.pointer), rows: delayed.panels.rows, into: layer)
    } else {
      sumListed(
        events.map(\.byTime), slots, UnsafePointer(weights.pointer(tensor)), rows: tensor.panels.rows, into: layer)
    }
  }

  /// For each slot, the sums of the listed rows of a matrix: panels `[rows, units]`.
  private func sumListed(
    _ lists: [PairedSparseRows], _ slots: Range<Int>, _ matrix: UnsafePointer<Float>, rows: Int,
    into layer: NetworkRecord.Layer
  ) {
    for base in layer.panels.bases {
      for block in 0..<SampleEvents.channelBlocks(of: rows) {
        for (slot, list) in zip(slots, lists) {
          // Samples are scattered in memory, so the next one is prefetched.
          if base == 0, block == 0, slot + 1 < slots.upperBound { lists[slot + 1 - slots.lowerBound].prefetch() }
          kernels.sumPairs(
            out: layer.values(slot) + base * layer.panels.rows, matrix: matrix + base * rows,
            width: layer.panels.width(at: base), pairs: list.pairs, range: list.pairs(ofGroups: block..<block + 1),
            terms: list.terms, overwrite: block == 0)
        }
      }
    }
  }

  /// `target[t, :]` = sum of the tensor's rows for those units of the layer `below`, -1 being the encoder, whose spikes
  /// go up and arrive at step t.
  private func project(
    _ below: Int, _ record: NetworkRecord, _ slot: Int, _ tensor: WeightTensor, delayed: DelayedRows?,
    into target: UnsafeMutablePointer<Float>, panels: Panels, dropped: Bool, scratch: Scratch
  ) {
    guard let layer = record.below(below + 1) else { return }
    let dropout = dropped ? layer.keptSpikes : nil
    let spikes = dropout ?? layer.spikes
    let steps = specification.timeBins
    func sum(
      _ matrix: UnsafePointer<Float>, _ stride: Int, _ offsets: UnsafePointer<UInt32>,
      _ rows: UnsafePointer<UInt16>
    ) {
      kernels.sumRows(
        out: target, outStride: panels.panelStride, matrix: matrix, matrixStride: stride,
        columns: panels.paddedColumns, rows: steps, offsets: offsets, indices: rows)
    }
    if let delayed, let lists = scratch.inputDelays[below + 1]?.lists[0] {
      let (offsets, rows) = lists.byStep(
        spikes: spikes.spikes(slot), starts: spikes.stepOffsets(slot), of: delayed, steps: steps)
      sum(UnsafePointer(delayed.matrix.pointer), delayed.panels.panelStride, offsets, rows)
    } else {
      sum(weights.pointer(tensor), tensor.panels.panelStride, spikes.stepOffsets(slot), spikes.spikes(slot))
    }
    if dropout != nil {
      kernels.scale(count: panels.count, values: target, by: specification.hidden[below].dropoutScale)
    }
  }

  /// Sorts a slot's spikes by unit, for gradients and spike counts.
  public func sortSpikes(slot: Int, record: NetworkRecord, scratch: Scratch) {
    scratch.clock.start()
    record.encoder?.spikes.sortByUnit(slot, placer: scratch.placer)
    for layer in record.layers {
      layer.spikes.sortByUnit(slot, placer: scratch.placer)
      layer.keptSpikes?.sortByUnit(slot, placer: scratch.placer)
    }
    scratch.clock.lap(.sort)
  }
}
