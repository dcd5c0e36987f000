import Training

/// How much there is to do in a run, in seconds by the model of `SampleCost`: by it runs of a sweep are weighed, and the
/// epochs of a run with and without evaluation.
public struct RunCost: Sendable, Equatable {
  public var epochs: Int
  /// Accuracies are computed every so many epochs, and at the last.
  public var evaluateEvery: Int
  /// Of an epoch, without evaluation.
  public var training: Double
  /// Of one evaluation of all samples.
  public var evaluation: Double
  /// Early stopping may end the run before its last epoch, so that all this is the most there can be.
  public var mayEndEarly: Bool

  public init(epochs: Int, evaluateEvery: Int, training: Double, evaluation: Double, mayEndEarly: Bool = false) {
    (self.epochs, self.evaluateEvery) = (epochs, max(1, evaluateEvery))
    (self.training, self.evaluation, self.mayEndEarly) = (training, evaluation, mayEndEarly)
  }

  public init(_ run: RunSpecification, size: DataSize) {
    let training = run.training
    let sample = SampleCost(of: run.network(classes: size.classes), events: size.events, batch: training.batchSize)
    let samples =
      training.dropLast ? size.training / max(1, training.batchSize) * training.batchSize : size.training
    self.init(
      epochs: training.epochs, evaluateEvery: training.evaluateEvery, training: Double(samples) * sample.training,
      evaluation: Double(size.evaluated) * sample.evaluation, mayEndEarly: training.patience != nil)
  }

  /// Whether accuracies are computed at the end of an epoch, counted from 1.
  public func isEvaluated(_ epoch: Int) -> Bool { epoch % evaluateEvery == 0 || epoch == epochs }

  /// Evaluations at the ends of the first `epochs` epochs.
  public func evaluations(through epochs: Int) -> Int {
    epochs / evaluateEvery + (epochs == self.epochs && epochs % evaluateEvery != 0 ? 1 : 0)
  }

  /// Of the whole run.
  public var total: Double { done(epochs: epochs) }

  /// What is done after some whole epochs, and shares of training and evaluation of the next one.
  public func done(epochs whole: Int, training trained: Double = 0, evaluation evaluated: Double = 0) -> Double {
    let next = isEvaluated(whole + 1) ? evaluated * evaluation : 0
    return (Double(whole) + trained) * training + Double(evaluations(through: whole)) * evaluation + next
  }
}
