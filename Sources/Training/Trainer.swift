import Engine
import Foundation
import KernelTable
import Networks
import SpikeData

/// What an epoch of training measured.
public struct EpochResult: Sendable {
  /// Mean over the batches of what training minimises, regularizer included.
  public var loss: Double
  /// Mean rate of the hidden units in Hz of network time (`timeStep`), over all training samples and layers.
  public var hiddenRate: Double
  /// Share of the hidden units that never spiked in the epoch.
  public var silentFraction: Double
  /// Weights added up in the forward pass of a sample, mean: input spikes and hidden spikes, each times the units it reaches.
  public var synapticOperations: Double
  /// Wall time, batches' preparation included, evaluation not.
  public var seconds: Double

  public init(
    loss: Double, hiddenRate: Double, silentFraction: Double, synapticOperations: Double, seconds: Double
  ) {
    self.loss = loss
    self.hiddenRate = hiddenRate
    self.silentFraction = silentFraction
    self.synapticOperations = synapticOperations
    self.seconds = seconds
  }
}

/// A loss or weight that is no number any more.
public struct NonFiniteLossError: Error, CustomStringConvertible {
  public var epoch: Int
  public var batch: Int
  public var loss: Double
  public var largestWeight: Float
  public var largestGradient: Float

  public var description: String {
    "the loss is \(loss) in epoch \(epoch), batch \(batch) (largest weight \(largestWeight), largest gradient "
      + "\(largestGradient)): try a smaller training.optimizer.learning_rate or network.init.gain"
  }
}

/// Trains a network by minibatch gradient descent with backpropagation through time.
public final class Trainer {
  let network: Network
  private let samples: Samples
  private let specification: TrainingSpecification
  private let seed: UInt64
  let pool: WorkerPool
  let optimizer: Optimizer
  private let gradient: Weights
  /// The windows of a batch take them in turn: while one's gradients are summed, the next window goes forward in the other.
  private let records: [NetworkRecord]
  private let scratch: [Network.Scratch]
  private let regularizer: Regularizer?
  /// The totals of an epoch that was begun and not finished.
  public internal(set) var unfinished: EpochTotals?

  public init(
    network: Network, samples: Samples, specification: TrainingSpecification, seed: UInt64, pool: WorkerPool,
    kernels: KernelTable = Kernels.current
  ) {
    self.network = network
    self.samples = samples
    self.specification = specification
    self.seed = seed
    self.pool = pool
    optimizer = Optimizer(specification.optimizer, layout: network.weights.layout, kernels: kernels)
    gradient = Weights(layout: network.weights.layout)
    let (slots, count) = Self.records(
      network.specification, specification, samples: samples.count, threads: pool.threads)
    records = (0..<count).map { _ in
      NetworkRecord(slots: slots, specification: network.specification, threads: pool.threads)
    }
    scratch = (0..<pool.threads).map { _ in Network.Scratch(network.specification) }
    regularizer =
      specification.regularizer.isNone
      ? nil : Regularizer(specification.regularizer, units: network.specification.hidden.map(\.units))
  }

  /// The records and the slots of each, a window of the batch: few enough samples that their deltas are still in the
  /// cache when their gradients are summed, enough for all threads; the sums are the same for any number. A regularizer
  /// needs the whole batch at once.
  private static func records(
    _ network: NetworkSpecification, _ specification: TrainingSpecification, samples: Int, threads: Int
  ) -> (slots: Int, count: Int) {
    let batch = min(specification.batchSize, max(1, samples))
    let window = max(32, max(2 * lockstepSamples, network.groupSamples) * threads)
    return specification.regularizer.isNone && window < batch ? (window, 2) : (batch, 1)
  }

