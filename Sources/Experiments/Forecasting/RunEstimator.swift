import Engine
import Foundation
import MonotonicClock
import Networks
import Training

/// Estimates the time of runs before they start: trains and evaluates a few batches on this machine, as many at once as
/// runs will be.
public final class RunEstimator {
  private let threads: Int
  /// One for each run at once.
  private let pools: [WorkerPool]
  /// Seconds that are still allowed for measurements.
  private var budget: Double
  /// Seconds that a measurement may take.
  private let slice: Double
  private var measured: [Measurement] = []

  /// What was measured of a run, in seconds per second of the model.
  private struct Measurement {
    var model: SampleCost
    var training: Double
    var evaluation: Double
  }

  /// Seconds of a run besides training and evaluation: its files.
  private static let files = 0.05

  /// - Parameters:
  ///   - points: how many runs will be asked for.
  ///   - budget: about how many seconds all measurements may take together. What is left unmeasured is estimated from the
  ///     measured run of the nearest size.
  public init(_ parallelism: Parallelism, points: Int, budget: Double) {
    threads = parallelism.threads
    pools = (0..<parallelism.jobs).map { _ in WorkerPool(threads: parallelism.threads) }
    self.budget = budget
    slice = max(0.1, budget / Double(max(1, points)))
  }

  /// Seconds of the whole run, evaluations included, at most if it may stop early; nil if nothing was measured.
  public func seconds(_ run: RunSpecification, data: RunData) -> Double? {
    guard run.training.epochs > 0, data.training.count > 0 else { return nil }
    let size = DataSize(data)
    let cost = RunCost(run, size: size)
    let network = run.network(classes: data.classes)
    let model = SampleCost(of: network, events: size.events, batch: run.training.batchSize)
    if budget > 0 { measure(run, network: network, data: data, model: model) }
    func distance(_ measurement: Measurement) -> Double { abs(log(measurement.model.training / model.training)) }
    guard let nearest = measured.min(by: { distance($0) < distance($1) }) else { return nil }
    // Where the best epoch counts, its weights are most likely evaluated once more.
    let evaluations = cost.evaluations(through: cost.epochs) + (run.training.selectOn == .last ? 0 : 1)
    // Before and after training some samples are recorded, one after the other on one thread.
    let recorded = 2 * min(run.recordedSamples, data.test.count) * threads
    return nearest.training * cost.training * Double(cost.epochs)
      + nearest.evaluation * (cost.evaluation * Double(evaluations) + model.evaluation * Double(recorded)) + Self.files
  }

  /// Times training and evaluation of some samples in as many runs at once as there will be.
  private func measure(_ run: RunSpecification, network: NetworkSpecification, data: RunData, model: SampleCost) {
    let begin = now()
    // Of what would not fit several times, one; of what would hardly fit once, none.
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

  /// What several threads find.
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

  /// - Parameter slice: seconds that it may take.
  private static func measure(
    _ run: RunSpecification, network specification: NetworkSpecification, data: RunData, model: SampleCost,
    pool: WorkerPool, slice: Double
  ) -> Measurement? {
    let network = Network(specification)
    network.weights.drawNormal(gain: 1, seed: run.seed)
    if case .normal(let gain) = run.initialization { network.weights.drawNormal(gain: gain, seed: run.seed) }
    network.weightsDidChange(pool: pool)
    // A small batch tells whether the real one is affordable; of a huge network even that must be smaller. No core is much
    // slower than a tenth of the model's.
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
    // Once to warm up, then as often as there is time for.
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

  /// Seconds per sample of training in batches of `batch`, the first one not counted if there are more; nil if the loss is
  /// not finite.
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
