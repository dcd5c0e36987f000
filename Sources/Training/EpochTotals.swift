/// Sums over the batches of an epoch trained so far.
public struct EpochTotals: Sendable, Equatable {
  public var epoch: Int
  public var batches = 0
  public var samples = 0
  public var lossSum = 0.0
  public var inputSpikes = 0
  /// Spikes by hidden layer and unit.
  public var spikes: [[Int]]
  public var seconds = 0.0

  /// Nothing trained yet.
  /// - Parameter units: the number of units in each hidden layer.
  public init(epoch: Int, units: [Int]) {
    self.epoch = epoch
    spikes = units.map { [Int](repeating: 0, count: $0) }
  }
}
