import Networks

/// All that training needs to go on as if it had not stopped: the order of samples depends on seed and epoch alone.
public struct TrainerState: Sendable {
  /// `Weights.matrices` of the network.
  public var weights: [[Float]]
  /// The same of the optimizer's moments.
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
  /// The state after the batch that was trained last.
  public var state: TrainerState {
    TrainerState(
      weights: network.weights.matrices, firstMoments: optimizer.first.matrices,
      secondMoments: optimizer.second.matrices, optimizerSteps: optimizer.steps, unfinished: unfinished)
  }

  /// Goes on from a state of a trainer of the same network.
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

  /// Sets all tensors; `matrices` as the property of that name gives them.
  public func set(_ matrices: [[Float]]) {
    for (tensor, matrix) in zip(layout.tensors, matrices) { set(tensor, to: matrix) }
  }
}
