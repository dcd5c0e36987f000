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

    public init(_ specification: NetworkSpecification) {
      let units = specification.hidden.map { padded($0.units) }
      state = AlignedBuffer(count: 6 * lockstepSamples * (units.max() ?? 0))
      let below = units.dropLast().max()
      feedback = below.map { AlignedBuffer(count: lockstepSamples * (specification.timeBins + 1) * $0) }
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

  /// Runs one sample through the network: fills the slot's membranes, spikes, maxima and peaks.
  ///
  /// - Parameter keepTrace: leave the readout's membrane in the record (else its input).
  public func forward(
    _ events: SampleEvents, slot: Int, record: NetworkRecord, scratch: Scratch, keepTrace: Bool = false
  ) {
    let steps = specification.timeBins
    for (index, layer) in specification.hidden.enumerated() {
      let kept = record.layers[index]
      let tensor = weights.layout.inputs[index]
      if index == 0 {
        for base in kept.panels.bases {
          kernels.sumCountedRows(
            SumCountedRows(
              out: kept.values(slot) + base * kept.panels.rows,
              matrix: weights.pointer(tensor) + base * tensor.panels.rows, width: kept.panels.width(at: base),
              rows: 0..<steps, begin: events.timeOffsets, end: events.timeOffsets + 1, events: events.channelsByTime,
              accumulate: false))
        }
      } else {
        project(record.layers[index - 1], slot, tensor, into: kept.values(slot), panels: kept.panels)
      }
      let recurrent = weights.layout.recurrents[index].map { UnsafePointer(weights.pointer($0)) }
      switch layer.neuron {
      case .lif:
        kernels.lifForward(
          LIFForward(
            steps: steps, units: kept.panels.paddedColumns, record: kept.values(slot), recurrent: recurrent,
            recurrentRows: layer.units, alpha: alpha(layer), beta: beta(layer), state: scratch.state.pointer,
            spikes: kept.spikes(slot), offsets: kept.stepOffsets(slot)))
      }
    }
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

  /// `target[t, :]` = sum of the tensor's rows of the units of the layer below that spiked at step t.
  private func project(
    _ below: NetworkRecord.Layer, _ slot: Int, _ tensor: WeightTensor, into target: UnsafeMutablePointer<Float>,
    panels: Panels
  ) {
    for base in panels.bases {
      kernels.sumRows(
        SumRows(
          out: target + base * panels.rows, matrix: weights.pointer(tensor) + base * tensor.panels.rows,
          width: panels.width(at: base), rows: 0..<specification.timeBins, begin: below.stepOffsets(slot),
          end: below.stepOffsets(slot) + 1, indices: below.spikes(slot), accumulate: false))
    }
  }

  /// Sorts the spikes of a slot by unit: what gradients and spike counts read.
  public func sortSpikes(slot: Int, record: NetworkRecord) {
    for layer in record.layers { layer.sortByUnit(slot) }
  }

  /// Backpropagation through time for the slots `first..<first + count`, at most `lockstepSamples`: turns membranes into
  /// deltas. `record.gradient` must hold dL/d(maximum).
  ///
  /// - Parameter regularizer: of each layer what it adds to dL/ds, `[padded units]`, or nil.
  public func backward(
    first: Int, count: Int, record: NetworkRecord, scratch: Scratch, regularizer: [AlignedBuffer<Float>]?
  ) {
    let steps = specification.timeBins
    let alphaOut = decay(timeStep: specification.timeStep, tau: specification.readout.tauSyn)
    let betaOut = decay(timeStep: specification.timeStep, tau: specification.readout.tauMem)
    for slot in first..<first + count {
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
  }

  /// The gradient of every weight, summed over the slots in their order.
  ///
  /// Threads share out the rows and panels of the matrices, not the samples: each gradient row is summed by one thread
  /// over all samples, so the bits do not depend on the number of threads and no partial gradients are kept.
  ///
  /// - Parameter events: the input of each slot.
  public func gradients(
    of events: [SampleEvents], record: NetworkRecord, into gradient: Weights, pool: WorkerPool
  ) {
    // A task is a panel of deltas and a share of the rows of the matrices that lead to it, so that the panel stays in the
    // first-level cache for all of them. More shares balance the load, fewer read the deltas less often.
    let shares = pool.threads
    var tasks: [(deltas: Deltas, base: Int, share: Int)] = []
    for (index, layer) in record.layers.enumerated() {
      for base in layer.panels.bases { tasks += (0..<shares).map { (.hidden(index), base, $0) } }
    }
    for base in record.readoutPanels.bases { tasks += (0..<shares).map { (.readout, base, $0) } }
    pool.run(tasks: tasks.count) { _, number in
      let (deltas, base, share) = tasks[number]
      for slot in 0..<events.count {
        switch deltas {
        case .hidden(let index):
          let layer = record.layers[index]
          let panel = layer.values(slot) + base * layer.panels.rows
          let target = self.target(weights.layout.inputs[index], base, share, of: shares, in: gradient)
          if index == 0 {
            let offsets = events[slot].channelOffsets
            kernels.sumCountedRows(
              SumCountedRows(
                out: target.out, matrix: panel, width: target.width, rows: target.rows, begin: offsets,
                end: offsets + 1, events: events[slot].binsByChannel, accumulate: slot > 0))
          } else {
            sum(panel, spikesOf: record.layers[index - 1], slot, into: target)
          }
          if let tensor = weights.layout.recurrents[index] {
            // A spike at step t acts on h[t + 1]: one row further.
            let target = self.target(tensor, base, share, of: shares, in: gradient)
            sum(panel + target.width, spikesOf: layer, slot, into: target)
          }
        case .readout:
          sum(
            record.readout(slot) + base * record.readoutPanels.rows, spikesOf: record.layers[record.layers.count - 1],
            slot, into: target(weights.layout.readout, base, share, of: shares, in: gradient))
        }
      }
    }
  }

  private enum Deltas { case hidden(Int), readout }

  /// A panel of a gradient and the rows of it that a task sums.
  private typealias Target = (out: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>)

  private func target(_ tensor: WeightTensor, _ base: Int, _ share: Int, of shares: Int, in gradient: Weights) -> Target
  {
    let panels = tensor.panels
    return (
      gradient.pointer(tensor) + base * panels.rows, panels.width(at: base),
      panels.rows * share / shares..<panels.rows * (share + 1) / shares
    )
  }

  /// Adds the rows of `deltas` of the steps at which each unit of `layer` spiked; the first slot overwrites.
  private func sum(
    _ deltas: UnsafePointer<Float>, spikesOf layer: NetworkRecord.Layer, _ slot: Int, into target: Target
  ) {
    let offsets = layer.unitOffsets(slot)
    kernels.sumRows(
      SumRows(
        out: target.out, matrix: deltas, width: target.width, rows: target.rows, begin: offsets, end: offsets + 1,
        indices: layer.spikeSteps(slot), accumulate: slot > 0))
  }
}
