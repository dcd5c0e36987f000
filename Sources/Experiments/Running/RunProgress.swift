import Training

/// Progress of a run in training, for the display.
public struct RunProgress: Sendable {
  public var epoch: Int
  public var epochs: Int
  /// Mean loss of the epoch's batches so far.
  public var loss: Double
  /// Of training.
  public var samplesPerSecond: Double
  /// Predicted cost of the whole run.
  public var cost: RunCost
  /// The part of `cost.total` that is done.
  public var done: Double
  /// Seconds until the last epoch ends, including evaluations.
  public var secondsLeft: Double?
  /// The rows of the finished epochs.
  public var rows: [HistoryRow]
  public var epochFinished: Bool

  /// The row of the last finished epoch.
  public var last: HistoryRow? { rows.last }

  /// Fraction of the whole run that is done.
  public var share: Double { cost.total > 0 ? min(1, done / cost.total) : 0 }
}
