import Foundation
import MonotonicClock
import Training

/// Rates and time left of one session of a run. Training and evaluation are measured separately, since the remaining
/// epochs may be evaluated more or less often than the past ones.
package final class ProgressMeter {
  private let cost: RunCost
  private let batches: Int
  private let batchSize: Int
  /// Samples per evaluation.
  private let evaluated: Int
  private let clock: () -> Double

  private var epoch = 0
  /// Start time of the epoch's training or evaluation.
  private var begin = 0.0
  /// Batches of the epoch done before `begin`.
  private var batchesBefore = 0
  /// For this session, excluding the part that began at `begin`.
  private var training = (batches: 0.0, seconds: 0.0)
  private var evaluation = (samples: 0.0, seconds: 0.0)
  /// Start time of the session's first epoch.
  private var sessionBegin: Double?
  private var loss = 0.0
  private var rate = 0.0

  package init(
    cost: RunCost, batches: Int, batchSize: Int, evaluated: Int, clock: @escaping () -> Double = now
  ) {
    (self.cost, self.batches, self.batchSize, self.evaluated) = (cost, batches, batchSize, evaluated)
    self.clock = clock
  }

  /// An epoch's training begins, or resumes after some batches.
  package func begin(_ epoch: Int, batchesDone: Int) {
    (self.epoch, begin, batchesBefore) = (epoch, clock(), batchesDone)
    sessionBegin = sessionBegin ?? begin
  }

  /// During an epoch's training.
  package func trained(_ totals: EpochTotals, rows: [HistoryRow]) -> RunProgress {
    let (batches, seconds) = (totals.batches - batchesBefore, clock() - begin)
    loss = totals.lossSum / Double(max(1, totals.batches))
    rate = Double(batches * batchSize) / max(1e-9, seconds)
    return progress(
      trained: totals.batches, evaluated: 0, training: (training.batches + Double(batches), training.seconds + seconds),
      evaluation: evaluation, rows: rows)
  }

  /// The epoch's batches are done; its evaluation, if it has one, begins.
  package func beginEvaluation(_ result: EpochResult) {
    let end = clock()
    training = (training.batches + Double(batches - batchesBefore), training.seconds + end - begin)
    (loss, begin) = (result.loss, end)
  }

  /// During the evaluation, after some of its samples.
  package func evaluated(_ samples: Int, rows: [HistoryRow]) -> RunProgress {
    progress(
      trained: batches, evaluated: samples, training: training,
      evaluation: (evaluation.samples + Double(samples), evaluation.seconds + clock() - begin), rows: rows)
  }

  /// At the end of an epoch, whose row is the last one.
  package func finished(rows: [HistoryRow]) -> RunProgress {
    if cost.isEvaluated(epoch) {
      evaluation = (evaluation.samples + Double(evaluated), evaluation.seconds + clock() - begin)
    }
    var progress = progress(
      trained: batches, evaluated: evaluated, training: training, evaluation: evaluation, rows: rows)
    progress.epochFinished = true
    forget(progress.last?.training.seconds ?? 0)
    return progress
  }

  /// Discounts old measurements exponentially, so that changes of pace are followed: the half-life is a third of the
  /// session, but at least 2 s.
  private func forget(_ seconds: Double) {
    let halfLife = max(2, (clock() - (sessionBegin ?? begin)) / 3)
    let kept = exp2(-seconds / halfLife)
    training = (training.batches * kept, training.seconds * kept)
    evaluation = (evaluation.samples * kept, evaluation.seconds * kept)
  }

  /// - Parameters:
  ///   - trained: batches of the epoch.
  ///   - evaluated: samples of its evaluation.
  private func progress(
    trained: Int, evaluated: Int, training: (batches: Double, seconds: Double),
    evaluation: (samples: Double, seconds: Double), rows: [HistoryRow]
  ) -> RunProgress {
    let share = (
      training: Double(trained) / Double(max(1, batches)),
      evaluation: Double(evaluated) / Double(max(1, self.evaluated))
    )
    var left: Double?
    if training.batches > 0 {
      let perEpoch = training.seconds / training.batches * Double(batches)
      // Until an evaluation is measured, scale the model by the measured training.
      let perEvaluation =
        evaluation.samples > 0
        ? evaluation.seconds / evaluation.samples * Double(self.evaluated)
        : cost.training > 0 ? perEpoch * cost.evaluation / cost.training : 0
      let evaluations =
        Double(cost.evaluations(through: cost.epochs) - cost.evaluations(through: epoch - 1))
        - (cost.isEvaluated(epoch) ? share.evaluation : 0)
      left =
        perEpoch * (Double(cost.epochs - epoch + 1) - share.training) + perEvaluation * max(0, evaluations)
    }
    return RunProgress(
      epoch: epoch, epochs: cost.epochs, loss: loss, samplesPerSecond: rate, cost: cost,
      done: cost.done(epochs: epoch - 1, training: share.training, evaluation: share.evaluation), secondsLeft: left,
      rows: rows, epochFinished: false)
  }
}
