/// How the epoch is chosen whose weights a run keeps.
public enum SelectionCriterion: String, CaseIterable, Sendable {
  case last
  case validationAccuracy = "validation_accuracy"
  case validationLoss = "validation_loss"
  /// Reports the best of many looks at the test samples, which does not estimate the accuracy on new ones.
  case testAccuracy = "test_accuracy"

  /// The wording used in tables and figures.
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
