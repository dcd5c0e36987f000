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
  /// What each task updates, one task after another.
  private let parts: [Part]
  /// The first of a task's parts; the last task is followed by the end.
  private let firstParts: [Int]

  /// Floats in a row that have the same learning rate.
  private struct Part {
    var floats: Range<Int>
    /// Among all cases.
    var group: Int
  }

  public init(_ specification: OptimizerSpecification, layout: WeightLayout, kernels: any KernelTable = Kernels.current)
  {
    self.specification = specification
    self.kernels = kernels
    first = Weights(layout: layout)
    second = Weights(layout: layout)
    (parts, firstParts) = Self.parts(layout)
  }

  /// Floats per task: a multiple of 16, small enough that a block of the gradient stays in the L1 cache.
  private static let block = 4096

  /// The trained tensors, split at the ends of blocks and where the group changes.
  private static func parts(_ layout: WeightLayout) -> (parts: [Part], firsts: [Int]) {
    var (parts, firsts) = ([Part](), [Int]())
    for tensor in layout.tensors where tensor.isTrained {
      var start = tensor.offset
      let end = start + tensor.panels.count
      let group = ParameterGroup.allCases.firstIndex(of: tensor.group)!
      while start < end {
        let next = min(end, (start / block + 1) * block)
        if start.isMultiple(of: block) { firsts.append(parts.count) }
        if firsts[firsts.count - 1] < parts.count, parts[parts.count - 1].group == group {
          parts[parts.count - 1].floats = parts[parts.count - 1].floats.lowerBound..<next
        } else {
          parts.append(Part(floats: start..<next, group: group))
        }
        start = next
      }
    }
    return (parts, firsts + [parts.count])
  }

  /// Takes one step using the sum of `gradients`, which is left in the first one.
  ///
  /// - Parameters:
  ///   - rates: nil: those of the specification.
  ///   - clipNorm: the L2 norm to which a larger gradient of all tensors together is scaled down:
  ///     `g * min(1, clipNorm / (norm + 1e-6))`, as in `torch.nn.utils.clip_grad_norm_`; nil: never.
  /// - Returns: whether all weights and moments are finite after it.
  @discardableResult public func step(
    weights: Weights, gradients: [Weights], rates: UpdateRates? = nil, clipNorm: Double? = nil, pool: WorkerPool
  ) -> Bool {
    steps += 1
    let kernel: @Sendable (OptimizerStep) -> Void
    switch specification.method {
    case .sgd: kernel = kernels.sgd
    case .adam, .adamw: kernel = kernels.adam
    case .adamax: kernel = kernels.adamax
    }
    let rates = rates ?? UpdateRates(specification)
    let arguments = ParameterGroup.allCases.map {
      self.arguments($0, rates, weights: weights, gradient: gradients[0])
    }
    let count = weights.layout.trainedCount
    let tasks = firstParts.count - 1
    let areFinite = AlignedBuffer<Bool>(count: tasks)
    func addGradients(_ task: Int) {
      let offset = task * Self.block
      for gradient in gradients.dropFirst() {
        kernels.add(
          count: min(Self.block, count - offset), out: gradients[0].floats + offset, source: gradient.floats + offset)
      }
    }
    var factors: [Float] = []
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
      if !(norm + 1e-6 <= clipNorm) { factors = Self.factors(clipNorm / (norm + 1e-6)) }
    }
    pool.run(tasks: tasks) { _, task in
      let offset = task * Self.block
      let size = min(Self.block, count - offset)
      if clipNorm == nil { addGradients(task) }
      for factor in factors { kernels.scale(count: size, values: gradients[0].floats + offset, by: factor) }
      for part in parts[firstParts[task]..<firstParts[task + 1]] {
        var step = arguments[part.group]
        step.count = part.floats.count
        step.weights += part.floats.lowerBound
        step.gradient += part.floats.lowerBound
        step.first += part.floats.lowerBound
        step.second += part.floats.lowerBound
        kernel(step)
      }
      // Checked here while they are in the L1 cache.
      areFinite.pointer[task] = [weights, first, second]
        .allSatisfy { kernels.isFinite(count: size, values: UnsafePointer($0.floats) + offset) }
    }
    return (0..<tasks).allSatisfy { areFinite.pointer[$0] }
  }

  /// The kernel's arguments for all floats of a group.
  private func arguments(
    _ group: ParameterGroup, _ rates: UpdateRates, weights: Weights, gradient: Weights
  ) -> OptimizerStep {
    let (rate, beta1) = (rates[group], rates.momentum)
    // Of the first moment, at its rate now.
    let correction = 1 - Elementary.power(beta1, steps)
    func arguments(
      rate: Double, beta2: Double = 0, epsilon: Double = 0, secondCorrection: Double = 0, decay: Double = 0
    ) -> OptimizerStep {
      OptimizerStep(
        count: 0, weights: weights.floats, gradient: gradient.floats, first: first.floats, second: second.floats,
        rate: Float(rate), beta1: beta1, beta2: beta2, epsilon: Float(epsilon),
        secondCorrection: Float(secondCorrection), decay: Float(decay))
    }
    func adam(_ beta2: Double, _ epsilon: Double, decay: Double = 0) -> OptimizerStep {
      arguments(
        rate: rate / correction, beta2: beta2, epsilon: epsilon,
        secondCorrection: 1 / (1 - Elementary.power(beta2, steps)).squareRoot(), decay: decay)
    }
    switch specification.method {
    case .sgd: return arguments(rate: rate)
    case .adam(_, let beta2, let epsilon): return adam(beta2, epsilon)
    case .adamw(_, let beta2, let epsilon, let weightDecay):
      return adam(beta2, epsilon, decay: group == .weights ? weightDecay * correction : 0)
    case .adamax(_, let beta2, let epsilon): return arguments(rate: rate / correction, beta2: beta2, epsilon: epsilon)
    }
  }

  /// Numbers that multiply by `factor` one after another, none of them so small that it is 0 in single precision.
  private static func factors(_ factor: Double) -> [Float] {
    let smallest = Float.leastNormalMagnitude
    var (factors, rest) = ([Float](), factor)
    // What becomes 0 on the way is 0 in the end, too.
    while rest > 0, rest < Double(smallest) {
      factors.append(smallest)
      rest /= Double(smallest)
    }
    return factors + [Float(rest)]
  }
}