  /// Bytes that training and evaluating a network come to use at most, without the data: records, weights with their
  /// gradient, moments and transposed copies, work space. They do not grow with the epochs.
  public static func bytes(
    network: NetworkSpecification, specification: TrainingSpecification, samples: Int, threads: Int
  ) -> Int {
    let (slots, count) = records(network, specification, samples: samples, threads: threads)
    let weights = WeightLayout(network).count * MemoryLayout<Float>.stride
    return NetworkRecord.bytes(slots: slots * count, specification: network, threads: threads)
      + NetworkRecord.bytes(slots: Evaluator.slots(network, threads: threads), specification: network, threads: 1)
      + 5 * weights + 2 * threads * Network.Scratch.bytes(network)
  }

  /// Seconds that all threads together have spent in a phase.
  public func seconds(_ phase: Phase) -> Double {
    let seconds = scratch.reduce(0) { $0 + $1.clock.seconds(phase) }
    // The caller's clock alone measures the optimizer, while all threads are at work.
    return phase == .optimizer ? seconds * Double(pool.threads) : seconds
  }

  /// Batches of an epoch.
  public var batchCount: Int {
    specification.dropLast
      ? samples.count / specification.batchSize
      : (samples.count + specification.batchSize - 1) / specification.batchSize
  }

  /// Trains one epoch, counted from 1; one that was stopped goes on where it was.
  ///
  /// - Parameter progress: called after each batch with its number and its loss; false stops after it.
  /// - Returns: nil if `progress` stopped the epoch.
  /// - Throws: `NonFiniteLossError`.
  public func runEpoch(_ epoch: Int, progress: (_ batch: Int, _ loss: Double) -> Bool = { _, _ in true }) throws
    -> EpochResult?
  {
    let start = now()
    let order: [Int]
    if specification.shuffle {
      // The order depends on seed and epoch alone.
      var stream = RandomStream(seed: seed, stream: "shuffle/\(epoch)")
      order = stream.permutation(samples.count)
    } else {
      order = Array(0..<samples.count)
    }
    let units = network.specification.hidden.map(\.units)
    var totals = EpochTotals(epoch: epoch, units: units)
    if let unfinished, unfinished.epoch == epoch { totals = unfinished }
    let secondsBefore = totals.seconds
    var counts = units.map { [Int](repeating: 0, count: $0) }
    for batch in totals.batches..<max(totals.batches, batchCount) {
      let chosen = order[batch * specification.batchSize..<min((batch + 1) * specification.batchSize, samples.count)]
      let loss = trainBatch(Array(chosen), counts: &counts, inputSpikes: &totals.inputSpikes)
      guard loss.isFinite else {
        throw NonFiniteLossError(
          epoch: epoch, batch: batch, loss: loss, largestWeight: largest(network.weights),
          largestGradient: largest(gradient))
      }
      totals.batches += 1
      totals.lossSum += loss
      totals.samples += chosen.count
      for layer in counts.indices {
        for unit in counts[layer].indices { totals.spikes[layer][unit] += counts[layer][unit] }
      }
      totals.seconds = secondsBefore + now() - start
      unfinished = totals
      if !progress(batch, loss) { return nil }
    }
    unfinished = nil
    let spikes = totals.spikes
    let steps = Double(totals.samples * network.specification.timeBins)
    let totalUnits = units.reduce(0, +)
    let totalSpikes = spikes.joined().reduce(0, +)
    var operations = totals.inputSpikes * units[0]
    for (index, layer) in network.specification.hidden.enumerated() {
      let fanOut = index + 1 < units.count ? units[index + 1] : network.specification.classes
      operations += spikes[index].reduce(0, +) * (fanOut + (layer.recurrent ? layer.units : 0))
    }
    return EpochResult(
      loss: totals.lossSum / Double(max(1, batchCount)),
      hiddenRate: Double(totalSpikes) / (steps * Double(totalUnits) * network.specification.timeStep),
      silentFraction: Double(spikes.joined().filter { $0 == 0 }.count) / Double(totalUnits),
      synapticOperations: Double(operations) / Double(max(1, totals.samples)),
      seconds: secondsBefore + now() - start)
  }

