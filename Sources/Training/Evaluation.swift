/// What a network does on some samples, every sample once.
public struct Evaluation: Sendable {
  /// Mean cross-entropy, without regularizer.
  public var loss: Double
  /// Predicted class of each sample.
  public var predicted: [Int]
  public var accuracy: Double
  /// Of each layer and unit the mean rate in Hz of network time.
  public var unitRates: [[Double]]
}
