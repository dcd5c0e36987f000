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
    struct Task {
      var tensor: WeightTensor
      var base: Int
      var rows: Range<Int>
      var source: Source
    }
    enum Source { case input(Int), recurrent(Int), readout }
    var tasks: [Task] = []
    func add(_ tensor: WeightTensor, pieces: Int, _ source: Source) {
      let rows = tensor.panels.rows
      for base in tensor.panels.bases {
        for piece in 0..<pieces {
          tasks.append(
            Task(tensor: tensor, base: base, rows: rows * piece / pieces..<rows * (piece + 1) / pieces, source: source))
        }
      }
    }
    // More pieces balance the load, fewer read the deltas less often from the cache that cores share.
    let pieces = pool.threads == 1 ? 1 : 2 * pool.threads
    for (index, tensor) in weights.layout.inputs.enumerated() { add(tensor, pieces: pieces, .input(index)) }
    for (index, tensor) in weights.layout.recurrents.enumerated() {
      if let tensor { add(tensor, pieces: pool.threads, .recurrent(index)) }
    }
    add(weights.layout.readout, pieces: pool.threads, .readout)
    pool.run(tasks: tasks.count) { _, number in
      let task = tasks[number]
      let panels = task.tensor.panels
      let width = panels.width(at: task.base)
      let out = gradient.pointer(task.tensor) + task.base * panels.rows
      for slot in 0..<events.count {
        // Deltas of the layer the weights lead to, and the spikes (by unit) of the one they come from.
        let deltas: UnsafeMutablePointer<Float>
        let below: NetworkRecord.Layer
        switch task.source {
        case .input(let layer):
          let kept = record.layers[layer]
          deltas = kept.values(slot) + task.base * kept.panels.rows
          if layer == 0 {
            let offsets = events[slot].channelOffsets
            kernels.sumCountedRows(
              SumCountedRows(
                out: out, matrix: deltas, width: width, rows: task.rows, begin: offsets, end: offsets + 1,
                events: events[slot].binsByChannel, accumulate: slot > 0))
            continue
          }
          below = record.layers[layer - 1]
        case .recurrent(let layer):
          // A spike at step t acts on h[t + 1]: one row further.
          below = record.layers[layer]
          deltas = below.values(slot) + task.base * below.panels.rows + width
        case .readout:
          below = record.layers[record.layers.count - 1]
          deltas = record.readout(slot) + task.base * record.readoutPanels.rows
        }
        let offsets = below.unitOffsets(slot)
        kernels.sumRows(
          SumRows(
            out: out, matrix: deltas, width: width, rows: task.rows, begin: offsets, end: offsets + 1,
            indices: below.spikeSteps(slot), accumulate: slot > 0))
      }
    }
  }
}
