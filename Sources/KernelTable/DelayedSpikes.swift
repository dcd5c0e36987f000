/// Recurrent spikes that arrive late, in the forward pass: the rows of the recurrent weights that act in the steps to
/// come.
///
/// Unit `j`'s spike of step `t` adds row `2 j` of the recurrent weights at step `t + 1 + shifts[j]` and, if
/// `fractions[j]` is not 0, row `2 j + 1` one step later: the weights times `1 - fraction` and times `fraction`.
public struct DelayedSpikes {
  /// `[units]`: the delay's whole steps.
  public var shifts: UnsafePointer<Int32>
  /// `[units]`: the rest of the delay, in 0..<1.
  public var fractions: UnsafePointer<Float>
  /// Work space, `[samples, steps, capacity]`: the rows listed for each of the next steps.
  public var arrivals: UnsafeMutablePointer<UInt16>
  /// Work space, `[samples, steps]`: how many.
  public var counts: UnsafeMutablePointer<Int32>
  /// Steps that are listed at a time, in turn: more than the longest delay + 2, or than the sample has.
  public var steps: Int
  /// Rows that can be listed per step: twice the units.
  public var capacity: Int

  public init(
    shifts: UnsafePointer<Int32>, fractions: UnsafePointer<Float>, arrivals: UnsafeMutablePointer<UInt16>,
    counts: UnsafeMutablePointer<Int32>, steps: Int, capacity: Int
  ) {
    self.shifts = shifts
    self.fractions = fractions
    self.arrivals = arrivals
    self.counts = counts
    self.steps = steps
    self.capacity = capacity
  }
}