  /// One step on the samples `chosen`; returns the loss before it.
  private func trainBatch(_ chosen: [Int], counts: inout [[Int]], inputSpikes: inout Int) -> Double {
    let events = chosen.map { samples.events($0) }
    let labels = chosen.map { samples.label($0) }
    let losses = AlignedBuffer<Double>(count: chosen.count)
    for layer in counts.indices {
      for unit in counts[layer].indices { counts[layer][unit] = 0 }
    }
    var regularization = 0.0
    var gradients: GradientTasks?
    for (number, first) in stride(from: 0, to: chosen.count, by: records[0].slots).enumerated() {
      let record = records[number % records.count]
      let window = first..<min(first + record.slots, chosen.count)
      let size = network.specification.groupSamples
      let groups = (window.count + size - 1) / size
      func slots(_ group: Int) -> Range<Int> { group * size..<min((group + 1) * size, window.count) }
      // Without regularizer a group goes backward while its membranes are in the cache; with one, dL/ds needs the spike
      // counts of the whole batch first.
      run(gradients, andTasks: groups) { scratch, group in
        let sampleRange = first + slots(group).lowerBound..<first + slots(group).upperBound
        network.forward(events[sampleRange], first: slots(group).lowerBound, record: record, scratch: scratch)
        for slot in slots(group) {
          losses.pointer[first + slot] =
            crossEntropy(
              logits: record.maximum(slot), classes: network.specification.classes, label: labels[first + slot],
              gradient: record.gradient(slot), scale: 1 / Double(chosen.count)
            ).loss
          scratch.clock.lap(.readout)
          network.sortSpikes(slot: slot, record: record, scratch: scratch)
        }
        if regularizer == nil {
          network.backward(slots: slots(group), record: record, scratch: scratch, regularizer: nil)
        }
      }
      for (index, layer) in record.layers.enumerated() {
        counts[index].withUnsafeMutableBufferPointer { counts in
          for slot in 0..<window.count {
            let unitCounts = layer.unitCounts(slot)
            for unit in 0..<counts.count { counts[unit] &+= Int(unitCounts[unit]) }
          }
        }
      }
      if let regularizer {
        regularization = regularizer.update(counts: counts)
        run(nil, andTasks: groups) { scratch, group in
          network.backward(slots: slots(group), record: record, scratch: scratch, regularizer: regularizer.pull)
        }
      }
      gradients = GradientTasks(
        network: network, events: Array(events[window]), record: record, into: gradient, accumulate: first > 0)
    }
    run(gradients, andTasks: 0) { _, _ in }
    for sample in events { inputSpikes += sample.spikeCount }
    var loss = 0.0
    for sample in chosen.indices { loss += losses.pointer[sample] }
    loss = loss / Double(chosen.count) + regularization
    scratch[0].clock.start()
    optimizer.step(weights: network.weights, gradient: gradient, pool: pool)
    network.weightsDidChange(pool: pool)
    scratch[0].clock.lap(.optimizer)
    return loss
  }

  /// Sums gradients and does some other tasks, all in one round of the pool, so that threads wait for each other once.
  private func run(
    _ gradients: GradientTasks?, andTasks count: Int, _ body: (_ scratch: Network.Scratch, _ task: Int) -> Void
  ) {
    let first = gradients?.count ?? 0
    pool.run(tasks: first + count) { worker, task in
      if task < first {
        gradients?.run(task, scratch: scratch[worker])
      } else {
        body(scratch[worker], task - first)
      }
    }
  }

  private func largest(_ weights: Weights) -> Float {
    var result: Float = 0
    for i in 0..<weights.layout.count {
      let magnitude = weights.storage.pointer[i].magnitude
      // A comparison with a NaN is false, so NaN wins here explicitly.
      if magnitude > result || magnitude.isNaN { result = magnitude }
      if magnitude.isNaN { break }
    }
    return result
  }
}
