import Engine
import KernelTable

/// A network with its weights: forward pass, backward pass and gradients, on the slots of a `NetworkRecord` (see
/// `Shares` for the words slot, group and lockstep).
///
/// All of it is built on sums of listed matrix rows. Where the lists are known beforehand, `sumPairs` computes them:
/// input currents (rows of W1 listed by step) and weight gradients (rows of deltas listed by channel or unit). Currents
/// caused by spikes of the same pass, recurrent and to the next layer, are computed by `lifForward` and `sumRows`.
public final class Network: Sendable {
  public let specification: NetworkSpecification
  public let weights: Weights
  let kernels: any KernelTable
  /// For each layer, `V1` transposed for the backward pass, in blocks of 16 columns; nil if it is not recurrent.
  private let recurrentTransposed: [AlignedBuffer<Float>?]
  /// For each layer but the first, its input weights transposed.
  private let inputTransposed: [AlignedBuffer<Float>?]
  /// `[classes, padded units]`
  private let readoutTransposed: AlignedBuffer<Float>
  /// For each byte value, the positions of its set bits (see `lifForward`).
  private let setBits: AlignedBuffer<SIMD8<UInt16>>

  /// A network with all weights zero. Call `weightsDidChange` after setting the weights.
  public init(_ specification: NetworkSpecification, kernels: any KernelTable = Kernels.current) {
    self.specification = specification
    self.kernels = kernels
    let layout = WeightLayout(specification)
    weights = Weights(layout: layout)
    func transposed(_ tensor: WeightTensor) -> AlignedBuffer<Float> {
      AlignedBuffer(count: padded(tensor.panels.rows) * tensor.panels.paddedColumns)
    }
    recurrentTransposed = layout.recurrents.map { $0.map(transposed) }
    inputTransposed = layout.inputs.enumerated().map { $0.offset == 0 ? nil : transposed($0.element) }
    readoutTransposed = AlignedBuffer(count: padded(layout.readout.panels.rows) * specification.classes)
    setBits = AlignedBuffer(count: 256)
    for byte in 0..<256 {
      for (place, bit) in (0..<8).filter({ byte >> $0 & 1 == 1 }).enumerated() {
        setBits.pointer[byte][place] = UInt16(bit)
      }
    }
  }

  /// Work space of one thread.
  public final class Scratch: Sendable {
    let state: AlignedBuffer<Float>
    /// dL/ds from the layer above; nil with a single hidden layer.
    let feedback: AlignedBuffer<Float>?
    let placer: RowPairPlacer
    /// See `ReadoutFeedback`.
    let chains: AlignedBuffer<Int32>
    /// How long the thread spent in each phase.
    public let clock = PhaseClock()

    public init(_ specification: NetworkSpecification) {
      state = AlignedBuffer(count: Self.stateCount(specification))
      feedback = Self.feedbackCount(specification).map { AlignedBuffer(count: $0) }
      placer = RowPairPlacer(keys: Self.mostUnits(specification), longest: specification.timeBins)
      chains = AlignedBuffer(count: Self.chainCount(specification))
    }

    private static func chainCount(_ specification: NetworkSpecification) -> Int {
      lockstepSamples * (specification.timeBins + 1 + specification.classes)
    }

    private static func mostUnits(_ specification: NetworkSpecification) -> Int {
      specification.hidden.map(\.units).max() ?? 0
    }

    private static func stateCount(_ specification: NetworkSpecification) -> Int {
      // Forward: membrane and synaptic current of each sample. Backward: see `lifBackward`.
      max(2 * specification.groupSamples, 6 * lockstepSamples) * padded(mostUnits(specification))
    }
    private static func feedbackCount(_ specification: NetworkSpecification) -> Int? {
      let below = specification.hidden.dropLast().map { padded($0.units) }.max()
      return below.map { lockstepSamples * (specification.timeBins + 1) * $0 }
    }

    /// Bytes of one thread's work space.
    public static func bytes(_ specification: NetworkSpecification) -> Int {
      4 * (stateCount(specification) + (feedbackCount(specification) ?? 0) + chainCount(specification))
        + RowPairPlacer.bytes(keys: mostUnits(specification), longest: specification.timeBins)
    }
  }

