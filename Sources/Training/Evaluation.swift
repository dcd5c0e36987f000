/// A network's results on some samples, each evaluated once.
public struct Evaluation: Sendable {
  /// Mean cross-entropy, without the regularizer.
  public var loss: Double
  /// Predicted class of each sample.
  public var predicted: [Int]
  public var accuracy: Double
  /// The mean firing rate by layer and unit, in Hz of network time.
  public var unitRates: [[Double]]
}
