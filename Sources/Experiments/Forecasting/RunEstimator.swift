import Engine
import Foundation
import MonotonicClock
import Networks
import SpikeData
import Training

/// Estimates the time of runs before they start, from a few batches on this machine.
public final class RunEstimator {
  private let pool: WorkerPool
  /// Seconds that are still allowed for measurements.
  private var budget: Double
  /// Seconds per unit of `work` in what was measured so far: of training and of evaluation.
  private var measured: [(work: Double, training: Double, evaluation: Double)] = []

  /// - Parameter budget: about how many seconds all measurements may take together. What is left unmeasured is
  ///   estimated from the measured run of the nearest size.
  public init(threads: Int, budget: Double) {
    pool = WorkerPool(threads: threads)
    self.budget = budget
  }

  /// Seconds of the whole run, evaluations included; nil if nothing was measured.
  public func seconds(_ run: RunSpecification, data: RunData) -> Double? {
    let network = run.network(classes: data.classes)
    let slots = max(1, min(run.training.batchSize, data.training.count))
    guard run.training.epochs > 0, data.training.count > 0 else { return nil }
    let work = Self.work(network, data: data)
    if budget > 0, RunMemory(run, data: data, threads: pool.threads).training < RunMemory.available / 2 {
      measure(run, network: network, data: data, work: work)
    }
    guard let nearest = measured.min(by: { abs(log($0.work / work)) < abs(log($1.work / work)) }) else { return nil }
    let batches = run.training.dropLast ? data.training.count / slots : (data.training.count + slots - 1) / slots
    let trained = Double(batches * slots * run.training.epochs)
    let evaluations = (run.training.epochs + run.training.evaluateEvery - 1) / run.training.evaluateEvery
    let evaluated = Double(evaluations * (data.training.count + (data.validation?.count ?? 0) + data.test.count))
    return work * (trained * nearest.training + evaluated * nearest.evaluation)
  }

  /// Times training and evaluation of some samples.
  private func measure(
    _ run: RunSpecification, network specification: NetworkSpecification, data: RunData, work: Double
  ) {
    let begin = now()
    let network = Network(specification)
    network.weights.drawNormal(gain: 1, seed: run.seed)
    if case .normal(let gain) = run.initialization { network.weights.drawNormal(gain: gain, seed: run.seed) }
    network.weightsDidChange(pool: pool)
    // A small batch tells how many of the real ones are affordable; of a huge network even that must be smaller. A thread
    // does at least some 3e9 units of work a second.
    let affordable = Int(min(1e6, 3e9 * budget / 8 / work))
    guard affordable > 0 else { return }
    let probe = min(data.training.count, 8 * pool.threads, affordable)
    var training = time(run, network: network, data: data, batch: probe, seconds: 0.2)
    let batch = min(run.training.batchSize, data.training.count)
    if batch > probe, let seconds = training, seconds * Double(batch) < budget / 3 {
      training = time(run, network: network, data: data, batch: batch, seconds: 0.4)
    }
    let some = Samples(data.training.dataset, indices: Array(data.training.indices.prefix(probe * 2)))
    let start = now()
    _ = Evaluator(specification: specification, pool: pool).evaluate(network, on: some)
    let evaluation = (now() - start) / Double(some.count)
    budget -= now() - begin
    guard let training else { return }
    measured.append((work, training / work, evaluation / work))
  }

  /// Seconds a sample of training in batches of `batch`, the first one not counted if there are more; nil if the loss is
  /// not finite.
  private func time(_ run: RunSpecification, network: Network, data: RunData, batch: Int, seconds: Double) -> Double? {
    var training = run.training
    training.batchSize = batch
    let trainer = Trainer(network: network, samples: data.training, specification: training, seed: run.seed, pool: pool)
    let begin = now()
    var ends: [Double] = []
    do {
      _ = try trainer.runEpoch(1) { _, _ in
        ends.append(now())
        return ends.count < 2 || now() - begin < seconds
      }
    } catch { return nil }
    guard let first = ends.first, let last = ends.last else { return nil }
    return ends.count > 1 ? (last - first) / Double((ends.count - 1) * batch) : (first - begin) / Double(batch)
  }

  /// What the time of a sample goes with: rows added up for input events, and for spikes, and the dense product of the
  /// backward pass. Only ratios matter.
  private static func work(_ network: NetworkSpecification, data: RunData) -> Double {
    let events = Double(data.training.dataset.spikeCount) / Double(max(1, data.training.dataset.count))
    var work = events * Double(network.hidden[0].units)
    for (index, layer) in network.hidden.enumerated() {
      let units = Double(layer.units)
      let next = Double(index + 1 < network.hidden.count ? network.hidden[index + 1].units : network.classes)
      work += Double(network.timeBins) * (units * 8 + units * next + (layer.recurrent ? units * units : 0))
    }
    return work
  }
}
