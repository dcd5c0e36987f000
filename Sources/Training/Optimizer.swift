import Engine
import KernelTable
import Networks

/// An optimizer with its state: one or two moments of every weight.
public final class Optimizer {
  private let specification: OptimizerSpecification
  private let kernels: KernelTable
  let first: Weights
  let second: Weights
  /// Steps taken.
  public internal(set) var steps = 0

  public init(_ specification: OptimizerSpecification, layout: WeightLayout, kernels: KernelTable = Kernels.current) {
    self.specification = specification
    self.kernels = kernels
    first = Weights(layout: layout)
    second = Weights(layout: layout)
  }

  /// Floats per task; a multiple of 16, few enough that a gradient's part stays in the first-level cache.
  private static let block = 4096

  /// One step along the sum of some gradients, which is left in the first one.
  public func step(weights: Weights, gradients: [Weights], pool: WorkerPool) {
    steps += 1
    let rate = specification.learningRate
    var step = OptimizerStep(
      count: 0, weights: weights.floats, gradient: gradients[0].floats, first: first.floats, second: second.floats,
      rate: Float(rate), beta1: 0, beta2: 0, epsilon: 0, secondCorrection: 0)
    let kernel: @Sendable (OptimizerStep) -> Void
    switch specification.method {
    case .sgd(let momentum):
      kernel = kernels.sgd
      step.beta1 = Float(momentum)
    case .adam(let beta1, let beta2, let epsilon):
      kernel = kernels.adam
      step.rate = Float(rate / (1 - power(beta1, steps)))
      step.beta1 = Float(beta1)
      step.beta2 = Float(beta2)
      step.epsilon = Float(epsilon)
      step.secondCorrection = Float(1 / (1 - power(beta2, steps)).squareRoot())
    case .adamax(let beta1, let beta2, let epsilon):
      kernel = kernels.adamax
      step.rate = Float(rate / (1 - power(beta1, steps)))
      step.beta1 = Float(beta1)
      step.beta2 = Float(beta2)
      step.epsilon = Float(epsilon)
    }
    let count = weights.layout.count
    pool.run(tasks: (count + Self.block - 1) / Self.block) { [step] _, task in
      let offset = task * Self.block
      var part = step
      part.count = min(Self.block, count - offset)
      for gradient in gradients.dropFirst() {
        kernels.add(Add(count: part.count, out: gradients[0].floats + offset, source: gradient.floats + offset))
      }
      part.weights += offset
      part.gradient += offset
      part.first += offset
      part.second += offset
      kernel(part)
    }
  }

  /// base^exponent by squaring: the same bits on every machine, unlike libm's pow.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
