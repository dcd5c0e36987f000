import Engine
import KernelTable

/// A weight matrix of a network together with its senders' delays.
final class DelayedTensor: Sendable {
  private let weightTensor: WeightTensor
  private let delayTensor: WeightTensor
  /// The largest delay in time steps.
  private let maximum: Float
  private let isRounded: Bool
  let training: DelayedRows
  /// The same as `training` unless delays are rounded when evaluating.
  private let evaluation: DelayedRows

  init(
    _ weights: WeightTensor, _ delays: WeightTensor, _ specification: DelaySpecification, isRounded: Bool,
    network: NetworkSpecification
  ) {
    weightTensor = weights
    delayTensor = delays
    maximum = Float(specification.maximumSteps(timeStep: network.timeStep))
    self.isRounded = isRounded
    training = DelayedRows(weights, delays: specification, network: network)
    evaluation = isRounded ? DelayedRows(weights, delays: specification, network: network) : training
  }

  func rows(evaluating: Bool) -> DelayedRows { evaluating ? evaluation : training }

  /// Takes new weights and delays.
  func update(from weights: Weights, pool: WorkerPool) {
    training.set(delays: weights.pointer(delayTensor), isRounded: false)
    if isRounded { evaluation.set(delays: weights.pointer(delayTensor), isRounded: true) }
    let bases = Array(training.panels.bases)
    pool.run(tasks: bases.count) { [self] _, task in
      training.setRows(weights: weights.pointer(weightTensor), panel: bases[task])
      if isRounded { evaluation.setRows(weights: weights.pointer(weightTensor), panel: bases[task]) }
    }
  }

  /// Moves delays back into `0...maximum`.
  func keepBounds(_ weights: Weights) {
    guard delayTensor.isTrained else { return }
    let delays = weights.pointer(delayTensor)
    for i in 0..<training.senders {
      // A NaN stays one, and is found by those who look for it.
      if delays[i] < 0 { delays[i] = 0 }
      if delays[i] > maximum { delays[i] = maximum }
    }
  }

  /// Adds the gradients of weights and delays to `result`; see `DelayedRows.addGradients`.
  func addGradients(_ gradient: AlignedBuffer<Float>, scale: Float, weights: Weights, to result: Weights) {
    training.addGradients(
      gradient, scale: scale, weights: weights.pointer(weightTensor), weightGradient: result.pointer(weightTensor),
      delayGradient: delayTensor.isTrained ? result.pointer(delayTensor) : nil)
  }
}
