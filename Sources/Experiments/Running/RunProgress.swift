import Engine
import Foundation
import Training

/// What the display is told while a run trains.
public struct RunProgress: Sendable {
  public var epoch: Int
  public var epochs: Int
  /// Batches done in this epoch, of `batches`.
  public var batch: Int
  public var batches: Int
  /// Mean loss of the epoch's batches so far.
  public var loss: Double
  public var samplesPerSecond: Double
  /// Of the whole run.
  public var secondsLeft: Double?
  /// The row of the last finished epoch.
  public var last: HistoryRow?
  public var epochFinished: Bool
}

/// Rates and time left of one session of a run.
final class ProgressMeter {
  private let epochs: Int
  private let batches: Int
  private let batchSize: Int
  private let sessionBegin = now()
  private var epoch = 0
  private var epochBegin = now()
  /// Epochs, with fractions, and batches of the epoch that were done before the session.
  private var doneBefore: Double?
  private var batchesBefore = 0

  init(epochs: Int, batches: Int, batchSize: Int) {
    (self.epochs, self.batches, self.batchSize) = (epochs, batches, batchSize)
  }

  func begin(_ epoch: Int, batchesDone: Int) {
    (self.epoch, epochBegin, batchesBefore) = (epoch, now(), batchesDone)
    if doneBefore == nil { doneBefore = done(batchesDone) }
  }

  private func done(_ batch: Int) -> Double { Double(epoch - 1) + Double(batch) / Double(max(1, batches)) }

  /// Within an epoch.
  func progress(_ totals: EpochTotals, last: HistoryRow?) -> RunProgress {
    let samples = Double((totals.batches - batchesBefore) * batchSize)
    return progress(
      batch: totals.batches, loss: totals.lossSum / Double(max(1, totals.batches)),
      rate: samples / max(1e-9, now() - epochBegin), last: last, finished: false)
  }

  /// At the end of an epoch that trained for `seconds`.
  func progress(finished row: HistoryRow, seconds: Double) -> RunProgress {
    progress(
      batch: batches, loss: row.training.loss, rate: Double(batches * batchSize) / max(1e-9, seconds), last: row,
      finished: true)
  }

  private func progress(batch: Int, loss: Double, rate: Double, last: HistoryRow?, finished: Bool) -> RunProgress {
    let share = done(batch) - (doneBefore ?? 0)
    return RunProgress(
      epoch: epoch, epochs: epochs, batch: batch, batches: batches, loss: loss, samplesPerSecond: rate,
      secondsLeft: share > 0 ? (now() - sessionBegin) / share * (Double(epochs) - done(batch)) : nil, last: last,
      epochFinished: finished)
  }
}
