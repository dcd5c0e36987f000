/// `totalSpikes * sum_btj s  +  neuronSpikesSquared * mean_j (sum_bt s)^2`, for each hidden layer
/// (SpyTorch tutorials 3 and 4). Both zero: none.
public struct RegularizerSpecification: Hashable, Sendable {
  public var totalSpikes: Double
  public var neuronSpikesSquared: Double

  public init(totalSpikes: Double = 0, neuronSpikesSquared: Double = 0) {
    self.totalSpikes = totalSpikes
    self.neuronSpikesSquared = neuronSpikesSquared
  }

  public var isNone: Bool { totalSpikes == 0 && neuronSpikesSquared == 0 }
}
