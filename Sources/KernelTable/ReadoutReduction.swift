/// How the membrane trace of a class becomes its logit. Each is one file of Sources/Kernels/Readouts.
public enum ReadoutReduction: String, CaseIterable, Sendable {
  /// The maximum over time, the first one on a tie; the zero state counts unless `from_step` is set.
  case max
  /// The membrane after the last step.
  case last
  /// The mean over time.
  case mean
  /// The sum over steps of the softmax over classes (Baronig et al. 2025), used as logits.
  case sumSoftmax = "sum_softmax"
}
