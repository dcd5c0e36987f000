/// By what the epoch is chosen whose weights a run ends with.
public enum SelectionCriterion: String, CaseIterable, Sendable {
  case last
  case validationAccuracy = "validation_accuracy"
  case validationLoss = "validation_loss"
  /// Reports the best of many looks at the test samples, which is no estimate of the accuracy on new ones.
  case testAccuracy = "test_accuracy"

  /// The words that tables and figures use.
  public var label: String {
    switch self {
    case .last: "last epoch"
    case .validationAccuracy: "best validation accuracy"
    case .validationLoss: "lowest validation loss"
    case .testAccuracy: "best on test"
    }
  }

  public var needsValidation: Bool { self == .validationAccuracy || self == .validationLoss }
}
