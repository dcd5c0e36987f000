/// Whether gradients flow through the spike in the reset.
public enum ResetGradient: String, CaseIterable, Sendable {
  /// The reset's factor counts as a constant.
  case detached
  /// The spike in it is differentiated like any other, by the surrogate.
  case attached
}
