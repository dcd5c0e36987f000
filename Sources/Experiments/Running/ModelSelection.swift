import Quantities
import Training

/// Keeps the weights of the best epoch so far, and decides when training may stop.
struct ModelSelection {
  private let criterion: SelectionCriterion
  private let patience: Int?
  /// nil until an epoch is evaluated, and always with `select_on: last`.
  private(set) var best: Best?

  /// An epoch, the criterion's value and the weights at its end.
  typealias Best = (epoch: Int, value: Double, weights: [[Float]])

  init(_ training: TrainingSpecification, best: Best? = nil) {
    criterion = training.selectOn
    patience = training.patience
    self.best = best
  }

  /// Records an evaluated epoch; `weights` are those at its end.
  mutating func consider(_ row: HistoryRow, weights: () -> [[Float]]) {
    guard let value = value(of: row), !value.isNaN else { return }
    // The first epoch wins a tie.
    let isMinimised = MetricKind(column: criterion.rawValue).isMinimised == true
    if let best, !(isMinimised ? value < best.value : value > best.value) { return }
    best = (row.epoch, value, weights())
  }

  /// Whether the criterion has not improved for too many epochs.
  func isExhausted(at epoch: Int) -> Bool {
    guard let patience, let best else { return false }
    return epoch - best.epoch >= patience
  }

  private func value(of row: HistoryRow) -> Double? {
    switch criterion {
    case .last: nil
    case .validationAccuracy: row.validationAccuracy
    case .validationLoss: row.validationLoss
    case .testAccuracy: row.testAccuracy
    }
  }
}
