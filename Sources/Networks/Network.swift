import Engine
import KernelTable

/// A network with its weights: forward, backward and gradients on the slots of a `NetworkRecord`.
///
/// One kernel, the sum of matrix rows listed by events, is at the heart of all: input currents (rows of W1 listed by step),
/// recurrent currents, readout, and the gradient of each weight matrix (rows of deltas listed by unit).
public final class Network: Sendable {
  public let specification: NetworkSpecification
  public let weights: Weights
  private let kernels: KernelTable
  /// Of each layer: `V1` transposed for the backward pass, in blocks of 16 columns.
  private let recurrentTransposed: [AlignedBuffer<Float>?]
  /// Of each layer but the first: its input weights transposed.
  private let inputTransposed: [AlignedBuffer<Float>?]
  /// `[classes, padded units]`
  private let readoutTransposed: AlignedBuffer<Float>

  /// A network with all weights zero. Call `weightsDidChange` after the weights were set.
  public init(_ specification: NetworkSpecification, kernels: KernelTable = Kernels.current) {
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
  }

  /// Work space of one thread.
  public final class Scratch: Sendable {
    let state: AlignedBuffer<Float>
    /// dL/ds of a layer from the layer above; nil with one hidden layer.
    let feedback: AlignedBuffer<Float>?
    /// What the thread spent its time on.
    public let clock = PhaseClock()

    public init(_ specification: NetworkSpecification) {
      state = AlignedBuffer(count: Self.stateCount(specification))
      feedback = Self.feedbackCount(specification).map { AlignedBuffer(count: $0) }
    }

    private static func stateCount(_ specification: NetworkSpecification) -> Int {
      lockstepSamples * (6 * (specification.hidden.map { padded($0.units) }.max() ?? 0) + 1)
    }
    private static func feedbackCount(_ specification: NetworkSpecification) -> Int? {
      let below = specification.hidden.dropLast().map { padded($0.units) }.max()
      return below.map { lockstepSamples * (specification.timeBins + 1) * $0 }
    }

    /// Bytes of one thread's work space.
    public static func bytes(_ specification: NetworkSpecification) -> Int {
      (stateCount(specification) + (feedbackCount(specification) ?? 0)) * MemoryLayout<Float>.stride
    }
  }

