import Engine
import KernelTable

/// The gradient of every weight, summed over the slots of a record in their order, as tasks for any number of threads.
///
/// Threads share out the rows and panels of the matrices, not the samples: each gradient row is summed by one thread
/// over all samples, so the bits do not depend on the number of threads and no partial gradients are kept.
public struct GradientTasks {
  private let network: Network
  private let events: [SampleEvents]
  private let record: NetworkRecord
  private let gradient: Weights
  private let accumulate: Bool
  private let tasks: [Task]

  /// A panel of deltas and some of the rows of the matrices that lead to it, so that the panel stays in the first-level
  /// cache for all of them.
  private struct Task {
    var deltas: Deltas
    var base: Int
    var shares: Range<Int>
  }
  private enum Deltas { case hidden(Int), readout }

  /// - Parameters:
  ///   - events: the input of each slot.
  ///   - record: holds the deltas of `Network.backward` until the tasks are done.
  ///   - accumulate: add to what `gradient` holds, else overwrite it.
  public init(
    network: Network, events: [SampleEvents], record: NetworkRecord, into gradient: Weights, accumulate: Bool
  ) {
    self.network = network
    self.events = events
    self.record = record
    self.gradient = gradient
    self.accumulate = accumulate
    var tasks: [Task] = []
    for (index, layer) in record.layers.enumerated() {
      let bases = Array(layer.panels.bases)
      for base in bases {
        tasks += record.tasks(panels: bases.count).map { Task(deltas: .hidden(index), base: base, shares: $0) }
      }
    }
    for base in record.readoutPanels.bases {
      tasks += (0..<record.shares).map { Task(deltas: .readout, base: base, shares: $0..<$0 + 1) }
    }
    self.tasks = tasks
  }

  public var count: Int { tasks.count }

  /// Does a task. Each must be done once, in any order, before the record or the gradient is used.
  public func run(_ number: Int, scratch: Network.Scratch) {
    let task = tasks[number]
    let clock = scratch.clock
    clock.start()
    switch task.deltas {
    case .hidden(let index):
      sumHidden(index, task, clock)
    case .readout:
      let below = record.layers[record.layers.count - 1]
      let target = target(network.weights.layout.readout, task, task.shares, of: record.shares)
      for slot in events.indices {
        let panel = record.readout(slot) + task.base * record.readoutPanels.rows
        sum(panel, below.spikesByUnit(slot), task.shares, into: target)
      }
      clock.lap(.spikeGradient)
    }
  }

  /// The gradients of the input weights and the recurrent weights of a layer.
  private func sumHidden(_ index: Int, _ task: Task, _ clock: PhaseClock) {
    let layer = record.layers[index]
    let layout = network.weights.layout
    let channelGroups = SampleEvents.channelGroups
    let channels =
      channelGroups * task.shares.lowerBound / record.shares..<channelGroups * task.shares.upperBound / record.shares
    let inputs =
      index == 0
      ? target(layout.inputs[index], task, channels, of: channelGroups)
      : target(layout.inputs[index], task, task.shares, of: record.shares)
    let recurrent = layout.recurrents[index].map { target($0, task, task.shares, of: record.shares) }
    func panel(_ slot: Int) -> UnsafeMutablePointer<Float> { layer.values(slot) + task.base * layer.panels.rows }
    for slot in events.indices {
      // The sums read the panel's rows in random order, and samples are anywhere in memory: what the next slot needs comes
      // in meanwhile.
      if slot + 1 < events.count {
        prefetch(panel(slot + 1), count: layer.panels.rows * layer.panels.width(at: task.base))
        if index == 0 { events[slot + 1].byChannel.prefetch() }
      }
      if index == 0 {
        sum(panel(slot), events[slot].byChannel, channels, into: inputs)
        clock.lap(.inputGradient)
      } else {
        sum(panel(slot), record.layers[index - 1].spikesByUnit(slot), task.shares, into: inputs)
      }
      if let recurrent {
        // A spike at step t acts on h[t + 1]: one row further.
        sum(panel(slot) + recurrent.width, layer.spikesByUnit(slot), task.shares, into: recurrent)
      }
      clock.lap(.spikeGradient)
    }
  }

  /// A panel of a gradient.
  private struct Target {
    var out: UnsafeMutablePointer<Float>
    var width: Int
  }

  /// The task's panel of a tensor's gradient; unless sums are to be added to what it holds, the rows of some of its
  /// `count` groups become zero.
  private func target(_ tensor: WeightTensor, _ task: Task, _ groups: Range<Int>, of count: Int) -> Target {
    let panels = tensor.panels
    let target = Target(
      out: gradient.pointer(tensor) + task.base * panels.rows, width: panels.width(at: task.base))
    if !accumulate {
      let rows = panels.rows * groups.lowerBound / count..<panels.rows * groups.upperBound / count
      (target.out + rows.lowerBound * target.width).update(repeating: 0, count: rows.count * target.width)
    }
    return target
  }

  /// Adds the rows of `deltas` that each list names to the row of the gradient.
  private func sum(_ deltas: UnsafePointer<Float>, _ lists: PairedLists, _ groups: Range<Int>, into target: Target) {
    network.kernels.sumPairs(
      SumPairs(
        out: target.out, matrix: deltas, width: target.width, pairs: lists.pairs, range: lists.pairs(ofGroups: groups),
        terms: lists.terms, overwrite: false))
  }
}
