import Engine
import Networks
import Testing
import Training

/// Minimises `sum_i c_i (w_i - t_i)^2` and compares each step with a plain double-precision implementation of the
/// method.
@Suite struct OptimizerTests {
  private static let specification = NetworkSpecification(
    inputs: 5, timeBins: 3, classes: 3, timeStep: 0.001,
    hidden: [.lif(17)], readout: .standard)

  @Test(arguments: [
    OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 0.05),
    OptimizerSpecification(method: .sgd(momentum: 0.9), learningRate: 0.01),
    OptimizerSpecification(method: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 0.02),
    OptimizerSpecification(method: .adamax(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 0.02),
    OptimizerSpecification(
      method: .adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.5), learningRate: 0.02),
  ]) func followsTheScalarMethod(optimizer specification: OptimizerSpecification) {
    let layout = WeightLayout(Self.specification)
    for kernels in Kernels.available {
      let weights = Weights(layout: layout)
      // The step follows the sum of three.
      let gradients = Weights.several(3, layout: layout)
      let optimizer = Optimizer(specification, layout: layout, kernels: kernels)
      let pool = WorkerPool(threads: 2)
      var random = RandomStream(seed: 1, stream: "optimizer")
      let curvature = (0..<layout.count).map { _ in 0.5 + random.uniform() }
      let target = (0..<layout.count).map { _ in random.normal() }
      var expected = [Double](repeating: 0, count: layout.count)
      var (first, second) = (expected, expected)
      for step in 1...60 {
        for i in expected.indices {
          let slope = Float(2 * curvature[i] * (Double(weights.floats[i]) - target[i]))
          (gradients[0].floats[i], gradients[1].floats[i], gradients[2].floats[i]) = (0.5 * slope, -slope, 1.5 * slope)
        }
        optimizer.step(weights: weights, gradients: gradients, pool: pool)
        let rate = specification.learningRate
        for i in expected.indices {
          let g = 2 * curvature[i] * (expected[i] - target[i])
          switch specification.method {
          case .sgd(let momentum):
            first[i] = momentum * first[i] + g
            expected[i] -= rate * first[i]
          case .adam(let b1, let b2, let epsilon), .adamw(let b1, let b2, let epsilon, _):
            if case .adamw(_, _, _, let decay) = specification.method { expected[i] *= 1 - rate * decay }
            first[i] = b1 * first[i] + (1 - b1) * g
            second[i] = b2 * second[i] + (1 - b2) * g * g
            let power1 = (0..<step).reduce(1.0) { p, _ in p * b1 }
            let power2 = (0..<step).reduce(1.0) { p, _ in p * b2 }
            expected[i] -= rate * (first[i] / (1 - power1)) / ((second[i] / (1 - power2)).squareRoot() + epsilon)
          case .adamax(let b1, let b2, let epsilon):
            first[i] = b1 * first[i] + (1 - b1) * g
            second[i] = max(b2 * second[i], abs(g) + epsilon)
            let power1 = (0..<step).reduce(1.0) { p, _ in p * b1 }
            expected[i] -= rate / (1 - power1) * first[i] / second[i]
          }
        }
        for i in expected.indices {
          #expect(abs(Double(weights.floats[i]) - expected[i]) < 2e-4, "\(kernels.name) step \(step)")
        }
      }
    }
  }

  /// Adam's first step is the learning rate times the sign of the gradient, for any betas.
  @Test(arguments: [0.999, 0.999999, 0.9999999]) func theFirstStepIsTheLearningRate(beta2: Double) {
    let layout = WeightLayout(Self.specification)
    let (weights, gradient) = (Weights(layout: layout), Weights(layout: layout))
    for i in 0..<layout.count { gradient.floats[i] = i % 2 == 0 ? 0.75 : -0.75 }
    let optimizer = Optimizer(
      OptimizerSpecification(method: .adam(beta1: 0.9, beta2: beta2, epsilon: 1e-12), learningRate: 0.02),
      layout: layout)
    #expect(optimizer.step(weights: weights, gradients: [gradient], pool: WorkerPool(threads: 1)))
    for i in 0..<layout.count { #expect(abs(abs(weights.floats[i]) / 0.02 - 1) < 1e-6) }
  }

  /// A layer with a neuron parameter and delays between its weights and the readout's, in several blocks of work.
  private static let grouped: NetworkSpecification = {
    var specification = Self.specification
    (specification.inputs, specification.hidden[0].units) = (70, 90)
    specification.hidden[0].neuron["tau_mem"] = ParameterSpecification(
      .uniform(lower: 0.01, upper: 0.02), isTrained: true, isPerUnit: true, representation: .log)
    specification.hidden[0].inputDelays = DelaySpecification(maximum: 0.003, initial: .value(0), isTrained: true)
    return specification
  }()

  /// Each tensor takes the steps that it would take alone at its group's rate; only weights decay.
  @Test(arguments: [false, true]) func groupsHaveTheirOwnRates(decays: Bool) {
    let layout = WeightLayout(Self.grouped)
    #expect(layout.trainedCount > 3 * 4096 && Set(layout.tensors.map(\.group)).count == 3)
    #expect(layout.tensors.first?.group == .weights && layout.tensors.last?.group == .weights)
    let method: (Double) -> OptimizerSpecification.Method = {
      .adamw(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: $0)
    }
    func trained(_ specification: OptimizerSpecification, threads: Int) -> Weights {
      let (weights, gradient) = (Weights(layout: layout), Weights(layout: layout))
      let optimizer = Optimizer(specification, layout: layout)
      let pool = WorkerPool(threads: threads)
      var random = RandomStream(seed: 1, stream: "groups")
      for i in 0..<layout.count { weights.floats[i] = Float(random.normal()) }
      for _ in 0..<5 {
        for i in 0..<layout.count { gradient.floats[i] = Float(random.normal()) }
        optimizer.step(weights: weights, gradients: [gradient], pool: pool)
      }
      return weights
    }
    let decay = decays ? 0.5 : 0
    let separate = OptimizerSpecification(
      method: method(decay), learningRate: 0.02, groupRates: [.neuron: 0.3, .delays: 4])
    for threads in [1, 3] {
      let found = trained(separate, threads: threads)
      let weights = trained(OptimizerSpecification(method: method(decay), learningRate: 0.02), threads: 1)
      let neuron = trained(OptimizerSpecification(method: method(0), learningRate: 0.3), threads: 1)
      let delays = trained(OptimizerSpecification(method: method(0), learningRate: 4), threads: 1)
      for tensor in layout.tensors {
        let expected =
          switch tensor.group {
          case .weights: weights
          case .neuron: neuron
          case .delays: delays
          }
        #expect(found.matrix(tensor) == expected.matrix(tensor), "\(tensor.path)")
      }
    }
  }

  @Test func groupsThatAreTrained() {
    for specification in [Self.specification, Self.grouped] {
      let groups = WeightLayout(specification).tensors.filter(\.isTrained).map(\.group)
      for group in ParameterGroup.allCases {
        #expect(group.isTrained(in: specification.hidden) == groups.contains(group), "\(group)")
      }
    }
  }

  /// `1 - rate decay` is 1 in single precision, but the weights shrink as in double precision.
  @Test func weakDecayIsNotLost() {
    let layout = WeightLayout(Self.grouped)
    let (rate, decay) = (1e-3, 1e-5)
    #expect(Float(1 - rate * decay) == 1)
    let (weights, gradient) = (Weights(layout: layout), Weights(layout: layout))
    let optimizer = Optimizer(
      OptimizerSpecification(
        method: .adamw(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: decay), learningRate: rate), layout: layout)
    let pool = WorkerPool(threads: 2)
    var random = RandomStream(seed: 1, stream: "decay")
    let tensor = layout.inputs[0]
    for i in 0..<tensor.panels.count { weights.floats[i] = 3 }
    var free = [Double](repeating: 3, count: tensor.panels.count)
    var (first, second) = (free.map { _ in 0.0 }, free.map { _ in 0.0 })
    let steps = 400
    for step in 1...steps {
      for i in free.indices {
        let g = Float(random.normal())
        gradient.floats[i] = g
        first[i] = 0.9 * first[i] + 0.1 * Double(g)
        second[i] = 0.99 * second[i] + 0.01 * Double(g) * Double(g)
        let (c1, c2) = (1 - Elementary.power(0.9, step), 1 - Elementary.power(0.99, step))
        free[i] -= rate * first[i] / c1 / ((second[i] / c2).squareRoot() + 1e-8)
      }
      optimizer.step(weights: weights, gradients: [gradient], pool: pool)
    }
    // What single precision rounds away of each weight is nothing on average.
    let lost = free.indices.reduce(0.0) { $0 + free[$1] - Double(weights.floats[$1]) } / Double(free.count)
    let expected = 3 * rate * decay * Double(steps)
    #expect(abs(lost - expected) < 0.1 * expected, "\(lost), expected \(expected)")
  }

  /// NaN weights do not make the loss NaN; overflowing moments freeze their weight for good.
  @Test func tellsWhatIsNotFinite() {
    let layout = WeightLayout(Self.specification)
    for (method, value) in [
      (OptimizerSpecification.Method.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), Float.nan),
      (.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), 1e25), (.sgd(momentum: 0.9), .infinity),
      (.adamax(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), .infinity),
    ] {
      let (weights, gradient) = (Weights(layout: layout), Weights(layout: layout))
      let optimizer = Optimizer(OptimizerSpecification(method: method, learningRate: 0.02), layout: layout)
      let pool = WorkerPool(threads: 2)
      #expect(optimizer.step(weights: weights, gradients: [gradient], pool: pool))
      gradient.floats[layout.count - 1] = value
      #expect(!optimizer.step(weights: weights, gradients: [gradient], pool: pool))
    }
  }

  /// The norm is that of all trained tensors together, summed over shares: `g min(1, limit / (norm + 1e-6))`.
  @Test(arguments: [1e-3, 0.5, 30, 1e6], [1, 2, 5]) func clipping(limit: Double, shares: Int) {
    // Several blocks of work, and a tensor that is not trained, whose values must count nothing.
    var specification = Self.specification
    (specification.inputs, specification.hidden[0].units) = (70, 90)
    specification.hidden[0].neuron["tau_mem"] = ParameterSpecification(
      .uniform(lower: 0.01, upper: 0.02), isPerUnit: true, representation: .value)
    let layout = WeightLayout(specification)
    #expect(layout.trainedCount > 2 * 4096 && layout.trainedCount < layout.count)
    var random = RandomStream(seed: 1, stream: "clipping")
    let parts = (0..<shares).map { _ in (0..<layout.count).map { _ in Float(0.1 * random.normal()) } }
    let sums = (0..<layout.trainedCount).map { i in parts.reduce(0.0) { $0 + Double($1[i]) } }
    let norm = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let factor = min(1, limit / (norm + 1e-6))
    var results: [[Float]] = []
    for threads in [1, 2, 3] {
      for clipNorm in [limit, nil] {
        let weights = Weights(layout: layout)
        let gradients = Weights.several(shares, layout: layout)
        for (gradient, part) in zip(gradients, parts) { for i in part.indices { gradient.floats[i] = part[i] } }
        let optimizer = Optimizer(
          OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 1), layout: layout)
        #expect(
          optimizer.step(weights: weights, gradients: gradients, clipNorm: clipNorm, pool: WorkerPool(threads: threads))
        )
        let scale = clipNorm == nil ? 1 : factor
        let error = sums.indices.reduce(0.0) {
          max($0, abs(Double(weights.floats[$1]) / scale + sums[$1]) / (abs(sums[$1]) + 0.1))
        }
        #expect(error < 1e-6)
        #expect((layout.trainedCount..<layout.count).allSatisfy { weights.floats[$0] == 0 })
        results.append((0..<layout.count).map { weights.floats[$0] })
      }
    }
    #expect(results.enumerated().allSatisfy { $0.element == results[$0.offset % 2] }, "threads differ")
    // A gradient that is small enough keeps its bits.
    #expect((results[0] == results[1]) == (limit > norm))
  }

  /// The factor by which the gradient is scaled may be too small for single precision; the result is not.
  @Test(arguments: [(1e38, 0.5), (3e38, 1e-30), (1e20, 1e-30), (3e38, 2e-38)] as [(Float, Double)])
  func clippingOfAVeryLargeGradient(size: Float, limit: Double) {
    let layout = WeightLayout(Self.specification)
    let (weights, gradient) = (Weights(layout: layout), Weights(layout: layout))
    (gradient.floats[3], gradient.floats[5]) = (size * 0.6, -size * 0.8)
    let optimizer = Optimizer(OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 1), layout: layout)
    #expect(optimizer.step(weights: weights, gradients: [gradient], clipNorm: limit, pool: WorkerPool(threads: 2)))
    for (index, share) in [(3, -0.6), (5, 0.8)] {
      #expect(abs(Double(weights.floats[index]) / limit - share) < 1e-6, "\(weights.floats[index])")
    }
  }

  @Test func clippingHidesNothing() {
    let layout = WeightLayout(Self.specification)
    for value in [Float.nan, .infinity, 1e36] {
      let (weights, gradient) = (Weights(layout: layout), Weights(layout: layout))
      for i in 0..<layout.trainedCount { gradient.floats[i] = 1 }
      gradient.floats[5] = value
      let optimizer = Optimizer(
        OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 1), layout: layout)
      let isFinite = optimizer.step(
        weights: weights, gradients: [gradient], clipNorm: 1, pool: WorkerPool(threads: 2))
      // Squares of large numbers do not overflow.
      #expect(isFinite == value.isFinite)
      if value.isFinite { #expect(abs(weights.floats[5] + 1) < 1e-6) }
    }
  }
}