  /// Renews what is derived from the weights: the transposed matrices of the backward pass.
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
    decay(timeStep: specification.timeStep, tau: layer.tauSyn)
  }
  private func beta(_ layer: HiddenLayerSpecification) -> Float {
    decay(timeStep: specification.timeStep, tau: layer.tauMem)
  }

  /// Runs samples through the network: fills their slots' membranes, spikes, maxima and peaks.
  ///
  /// - Parameters:
  ///   - events: of each slot; at most `lockstepSamples`.
  ///   - first: the first slot.
  ///   - keepTrace: leave the readout's membrane in the record (else its input).
  public func forward(
    _ events: ArraySlice<SampleEvents>, first: Int, record: NetworkRecord, scratch: Scratch, keepTrace: Bool = false
  ) {
    let steps = specification.timeBins
    let slots = first..<first + events.count
    scratch.clock.start()
    for (index, layer) in specification.hidden.enumerated() {
      let kept = record.layers[index]
      let tensor = weights.layout.inputs[index]
      for (slot, sample) in zip(slots, events) {
        if index == 0 {
          kernels.sumCountedRows(
            SumCountedRows(
              operands: SumOperands(
                out: kept.values(slot), outStride: kept.panels.panelStride, matrix: weights.pointer(tensor),
                matrixStride: tensor.panels.panelStride, columns: kept.panels.paddedColumns,
                begin: sample.timeOffsets, end: sample.timeOffsets + 1, accumulate: false),
              rows: 0..<steps, order: nil, events: sample.channelsByTime))
        } else {
          project(record.layers[index - 1], slot, tensor, into: kept.values(slot), panels: kept.panels)
        }
      }
      scratch.clock.lap(index == 0 ? .input : .hidden)
      let recurrent = weights.layout.recurrents[index].map { UnsafePointer(weights.pointer($0)) }
      switch layer.neuron {
      case .lif:
        kernels.lifForward(
          LIFForward(
            samples: events.count, steps: steps, units: kept.panels.paddedColumns, record: kept.values(first),
            recordStride: kept.panels.count, recurrent: recurrent, recurrentRows: layer.units, alpha: alpha(layer),
            beta: beta(layer), state: scratch.state.pointer, spikes: kept.spikes(first),
            spikesStride: kept.spikeCapacity, offsets: kept.stepOffsets(first), offsetsStride: steps + 1))
      }
      scratch.clock.lap(.hidden)
    }
    for slot in slots {
      project(
        record.layers[record.layers.count - 1], slot, weights.layout.readout, into: record.readout(slot),
        panels: record.readoutPanels)
      kernels.readoutForward(
        ReadoutForward(
          steps: steps, classes: record.readoutPanels.paddedColumns, record: record.readout(slot),
          alpha: decay(timeStep: specification.timeStep, tau: specification.readout.tauSyn),
          beta: decay(timeStep: specification.timeStep, tau: specification.readout.tauMem),
          maximum: record.maximum(slot), peak: record.peak(slot), keepTrace: keepTrace))
    }
    scratch.clock.lap(.readout)
  }

  /// `target[t, :]` = sum of the tensor's rows of the units of the layer below that spiked at step t.
  private func project(
    _ below: NetworkRecord.Layer, _ slot: Int, _ tensor: WeightTensor, into target: UnsafeMutablePointer<Float>,
    panels: Panels
  ) {
    kernels.sumRows(
      SumRows(
        operands: SumOperands(
          out: target, outStride: panels.panelStride, matrix: weights.pointer(tensor),
          matrixStride: tensor.panels.panelStride, columns: panels.paddedColumns, begin: below.stepOffsets(slot),
          end: below.stepOffsets(slot) + 1, accumulate: false),
        rows: 0..<specification.timeBins, indices: below.spikes(slot)))
  }

  /// Sorts the spikes of a slot by unit: what gradients and spike counts read.
  public func sortSpikes(slot: Int, record: NetworkRecord, scratch: Scratch) {
    scratch.clock.start()
    for layer in record.layers { layer.sortByUnit(slot) }
    scratch.clock.lap(.sort)
  }

  /// Backpropagation through time for some slots, at most `lockstepSamples`: turns membranes into deltas.
  /// `record.gradient` must hold dL/d(maximum).
  ///
  /// - Parameter regularizer: of each layer what it adds to dL/ds, `[padded units]`, or nil.
  public func backward(
    slots: Range<Int>, record: NetworkRecord, scratch: Scratch, regularizer: [AlignedBuffer<Float>]?
  ) {
    let (first, count) = (slots.lowerBound, slots.count)
    let steps = specification.timeBins
    let alphaOut = decay(timeStep: specification.timeStep, tau: specification.readout.tauSyn)
    let betaOut = decay(timeStep: specification.timeStep, tau: specification.readout.tauMem)
    scratch.clock.start()
    for slot in slots {
      kernels.readoutBackward(
        ReadoutBackward(
          steps: steps, classes: record.readoutPanels.paddedColumns, record: record.readout(slot), alpha: alphaOut,
          beta: betaOut, gradient: record.gradient(slot), peak: record.peak(slot)))
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
          classStride: record.readoutPanels.paddedColumns, alpha: alphaOut, beta: betaOut)
      } else if let feedback = scratch.feedback, let transposed = inputTransposed[index + 1] {
        let above = record.layers[index + 1]
        for i in 0..<count {
          kernels.denseRows(
            DenseRows(
              out: feedback.pointer + i * kept.panels.count, outRows: kept.panels.rows, rows: steps,
              columns: kept.panels.paddedColumns, a: above.values(first + i), inRows: above.panels.rows,
              inner: above.panels.paddedColumns, matrix: transposed.pointer))
        }
      }
      switch layer.neuron {
      case .lif:
        kernels.lifBackward(
          LIFBackward(
            steps: steps, units: kept.panels.paddedColumns, record: kept.values(first), recordStride: kept.panels.count,
            samples: count, recurrentTransposed: recurrentTransposed[index].map { UnsafePointer($0.pointer) },
            alpha: alpha(layer), beta: beta(layer), surrogateScale: Float(layer.surrogate.scale),
            feedback: scratch.feedback.map { UnsafePointer($0.pointer) }, feedbackStride: kept.panels.count,
            readout: readout, regularizer: regularizer.map { UnsafePointer($0[index].pointer) },
            state: scratch.state.pointer))
      }
    }
    scratch.clock.lap(.backward)
  }

  /// The gradient of every weight, summed over the slots in their order.
  ///
  /// Threads share out the rows and panels of the matrices, not the samples: each gradient row is summed by one thread
  /// over all samples, so the bits do not depend on the number of threads and no partial gradients are kept.
  ///
  /// - Parameters:
  ///   - events: the input of each slot.
  ///   - accumulate: add to what `gradient` holds, else overwrite it.
  ///   - scratch: of each thread, for its clock.
  public func gradients(
    of events: [SampleEvents], record: NetworkRecord, into gradient: Weights, accumulate: Bool, scratch: [Scratch],
    pool: WorkerPool
  ) {
    // A task is a panel of deltas and a share of the rows of the matrices that lead to it, so that the panel stays in the
    // first-level cache for all of them. More shares balance the load, fewer read the deltas less often.
    let shares = min(pool.threads, SampleEvents.channelGroups)
    var tasks: [(deltas: Deltas, base: Int, share: Int)] = []
    for (index, layer) in record.layers.enumerated() {
      for base in layer.panels.bases { tasks += (0..<shares).map { (.hidden(index), base, $0) } }
    }
    for base in record.readoutPanels.bases { tasks += (0..<shares).map { (.readout, base, $0) } }
    pool.run(tasks: tasks.count) { worker, number in
      let (deltas, base, share) = tasks[number]
      let clock = scratch[worker].clock
      clock.start()
      for slot in 0..<events.count {
        switch deltas {
        case .hidden(let index):
          let layer = record.layers[index]
          let panel = layer.values(slot) + base * layer.panels.rows
          // The sums read the panel's rows in random order; the next slot's panel comes in meanwhile.
          if slot + 1 < events.count {
            prefetch(
              layer.values(slot + 1) + base * layer.panels.rows,
              count: layer.panels.rows * layer.panels.width(at: base))
          }
          let target = self.target(weights.layout.inputs[index], base, share, of: shares, in: gradient)
          if index == 0 {
            let offsets = events[slot].channelOffsets
            kernels.sumCountedRows(
              SumCountedRows(
                operands: target.operands(panel, offsets: offsets, accumulate: accumulate || slot > 0),
                rows: target.rows, order: events[slot].channelOrder, events: events[slot].binsByChannel))
            clock.lap(.inputGradient)
          } else {
            sum(panel, spikesOf: record.layers[index - 1], slot, into: target, accumulate)
          }
          if let tensor = weights.layout.recurrents[index] {
            // A spike at step t acts on h[t + 1]: one row further.
            let target = self.target(tensor, base, share, of: shares, in: gradient)
            sum(panel + target.width, spikesOf: layer, slot, into: target, accumulate)
          }
          clock.lap(.spikeGradient)
        case .readout:
          sum(
            record.readout(slot) + base * record.readoutPanels.rows, spikesOf: record.layers[record.layers.count - 1],
            slot, into: target(weights.layout.readout, base, share, of: shares, in: gradient), accumulate)
          clock.lap(.spikeGradient)
        }
      }
    }
  }

  private enum Deltas { case hidden(Int), readout }

  /// A panel of a gradient and the rows of it that a task sums.
  private struct Target {
    var out: UnsafeMutablePointer<Float>
    var width: Int
    var rows: Range<Int>

    func operands(_ deltas: UnsafePointer<Float>, offsets: UnsafePointer<UInt32>, accumulate: Bool) -> SumOperands {
      SumOperands(
        out: out, outStride: 0, matrix: deltas, matrixStride: 0, columns: width, begin: offsets, end: offsets + 1,
        accumulate: accumulate)
    }
  }

  /// Shares are whole groups of rows, as the input's channels are ordered within groups.
  private func target(_ tensor: WeightTensor, _ base: Int, _ share: Int, of shares: Int, in gradient: Weights) -> Target
  {
    let panels = tensor.panels
    let groups = SampleEvents.channelGroups
    let first = SampleEvents.channels(ofGroup: groups * share / shares, of: panels.rows).lowerBound
    let last = SampleEvents.channels(ofGroup: groups * (share + 1) / shares - 1, of: panels.rows).upperBound
    return Target(
      out: gradient.pointer(tensor) + base * panels.rows, width: panels.width(at: base), rows: first..<last)
  }

  /// Adds the rows of `deltas` of the steps at which each unit of `layer` spiked.
  private func sum(
    _ deltas: UnsafePointer<Float>, spikesOf layer: NetworkRecord.Layer, _ slot: Int, into target: Target,
    _ accumulate: Bool
  ) {
    kernels.sumRows(
      SumRows(
        operands: target.operands(deltas, offsets: layer.unitOffsets(slot), accumulate: accumulate || slot > 0),
        rows: target.rows,
        indices: layer.spikeSteps(slot)))
  }
}
