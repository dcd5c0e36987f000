/// A loss, weight or recorded value is NaN or infinite: the run has failed, whatever its other numbers look like.
public struct NonFiniteError: Error, CustomStringConvertible {
  /// What is not finite, as a clause.
  public var what: String
  public var epoch: Int
  /// nil if it was found after the epoch's last batch.
  public var batch: Int?
  public var largestWeight: Float
  /// In the last batch; nil if unknown.
  public var largestGradient: Float?

  public init(what: String, epoch: Int, batch: Int? = nil, largestWeight: Float, largestGradient: Float? = nil) {
    (self.what, self.epoch, self.batch) = (what, epoch, batch)
    (self.largestWeight, self.largestGradient) = (largestWeight, largestGradient)
  }

  public var description: String {
    let place = batch.map { "in epoch \(epoch), batch \($0)" } ?? "after epoch \(epoch)"
    let gradient = largestGradient.map { ", largest gradient \($0)" } ?? ""
    return "\(what) \(place) (largest weight \(largestWeight)\(gradient)): try a smaller "
      + "training.optimizer.learning_rate or network.init.gain"
  }
}
