import Engine
import KernelTable
import Networks

/// An optimizer with its state: one or two moments per weight.
public final class Optimizer {
  private let specification: OptimizerSpecification
  private let kernels: any KernelTable
  let first: Weights
  let second: Weights
  /// Optimizer steps (weight updates) taken so far.
  public internal(set) var steps = 0

  public init(_ specification: OptimizerSpecification, layout: WeightLayout, kernels: any KernelTable = Kernels.current)
  {
    self.specification = specification
    self.kernels = kernels
    first = Weights(layout: layout)
    second = Weights(layout: layout)
  }

  /// Floats per task: a multiple of 16, small enough that a block of the gradient stays in the L1 cache.
  private static let block = 4096

  /// Takes one step using the sum of `gradients`, which is left in the first one.
  ///
  /// - Parameter clipNorm: the L2 norm to which a larger gradient of all tensors together is scaled down:
  ///   `g * min(1, clipNorm / (norm + 1e-6))`, as in `torch.nn.utils.clip_grad_norm_`; nil: never.
  /// - Returns: whether all weights and moments are finite after it.
  @discardableResult public func step(
    weights: Weights, gradients: [Weights], clipNorm: Double? = nil, pool: WorkerPool
  ) -> Bool {
    steps += 1
    let rate = specification.learningRate
    func parameters(
      rate: Double, beta1: Double, beta2: Double = 0, epsilon: Double = 0, secondCorrection: Double = 0
    ) -> OptimizerStep {
      OptimizerStep(
        count: 0, weights: weights.floats, gradient: gradients[0].floats, first: first.floats, second: second.floats,
        rate: Float(rate), beta1: beta1, beta2: beta2, epsilon: Float(epsilon),
        secondCorrection: Float(secondCorrection))
    }
    let step: OptimizerStep
    let kernel: @Sendable (OptimizerStep) -> Void
    switch specification.method {
    case .sgd(let momentum):
      kernel = kernels.sgd
      step = parameters(rate: rate, beta1: momentum)
    case .adam(let beta1, let beta2, let epsilon):
      kernel = kernels.adam
      step = parameters(
        rate: rate / (1 - power(beta1, steps)), beta1: beta1, beta2: beta2, epsilon: epsilon,
        secondCorrection: 1 / (1 - power(beta2, steps)).squareRoot())
    case .adamax(let beta1, let beta2, let epsilon):
      kernel = kernels.adamax
      step = parameters(rate: rate / (1 - power(beta1, steps)), beta1: beta1, beta2: beta2, epsilon: epsilon)
    }
    let count = weights.layout.trainedCount
    let tasks = (count + Self.block - 1) / Self.block
    let areFinite = AlignedBuffer<Bool>(count: tasks)
    func addGradients(_ task: Int) {
      let offset = task * Self.block
      for gradient in gradients.dropFirst() {
        kernels.add(
          count: min(Self.block, count - offset), out: gradients[0].floats + offset, source: gradient.floats + offset)
      }
    }
    var factor: Float?
    if let clipNorm {
      let squares = AlignedBuffer<Double>(count: tasks)
      pool.run(tasks: tasks) { _, task in
        addGradients(task)
        let offset = task * Self.block
        var sum = 0.0
        for i in offset..<min(offset + Self.block, count) {
          let number = Double(gradients[0].floats[i])
          sum += number * number
        }
        squares.pointer[task] = sum
      }
      let norm = (0..<tasks).reduce(0) { $0 + squares.pointer[$1] }.squareRoot()
      // Also of a norm that is not a number, which must be found afterwards.
      if !(norm + 1e-6 <= clipNorm) { factor = Float(clipNorm / (norm + 1e-6)) }
    }
    pool.run(tasks: tasks) { _, task in
      let offset = task * Self.block
      var part = step
      part.count = min(Self.block, count - offset)
      if clipNorm == nil { addGradients(task) }
      if let factor { kernels.scale(count: part.count, values: gradients[0].floats + offset, by: factor) }
      part.weights += offset
      part.gradient += offset
      part.first += offset
      part.second += offset
      kernel(part)
      // Checked here while they are in the L1 cache.
      areFinite.pointer[task] = [UnsafePointer(part.weights), UnsafePointer(part.first), UnsafePointer(part.second)]
        .allSatisfy { kernels.isFinite(count: part.count, values: $0) }
    }
    return (0..<tasks).allSatisfy { areFinite.pointer[$0] }
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
