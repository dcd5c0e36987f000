/// Penalties on the spikes of a batch of B samples, for each hidden layer:
///
///     totalSpikes * sum_btj s_btj                                    (SpyTorch tutorials 3 and 4)
///     neuronSpikesSquared * mean_j (sum_bt s_btj)^2                  (the same)
///     meanSpikes * mean_bj sum_t s_btj
///     lower.strength * mean_j max(0, lower.bound - rate_j)^2         (rate_j: mean over batch and steps, in Hz)
///     upper.strength * mean_j max(0, rate_j - upper.bound)^2
public struct RegularizerSpecification: Hashable, Sendable {
  /// A bound on the firing rate of each unit.
  public struct RateBound: Hashable, Sendable {
    /// In Hz of network time.
    public var bound: Double
    public var strength: Double

    public init(bound: Double, strength: Double) {
      self.bound = bound
      self.strength = strength
    }
  }

  public var totalSpikes: Double
  public var neuronSpikesSquared: Double
  public var meanSpikes: Double
  public var lower: RateBound?
  public var upper: RateBound?

  public init(
    totalSpikes: Double = 0, neuronSpikesSquared: Double = 0, meanSpikes: Double = 0, lower: RateBound? = nil,
    upper: RateBound? = nil
  ) {
    self.totalSpikes = totalSpikes
    self.neuronSpikesSquared = neuronSpikesSquared
    self.meanSpikes = meanSpikes
    self.lower = lower
    self.upper = upper
  }

  public var isNone: Bool {
    totalSpikes == 0 && neuronSpikesSquared == 0 && meanSpikes == 0 && lower == nil && upper == nil
  }
}