  /// Updates what is derived from the weights: the transposed matrices of the backward pass.
  public func weightsDidChange(pool: WorkerPool) {
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
    pool.run(tasks: jobs.count + 1) { _, task in
      if task < jobs.count {
        let job = jobs[task]
        job.tensor.panels.packTransposed(weights.pointer(job.tensor), into: job.target.pointer, blocks: job.blocks)
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

  private func alpha(_ layer: HiddenLayerSpecification) -> Float {
    decay(timeStep: specification.timeStep, tau: layer.neuron["tau_syn"]?.fixedValue ?? 0)
  }
  private func beta(_ layer: HiddenLayerSpecification) -> Float {
    decay(timeStep: specification.timeStep, tau: layer.neuron["tau_mem"]?.fixedValue ?? 0)
  }

  /// Runs samples through the network, filling their slots with membranes, spikes, logits and peaks.
  ///
  /// - Parameters:
  ///   - events: one per slot; at most `groupSamples`.
  ///   - first: the first slot.
  ///   - keepTrace: whether to leave the readout's membrane in the record instead of its input.
  public func forward(
    _ events: ArraySlice<SampleEvents>, first: Int, record: NetworkRecord, scratch: Scratch, keepTrace: Bool = false
  ) {
    let steps = specification.timeBins
    let slots = first..<first + events.count
    scratch.clock.start()
    for (index, layer) in specification.hidden.enumerated() {
      let kept = record.layers[index]
      let tensor = weights.layout.inputs[index]
      if index == 0 {
        sumInput(events, slots, tensor, into: kept)
      } else {
        for slot in slots {
          project(record.layers[index - 1], slot, tensor, into: kept.values(slot), panels: kept.panels)
        }
      }
      scratch.clock.lap(index == 0 ? .input : .hidden)
      let recurrent = weights.layout.recurrents[index].map { UnsafePointer(weights.pointer($0)) }
      switch layer.neuron.model {
      case .alif, .adlif, .efAdlif, .seAdlif: preconditionFailure("not yet")
      case .lif:
        kernels.lifForward(
          samples: events.count, steps: steps, units: kept.panels.paddedColumns, record: kept.values(first),
          recordStride: kept.panels.count, recurrent: recurrent, recurrentRows: layer.units, alpha: alpha(layer),
          beta: beta(layer), state: scratch.state.pointer, spikes: kept.spikes(first),
          spikesStride: kept.spikeCapacity, offsets: kept.stepOffsets(first), offsetsStride: steps + 1,
          setBits: setBits.pointer)
      }
      scratch.clock.lap(.hidden)
    }
    for slot in slots {
      project(
        record.layers[record.layers.count - 1], slot, weights.layout.readout, into: record.readout(slot),
        panels: record.readoutPanels)
      kernels.readoutForward(
        steps: steps, classes: record.readoutPanels.paddedColumns, record: record.readout(slot),
        alpha: decay(timeStep: specification.timeStep, tau: specification.readout.tauSyn ?? 0),
        beta: decay(timeStep: specification.timeStep, tau: specification.readout.tauMem),
        logits: record.logits(slot), peak: record.peak(slot), keepTrace: keepTrace)
    }
    scratch.clock.lap(.readout)
  }

  /// The input currents at each step: rows of W1 listed by step. Goes through W1 in blocks of rows, each for all
  /// samples, so that the block, read in random order, stays in the L1 cache.
  private func sumInput(
    _ events: ArraySlice<SampleEvents>, _ slots: Range<Int>, _ tensor: WeightTensor, into layer: NetworkRecord.Layer
  ) {
    for base in layer.panels.bases {
      for block in 0..<SampleEvents.channelBlocks(of: specification.inputs) {
        for (slot, sample) in zip(slots, events) {
          // Samples are scattered in memory, so the next one is prefetched.
          if base == 0, block == 0, slot + 1 < slots.upperBound {
            events[events.startIndex + slot + 1 - slots.lowerBound].byTime.prefetch()
          }
          kernels.sumPairs(
            out: layer.values(slot) + base * layer.panels.rows,
            matrix: weights.pointer(tensor) + base * tensor.panels.rows, width: layer.panels.width(at: base),
            pairs: sample.byTime.pairs, range: sample.byTime.pairs(ofGroups: block..<block + 1),
            terms: sample.byTime.terms, overwrite: block == 0)
        }
      }
    }
  }

  /// `target[t, :]` = sum of the tensor's rows for those units of the layer below that spiked at step t.
  private func project(
    _ below: NetworkRecord.Layer, _ slot: Int, _ tensor: WeightTensor, into target: UnsafeMutablePointer<Float>,
    panels: Panels
  ) {
    kernels.sumRows(
      out: target, outStride: panels.panelStride, matrix: weights.pointer(tensor),
      matrixStride: tensor.panels.panelStride, columns: panels.paddedColumns, rows: specification.timeBins,
      offsets: below.stepOffsets(slot), indices: below.spikes(slot))
  }

  /// Sorts a slot's spikes by unit, for gradients and spike counts.
  public func sortSpikes(slot: Int, record: NetworkRecord, scratch: Scratch) {
    scratch.clock.start()
    for layer in record.layers { layer.sortByUnit(slot, placer: scratch.placer) }
    scratch.clock.lap(.sort)
  }

  /// Backpropagation through time: turns the slots' membranes into deltas. `record.gradient` must hold dL/d(logits).
  ///
  /// - Parameter regularizer: what the regularizer adds to dL/ds: `[padded units]` per layer, or nil.
  public func backward(
    slots: Range<Int>, record: NetworkRecord, scratch: Scratch, regularizer: [AlignedBuffer<Float>]?
  ) {
    scratch.clock.start()
    for first in stride(from: slots.lowerBound, to: slots.upperBound, by: lockstepSamples) {
      let lockstep = first..<min(first + lockstepSamples, slots.upperBound)
      backwardLockstep(lockstep, record: record, scratch: scratch, regularizer: regularizer)
    }
    scratch.clock.lap(.backward)
  }

  /// `backward` for one lockstep: at most `lockstepSamples` slots.
  private func backwardLockstep(
    _ slots: Range<Int>, record: NetworkRecord, scratch: Scratch, regularizer: [AlignedBuffer<Float>]?
  ) {
    let (first, count) = (slots.lowerBound, slots.count)
    let steps = specification.timeBins
    let alphaOut = decay(timeStep: specification.timeStep, tau: specification.readout.tauSyn ?? 0)
    let betaOut = decay(timeStep: specification.timeStep, tau: specification.readout.tauMem)
    for slot in slots {
      kernels.readoutBackward(
        steps: steps, classes: record.readoutPanels.paddedColumns, record: record.readout(slot), alpha: alphaOut,
        beta: betaOut, gradient: record.gradient(slot), peak: record.peak(slot))
    }
    let last = specification.hidden.count - 1
    for index in stride(from: last, through: 0, by: -1) {
      let layer = specification.hidden[index]
      let kept = record.layers[index]
      var readout: ReadoutFeedback?
      if index == last {
        readout = ReadoutFeedback(
          classes: specification.classes, weightsTransposed: readoutTransposed.pointer,
          gradient: record.gradient(first), peak: record.peak(first),
          classStride: record.readoutPanels.paddedColumns, alpha: alphaOut, beta: betaOut,
          chains: scratch.chains.pointer)
      } else if let feedback = scratch.feedback, let transposed = inputTransposed[index + 1] {
        let above = record.layers[index + 1]
        for i in 0..<count {
          kernels.denseRows(
            out: feedback.pointer + i * kept.panels.count, outRows: kept.panels.rows, rows: steps,
            columns: kept.panels.paddedColumns, a: above.values(first + i), inRows: above.panels.rows,
            inner: above.panels.paddedColumns, matrix: transposed.pointer)
        }
      }
      switch layer.neuron.model {
      case .alif, .adlif, .efAdlif, .seAdlif: preconditionFailure("not yet")
      case .lif:
        kernels.lifBackward(
          steps: steps, units: kept.panels.paddedColumns, record: kept.values(first), recordStride: kept.panels.count,
          samples: count, recurrentTransposed: recurrentTransposed[index].map { UnsafePointer($0.pointer) },
          alpha: alpha(layer), beta: beta(layer), surrogateScale: Float(layer.surrogate.scale),
          feedback: scratch.feedback.map { UnsafePointer($0.pointer) }, feedbackStride: kept.panels.count,
          readout: readout, regularizer: regularizer.map { UnsafePointer($0[index].pointer) },
          state: scratch.state.pointer)
      }
    }
  }
}
