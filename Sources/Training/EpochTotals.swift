import Networks

/// Sums over the batches of an epoch so far.
public struct EpochTotals: Sendable, Equatable {
  public var epoch: Int
  public var batches = 0
  public var samples = 0
  public var lossSum = 0.0
  public var inputSpikes = 0
  /// Of each hidden layer and unit.
  public var spikes: [[Int]]
  public var seconds = 0.0

  /// Nothing trained yet.
  /// - Parameter units: of each hidden layer.
  public init(epoch: Int, units: [Int]) {
    self.epoch = epoch
    spikes = units.map { [Int](repeating: 0, count: $0) }
  }
}
