import Networks

/// Everything needed to resume training as if it had not stopped. The order of samples is not part of it: it depends
/// only on seed and epoch.
public struct TrainerState: Sendable {
  /// The network's `Weights.matrices`.
  public var weights: [[Float]]
  /// The same for the optimizer's moments.
  public var firstMoments: [[Float]]
  public var secondMoments: [[Float]]
  public var optimizerSteps: Int
  /// nil between epochs.
  public var unfinished: EpochTotals?

  public init(
    weights: [[Float]], firstMoments: [[Float]], secondMoments: [[Float]], optimizerSteps: Int, unfinished: EpochTotals?
  ) {
    self.weights = weights
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    self.optimizerSteps = optimizerSteps
    self.unfinished = unfinished
  }
}

extension Trainer {
  /// The state after the most recently trained batch.
  public var state: TrainerState {
    TrainerState(
      weights: network.weights.matrices, firstMoments: optimizer.first.matrices,
      secondMoments: optimizer.second.matrices, optimizerSteps: optimizer.steps, unfinished: unfinished)
  }

  /// Resumes from the state of a trainer of the same network.
  public func restore(_ state: TrainerState) {
    network.weights.set(state.weights)
    network.weightsDidChange(pool: pool)
    optimizer.first.set(state.firstMoments)
    optimizer.second.set(state.secondMoments)
    optimizer.steps = state.optimizerSteps
    unfinished = state.unfinished
  }
}

extension Weights {
  /// All tensors in the layout's order, each a row-major matrix.
  public var matrices: [[Float]] { layout.tensors.map(matrix) }

  /// Sets all tensors; `matrices` has the form that the property of that name returns.
  public func set(_ matrices: [[Float]]) {
    for (tensor, matrix) in zip(layout.tensors, matrices) { set(tensor, to: matrix) }
  }
}
