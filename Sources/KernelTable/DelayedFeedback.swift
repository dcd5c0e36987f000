/// The adjoint of `DelayedSpikes`: what spikes get back from the steps at which they arrive.
///
///     dL/ds_j[t] += early_j q_j[t + 1 + shift_j] + late_j q_j[t + 2 + shift_j],   q[t] = V delta[t]
public struct DelayedFeedback {
  /// `[units]`: the delay's whole steps; 0 for a spike that never arrives.
  public var shifts: UnsafePointer<Int32>
  /// `[units]`: 1 - fraction, and the fraction; both 0 for a spike that never arrives.
  public var early: UnsafePointer<Float>
  public var late: UnsafePointer<Float>
  /// Work space, `[lockstepSamples, units]`: `q` of one step.
  public var product: UnsafeMutablePointer<Float>
  /// Work space, `[steps, lockstepSamples, units]`: `q_j` of step `t` is kept at `t - shift_j`, where it is needed.
  public var shifted: UnsafeMutablePointer<Float>
  /// Steps that are kept at a time, in turn: the longest delay + 2, or more.
  public var steps: Int

  public init(
    shifts: UnsafePointer<Int32>, early: UnsafePointer<Float>, late: UnsafePointer<Float>,
    product: UnsafeMutablePointer<Float>, shifted: UnsafeMutablePointer<Float>, steps: Int
  ) {
    self.shifts = shifts
    self.early = early
    self.late = late
    self.product = product
    self.shifted = shifted
    self.steps = steps
  }
}
