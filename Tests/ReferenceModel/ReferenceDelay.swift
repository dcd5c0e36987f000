/// A sender's delay in time steps.
///
/// A spike of step t arrives at step t + floor(d) with weight 1 - f and one step later with weight f, f being the
/// fraction of d; floor(d) is a constant, so that the derivative by d is that of this linear form.
struct ReferenceDelay {
  private let steps: Int
  private let fraction: Variable

  /// - Parameter isRounded: to the nearest whole step.
  init(_ delay: Variable, isRounded: Bool) {
    let delay = isRounded ? delay.rounded : delay
    steps = Int(delay.value.rounded(.down))
    fraction = delay - Double(steps)
  }

  /// What arrives at step `t` of what was sent at each step before and up to it; nothing is sent before step 0.
  func arriving(at t: Int, of sent: (Int) -> Variable, on tape: Tape) -> Variable {
    func before(_ steps: Int) -> Variable? { t >= steps ? sent(t - steps) : nil }
    let terms = [before(steps).map { (1 - fraction) * $0 }, before(steps + 1).map { fraction * $0 }]
    return tape.sum(terms.compactMap { $0 })
  }
}
