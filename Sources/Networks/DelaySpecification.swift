/// Delays of a layer's input or recurrent spikes: one for each sending channel or unit. Times are in seconds.
public struct DelaySpecification: Hashable, Sendable {
  /// Delays are kept in `0...maximum` after each update.
  public var maximum: Double
  public var initial: ParameterDistribution
  public var isTrained: Bool

  public init(maximum: Double, initial: ParameterDistribution, isTrained: Bool) {
    self.maximum = maximum
    self.initial = initial
    self.isTrained = isTrained
  }

  /// The largest delay in time steps.
  public func maximumSteps(timeStep: Double) -> Double { maximum / timeStep }

  /// The most whole steps by which a spike can be late, at most the number of time bins, after which it never arrives.
  /// Rounded up, as single precision and rounding when evaluating can.
  func mostSteps(timeStep: Double, timeBins: Int) -> Int {
    let steps = maximumSteps(timeStep: timeStep).rounded(.up)
    return steps < Double(timeBins) ? Int(steps) : timeBins
  }
}
