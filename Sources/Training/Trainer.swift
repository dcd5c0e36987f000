import Engine
import KernelTable
import MonotonicClock
import Networks
import SpikeData

/// Trains a network by minibatch gradient descent with backpropagation through time.
public final class Trainer {
  let network: Network
  private let samples: Samples
  private let specification: TrainingSpecification
  /// The number of batches per epoch.
  public let batchCount: Int
  private let seed: UInt64
  let pool: WorkerPool
  let optimizer: Optimizer
  /// One gradient per share of a batch (see `Shares`).
  private let gradients: [Weights]
  private let record: NetworkRecord
  private let scratch: [Network.Scratch]
  /// The current batch's counts, per thread.
  private let spikeCounts: [SpikeCounts]
  private let regularizer: Regularizer?
  /// nil: samples are taken as they are.
  private let augmenter: Augmenter?
  /// The learning rates of all updates.
  public private(set) var rates: ScheduledRates
  /// Whether all weights and moments were finite after the last update. A finite loss does not imply it: a network
  /// whose weights are NaN is silent, and its loss is that of guessing.
  private var weightsAreFinite = true
  /// The totals of an epoch that was started but not finished.
  public internal(set) var unfinished: EpochTotals?

  public init(
    network: Network, samples: Samples, specification: TrainingSpecification, seed: UInt64, pool: WorkerPool,
    kernels: any KernelTable = Kernels.current
  ) {
    self.network = network
    self.samples = samples
    self.specification = specification
    self.seed = seed
    self.pool = pool
    optimizer = Optimizer(specification.optimizer, layout: network.weights.layout, kernels: kernels)
    let batch = min(specification.batchSize, max(1, samples.count))
    gradients = Weights.several(Shares(batch, of: network.specification).count, layout: network.weights.layout)
    record = NetworkRecord(
      slots: Self.slots(network.specification, specification, batch: batch, threads: pool.threads),
      specification: network.specification)
    scratch = (0..<pool.threads).map { _ in Network.Scratch(network.specification) }
    spikeCounts = (0..<pool.threads).map { _ in SpikeCounts(network.specification) }
    regularizer =
      specification.regularizer.isNone
      ? nil : Regularizer(specification.regularizer, network: network.specification)
    augmenter =
      specification.augmentation.isNone || samples.dataset.isAnalog
      ? nil
      : Augmenter(specification.augmentation, dataset: samples.dataset, indices: samples.indices, seed: seed)
    batchCount =
      specification.dropLast
      ? samples.count / specification.batchSize
      : (samples.count + specification.batchSize - 1) / specification.batchSize
    rates = ScheduledRates(specification, batches: batchCount)
  }

  /// Slots needed: one chunk per thread, or the whole batch with a regularizer.
  private static func slots(
    _ network: NetworkSpecification, _ specification: TrainingSpecification, batch: Int, threads: Int
  ) -> Int {
    specification.regularizer.isNone ? threads * Shares(batch, of: network).chunk : batch
  }

  /// The most bytes that training and evaluating a network use, not counting the data: records, weights, the gradients
  /// of all shares, moments, transposed copies, work space. They do not grow over the epochs.
  public static func bytes(
    network: NetworkSpecification, specification: TrainingSpecification, samples: Int, threads: Int
  ) -> Int {
    let batch = min(specification.batchSize, max(1, samples))
    let slots =
      slots(network, specification, batch: batch, threads: threads) + Evaluator.slots(network, threads: threads)
    let weights = WeightLayout(network).count * MemoryLayout<Float>.stride
    return NetworkRecord.bytes(slots: slots, specification: network)
      .saturatingPlus((4 + Shares(batch, of: network).count).saturatingTimes(weights))
      .saturatingPlus((2 * threads).saturatingTimes(Network.Scratch.bytes(network)))
      .saturatingPlus(Network.delayBytes(network))
  }

  /// Seconds spent in a phase, summed over all threads.
  public func seconds(_ phase: Phase) -> Double {
    let seconds = scratch.reduce(0) { $0 + $1.clock.seconds(phase) }
    // Only the caller's clock measures the optimizer, although all threads work on it.
    return phase == .optimizer ? seconds * Double(pool.threads) : seconds
  }

  /// Takes the value of the metric on which a plateau's rates depend (`ScheduledRates.observe`).
  public func observe(_ value: Double?, after epoch: Int) { rates.observe(value, after: epoch) }

