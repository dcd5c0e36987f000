import Training

/// The final results of a run: its row in `summary.csv`.
public struct RunResult: Sendable {
  public var rows: [HistoryRow]
  /// The epoch whose weights were kept and evaluated; 0: the initial weights.
  public var selectedEpoch: Int
  public var selectedOn: SelectionCriterion
  public var train: Evaluation
  public var validation: Evaluation?
  public var test: Evaluation

  /// The history's row of the selected epoch; nil if the initial weights were kept.
  public var selected: HistoryRow? { rows.last { $0.epoch == selectedEpoch } }
}
