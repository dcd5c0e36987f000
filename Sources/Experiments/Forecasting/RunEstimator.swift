import Engine
import Foundation
import MonotonicClock
import Networks
import Training

/// Estimates the time of runs before they start: trains and evaluates a few batches on this machine, with as many at
/// once as there will be runs.
public final class RunEstimator {
  private let threads: Int
  /// One for each concurrent run.
  private let pools: [WorkerPool]
  /// Seconds left for measurements.
  private var budget: Double
  /// Time limit of one measurement, in seconds.
  private let slice: Double
  private var measured: [Measurement] = []

  /// Measured cost of a run, in seconds per predicted second.
  private struct Measurement {
    var model: SampleCost
    var training: Double
    var evaluation: Double
  }

  /// Seconds a run spends outside training and evaluation: on its files.
  private static let files = 0.05

  /// - Parameters:
  ///   - points: how many runs will be estimated.
  ///   - budget: approximate total seconds for all measurements. Unmeasured runs are estimated from the measured run
  ///     closest in size.
  public init(_ parallelism: Parallelism, points: Int, budget: Double) {
    threads = parallelism.threads
    pools = (0..<parallelism.jobs).map { _ in WorkerPool(threads: parallelism.threads) }
    self.budget = budget
    slice = max(0.1, budget / Double(max(1, points)))
  }

  /// Seconds for the whole run, including evaluations; an upper bound if it may stop early; nil if nothing was
  /// measured.
  public func seconds(_ run: RunSpecification, data: RunData) -> Double? {
    guard run.training.epochs > 0, data.training.count > 0 else { return nil }
    let size = DataSize(data)
    let cost = RunCost(run, size: size)
    let network = run.network(data.shape)
    let model = SampleCost(of: network, events: size.events, batch: run.training.batchSize)
    if budget > 0 { measure(run, network: network, data: data, model: model) }
    func distance(_ measurement: Measurement) -> Double { abs(log(measurement.model.training / model.training)) }
    guard let nearest = measured.min(by: { distance($0) < distance($1) }) else { return nil }
    // If the best epoch is selected, its weights are most likely evaluated once more.
    let evaluations = cost.evaluations(through: cost.epochs) + (run.training.selectOn == .last ? 0 : 1)
    // Some samples are recorded before and after training, one by one on a single thread.
    let recorded = 2 * min(run.recordedSamples, data.test.count) * threads
    return nearest.training * cost.training * Double(cost.epochs)
      + nearest.evaluation * (cost.evaluation * Double(evaluations) + model.evaluation * Double(recorded)) + Self.files
  }

  /// Times training and evaluation of some samples, with as many concurrent runs as there will be.
  private func measure(_ run: RunSpecification, network: NetworkSpecification, data: RunData, model: SampleCost) {
    let begin = now()
    // One copy if several would not fit in memory; none if even one would barely fit.
    let memory = RunMemory(run, data: data, threads: threads).training
    let room = RunMemory.available / 2
    guard memory < room else { return }
    let pools = memory * self.pools.count < room ? self.pools : Array(self.pools.prefix(1))
    let results = Results(count: pools.count)
    let threads = pools.indices.dropFirst().map { index in
      let group = DispatchGroup()
      group.enter()
      let (pool, slice) = (pools[index], slice)
      let thread = Thread {
        results[index] = Self.measure(run, network: network, data: data, model: model, pool: pool, slice: slice)
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
      return group
    }
    results[0] = Self.measure(run, network: network, data: data, model: model, pool: pools[0], slice: slice)
    for group in threads { group.wait() }
    budget -= now() - begin
    let found = results.all.compactMap { $0 }
    guard !found.isEmpty else { return }
    let count = Double(found.count)
    measured.append(
      Measurement(
        model: model, training: found.reduce(0) { $0 + $1.training } / count,
        evaluation: found.reduce(0) { $0 + $1.evaluation } / count))
  }

  /// Results from several threads.
  private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Measurement?]

    init(count: Int) { values = Array(repeating: nil, count: count) }

    subscript(index: Int) -> Measurement? {
      get { lock.withLock { values[index] } }
      set { lock.withLock { values[index] = newValue } }
    }

    var all: [Measurement?] { lock.withLock { values } }
  }

  /// - Parameter slice: time limit in seconds.
  private static func measure(
    _ run: RunSpecification, network specification: NetworkSpecification, data: RunData, model: SampleCost,
    pool: WorkerPool, slice: Double
  ) -> Measurement? {
    let network = Network(specification)
    var initialization = run.initialization
    // The time depends little on the values of weights.
    if case .file = initialization { initialization = .normal(gain: 1) }
    network.draw(initialization, seed: run.seed, inputRate: data.training.spikesPerChannelAndStep)
    network.weightsDidChange(pool: pool)
    // A small batch shows whether the real one is affordable; for a huge network even that must be smaller. No core is
    // much slower than a tenth of the model's speed.
    let affordable = Int(min(1e6, slice / (10 * model.training)))
    guard affordable > 0 else { return nil }
    let probe = min(data.training.count, 8 * pool.threads, affordable)
    guard var training = time(run, network: network, data: data, batch: probe, seconds: slice / 8, pool: pool) else {
      return nil
    }
    let batch = min(run.training.batchSize, data.training.count)
    if batch > probe, training * Double(3 * batch) < slice {
      training = time(run, network: network, data: data, batch: batch, seconds: slice / 2, pool: pool) ?? training
    }
    // Once to warm up, then as often as time allows.
    let some = Samples(data.training.dataset, indices: Array(data.training.indices.prefix(8 * probe)))
    let evaluator = Evaluator(specification: specification, pool: pool)
    _ = evaluator.evaluate(network, on: some)
    let start = now()
    var samples = 0
    repeat {
      _ = evaluator.evaluate(network, on: some)
      samples += some.count
    } while now() - start < slice / 4
    let evaluation = (now() - start) / Double(samples)
    return Measurement(
      model: model, training: training / model.training, evaluation: evaluation / model.evaluation)
  }

  /// Training seconds per sample in batches of `batch`, excluding the first if there are more; nil if the loss is not
  /// finite.
  private static func time(
    _ run: RunSpecification, network: Network, data: RunData, batch: Int, seconds: Double, pool: WorkerPool
  ) -> Double? {
    var training = run.training
    training.batchSize = batch
    let trainer = Trainer(network: network, samples: data.training, specification: training, seed: run.seed, pool: pool)
    let begin = now()
    var ends: [Double] = []
    do {
      _ = try trainer.runEpoch(1) { _, _ in
        ends.append(now())
        return ends.count < 3 || now() - begin < seconds
      }
    } catch { return nil }
    guard let first = ends.first, let last = ends.last else { return nil }
    return ends.count > 1 ? (last - first) / Double((ends.count - 1) * batch) : (first - begin) / Double(batch)
  }
}