  /// Trains one epoch, counted from 1; an epoch that was stopped resumes where it was.
  ///
  /// - Parameter progress: called after each batch with its number, counted from 0, and its loss; returning false stops
  ///   the epoch there.
  /// - Returns: nil if `progress` stopped the epoch.
  /// - Throws: `NonFiniteError`.
  public func runEpoch(_ epoch: Int, progress: (_ batch: Int, _ loss: Double) -> Bool = { _, _ in true }) throws
    -> EpochResult?
  {
    let start = now()
    let order: [Int]
    if specification.shuffle {
      // The order depends only on seed and epoch.
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
      let loss = trainBatch(
        Array(chosen), epoch: epoch, rates: rates.rates(epoch: epoch, batch: batch), counts: &counts,
        inputSpikes: &totals.inputSpikes)
      guard loss.isFinite, weightsAreFinite else {
        throw NonFiniteError(
          what: loss.isFinite ? "a weight or a moment of the optimizer is not finite" : "the loss is \(loss)",
          epoch: epoch, batch: batch, largestWeight: network.weights.largest, largestGradient: gradients[0].largest)
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

  /// Makes one weight update from the samples `chosen`. Returns the loss before it and sets `weightsAreFinite`.
  private func trainBatch(
    _ chosen: [Int], epoch: Int, rates: UpdateRates, counts: inout [[Int]], inputSpikes: inout Int
  ) -> Double {
    let losses = AlignedBuffer<Double>(count: chosen.count)
    let classes = network.specification.classes
    let shares = Shares(chosen.count, of: network.specification)
    let isRegularized = regularizer != nil
    let smoothing = specification.labelSmoothing
    /// The first slot for a chunk: the thread's own slots, or with a regularizer the slot numbered as its first sample.
    func firstSlot(_ chunk: Range<Int>, _ worker: Int) -> Int {
      isRegularized ? chunk.lowerBound : worker * shares.chunk
    }
    func input(_ chunk: Range<Int>) -> (input: NetworkInput, owner: AugmentedSamples?) {
      samples.input(chosen[chunk], augmenter, epoch: epoch)
    }
    func backward(_ chunk: Range<Int>, _ input: NetworkInput, _ share: Int, _ worker: Int) {
      let first = firstSlot(chunk, worker)
      network.backward(
        slots: first..<first + chunk.count, record: record, into: gradients[share], scratch: scratch[worker],
        regularizer: regularizer?.pull)
      network.gradients(
        of: input, first: first, record: record, into: gradients[share], scratch: scratch[worker])
    }
    for worker in spikeCounts.indices { spikeCounts[worker].clear() }
    // Without a regularizer, each chunk goes backward while its membranes are still in the cache. With one, dL/ds
    // depends on the spike counts of the whole batch, so the backward pass has to wait for them.
    pool.run(tasks: shares.count) { worker, share in
      let scratch = scratch[worker]
      gradients[share].floats.update(repeating: 0, count: network.weights.layout.count)
      for chunk in shares.chunks(share) {
        let (input, owner) = input(chunk)
        defer { withExtendedLifetime(owner) {} }
        let first = firstSlot(chunk, worker)
        for start in stride(from: 0, to: input.count, by: network.specification.groupSamples) {
          network.forward(
            input[start..<min(start + network.specification.groupSamples, input.count)], first: first + start,
            record: record,
            scratch: scratch,
            dropout: { [self] sample, layer in
              dropoutKey(
                seed: seed, epoch: epoch, sample: chosen[chunk.lowerBound + start + sample], layer: layer)
            })
        }
        for (slot, sample) in zip(first..., chunk) {
          losses.pointer[sample] =
            crossEntropy(
              logits: record.logits(slot), classes: classes, label: samples.label(chosen[sample]),
              gradient: record.gradient(slot), scale: 1 / Double(chosen.count), smoothing: smoothing
            ).loss
          scratch.clock.lap(.readout)
          network.sortSpikes(slot: slot, record: record, scratch: scratch)
          spikeCounts[worker].add(record, slot, input: record.inputSpikes(slot, of: input, at: slot - first))
        }
        if !isRegularized { backward(chunk, input, share, worker) }
      }
      if !isRegularized { network.finishGradients(gradients[share], scratch: scratch) }
    }
    for layer in counts.indices {
      for unit in counts[layer].indices {
        counts[layer][unit] = spikeCounts.reduce(0) { $0 + $1.layers[layer].pointer[unit] }
      }
    }
    var regularization = 0.0
    if let regularizer {
      regularization = regularizer.update(counts: counts, samples: chosen.count)
      pool.run(tasks: shares.count) { worker, share in
        for chunk in shares.chunks(share) {
          let (input, owner) = input(chunk)
          backward(chunk, input, share, worker)
          withExtendedLifetime(owner) {}
        }
        network.finishGradients(gradients[share], scratch: scratch[worker])
      }
    }
    inputSpikes += spikeCounts.reduce(0) { $0 + $1.input }
    var loss = 0.0
    for sample in chosen.indices { loss += losses.pointer[sample] }
    loss = loss / Double(chosen.count) + regularization
    scratch[0].clock.start()
    weightsAreFinite = optimizer.step(
      weights: network.weights, gradients: Array(gradients[..<shares.count]), rates: rates,
      clipNorm: specification.clipNorm, pool: pool)
    network.keepBounds()
    network.weightsDidChange(pool: pool)
    scratch[0].clock.lap(.optimizer)
    return loss
  }

}
