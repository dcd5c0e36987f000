/// What a spike does to the membrane of its unit.
public enum NeuronReset: String, CaseIterable, Sendable {
  /// Sets it to zero.
  case zero
  /// Subtracts the threshold of the step, or 1 in `adlif`, whatever its threshold.
  case subtract
  /// Nothing.
  case none
}
