import Training

/// Predicted cost of a run, in seconds of the `SampleCost` model. It weights the runs of a sweep, and epochs with and
/// without evaluation.
public struct RunCost: Sendable, Equatable {
  public var epochs: Int
  /// Accuracies are computed every this many epochs, and after the last.
  public var evaluateEvery: Int
  /// Cost of an epoch, excluding evaluation.
  public var training: Double
  /// Cost of one evaluation of all samples.
  public var evaluation: Double
  /// Early stopping may end the run before its last epoch, so the cost is an upper bound.
  public var mayEndEarly: Bool

  public init(epochs: Int, evaluateEvery: Int, training: Double, evaluation: Double, mayEndEarly: Bool = false) {
    (self.epochs, self.evaluateEvery) = (epochs, max(1, evaluateEvery))
    (self.training, self.evaluation, self.mayEndEarly) = (training, evaluation, mayEndEarly)
  }

  public init(_ run: RunSpecification, size: DataSize) {
    let training = run.training
    let sample = SampleCost(of: run.network(size.shape), events: size.events, batch: training.batchSize)
    let samples =
      training.dropLast ? size.training / max(1, training.batchSize) * training.batchSize : size.training
    self.init(
      epochs: training.epochs, evaluateEvery: training.evaluateEvery, training: Double(samples) * sample.training,
      evaluation: Double(size.evaluated) * sample.evaluation, mayEndEarly: training.patience != nil)
  }

  /// Whether accuracies are computed at the end of an epoch, counted from 1.
  public func isEvaluated(_ epoch: Int) -> Bool {
    TrainingSpecification.evaluates(afterEpoch: epoch, every: evaluateEvery) || epoch == epochs
  }

  /// Number of evaluations in the first `epochs` epochs.
  public func evaluations(through epochs: Int) -> Int {
    let isExtra =
      epochs == self.epochs && !TrainingSpecification.evaluates(afterEpoch: epochs, every: evaluateEvery)
    return epochs / evaluateEvery + (isExtra ? 1 : 0)
  }

  /// Cost of the whole run.
  public var total: Double { done(epochs: epochs) }

  /// Cost done after some whole epochs and the given fractions of the next one's training and evaluation.
  public func done(epochs whole: Int, training trained: Double = 0, evaluation evaluated: Double = 0) -> Double {
    let next = isEvaluated(whole + 1) ? evaluated * evaluation : 0
    return (Double(whole) + trained) * training + Double(evaluations(through: whole)) * evaluation + next
  }
}
