import Training

/// What the display is told while a run trains.
public struct RunProgress: Sendable {
  public var epoch: Int
  public var epochs: Int
  /// Mean loss of the epoch's batches so far.
  public var loss: Double
  /// Of training.
  public var samplesPerSecond: Double
  /// What there is to do in the whole run.
  public var cost: RunCost
  /// What is done of `cost.total`.
  public var done: Double
  /// Until the last epoch has ended, evaluations included.
  public var secondsLeft: Double?
  /// The rows of the finished epochs.
  public var rows: [HistoryRow]
  public var epochFinished: Bool

  /// The row of the last finished epoch.
  public var last: HistoryRow? { rows.last }

  /// The share of the whole run that is done.
  public var share: Double { cost.total > 0 ? min(1, done / cost.total) : 0 }
}
