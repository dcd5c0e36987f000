import Engine
import Foundation
import KernelTable
import Networks
import Testing

/// Neuron parameters: how they are drawn, kept within bounds, and stored.
@Suite struct ParameterTests {
  private func network(units: Int, _ name: String, _ parameter: ParameterSpecification) -> (
    network: Network, tensor: WeightTensor
  ) {
    var neuron = NeuronSpecification(.seAdlif)
    neuron[name] = parameter
    let network = Network(
      NetworkSpecification(
        inputs: 1, timeBins: 3, classes: 1, timeStep: 0.001,
        hidden: [
          HiddenLayerSpecification(
            units: units, recurrent: false, neuron: neuron, surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
        ], readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)))
    return (network, network.weights.layout.tensors.first { $0.path == "hidden/0/" + name }!)
  }

  private func drawn(_ name: String, _ initial: ParameterDistribution, bounds: ClosedRange<Double>? = nil) -> [Double] {
    let (network, tensor) = network(
      units: 20_000, name, ParameterSpecification(initial, bounds: bounds, isPerUnit: true, representation: .value))
    network.drawNormal(gain: 1, seed: 6)
    return network.stored(tensor).map(Double.init)
  }

  /// Mean, standard deviation and skewness, with five standard errors of the mean and wide bounds for the others.
  private func expectMoments(_ values: [Double], mean: Double, deviation: Double, skewness: Double, _ what: String) {
    let n = Double(values.count)
    let found = values.reduce(0, +) / n
    func moment(_ power: Int) -> Double {
      values.reduce(0) { $0 + pow(($1 - found) / deviation, Double(power)) } / n
    }
    #expect(abs(found - mean) < 5 * deviation / n.squareRoot(), "\(what): mean \(found)")
    #expect(abs(moment(2) - 1) < 0.08, "\(what): variance \(moment(2)) of what it should be")
    #expect(abs(moment(3) - skewness) < 0.1 + 0.1 * skewness, "\(what): skewness \(moment(3))")
  }

  /// They have no gradient, so that training them would not move them.
  @Test func fixedParametersAreNotTrained() async {
    await #expect(processExitsWith: .failure) {
      var neuron = NeuronSpecification(.alif)
      neuron["adapt_strength"] = ParameterSpecification(
        .value(1), isTrained: true, isPerUnit: false, representation: .value)
      let layer = HiddenLayerSpecification(
        units: 2, recurrent: false, neuron: neuron, surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
      _ = WeightLayout(
        NetworkSpecification(
          inputs: 1, timeBins: 3, classes: 1, timeStep: 0.001, hidden: [layer],
          readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)))
    }
  }

  @Test func distributions() {
    expectMoments(
      drawn("adapt_a", .uniform(lower: -2, upper: 4)), mean: 1, deviation: 6 / 12.0.squareRoot(), skewness: 0, "uniform"
    )
    expectMoments(drawn("adapt_b", .normal(mean: 3, deviation: 0.5)), mean: 3, deviation: 0.5, skewness: 0, "normal")
    for shape in [0.4, 1, 3, 20] {
      expectMoments(
        drawn("tau_mem", .gamma(shape: shape, mean: 0.02)), mean: 0.02, deviation: 0.02 / shape.squareRoot(),
        skewness: 2 / shape.squareRoot(), "gamma \(shape)")
    }
    #expect(drawn("adapt_a", .value(0.25)) == [Double](repeating: 0.25, count: 20_000))
  }

  /// What is outside is drawn again, and does not pile up at the bounds.
  @Test func truncation() {
    let values = drawn("adapt_b", .normal(mean: 1, deviation: 0.5), bounds: 0.5...1.5)
    #expect(values.allSatisfy { (0.5...1.5).contains($0) })
    #expect(values.count { $0 < 0.5001 || $0 > 1.4999 } < 30)
    // A normal number within one deviation of its mean has a deviation of 0.5396.
    expectMoments(values, mean: 1, deviation: 0.5396 * 0.5, skewness: 0, "truncated")
    // Time constants are positive, with or without bounds.
    #expect(drawn("tau_mem", .normal(mean: 0.01, deviation: 0.01)).allSatisfy { $0 > 0 })
    // Bounds that the distribution does not reach: as near as it can be.
    #expect(Set(drawn("adapt_a", .normal(mean: 0, deviation: 1e-3), bounds: 5...6)) == [5])
  }

  @Test func oneForTheLayerOrOneForEachUnit() {
    let distribution = ParameterDistribution.uniform(lower: 0, upper: 1)
    for perUnit in [true, false] {
      let (network, tensor) = network(
        units: 50, "adapt_a", ParameterSpecification(distribution, isPerUnit: perUnit, representation: .value))
      network.drawNormal(gain: 1, seed: 6)
      #expect(Set(network.stored(tensor)).count == (perUnit ? 50 : 1) && tensor.shape == [perUnit ? 50 : 1])
      #expect(!tensor.isTrained)
    }
  }

  // MARK: What is stored

  private static let forms: [(name: String, parameter: ParameterSpecification)] = [
    (
      "tau_mem",
      ParameterSpecification(
        .value(0.02), bounds: 0.005...0.03, isTrained: true, isPerUnit: true, representation: .interpolation)
    ),
    (
      "tau_mem",
      ParameterSpecification(.value(0.02), bounds: 0.005...0.03, isTrained: true, isPerUnit: true, representation: .log)
    ),
    (
      "tau_mem",
      ParameterSpecification(
        .value(0.02), bounds: 0.005...0.03, isTrained: true, isPerUnit: true, representation: .decay)
    ),
    ("tau_mem", ParameterSpecification(.value(0.02), isTrained: true, isPerUnit: true, representation: .log)),
    ("tau_mem", ParameterSpecification(.value(0.02), isTrained: true, isPerUnit: true, representation: .decay)),
    (
      "adapt_a",
      ParameterSpecification(
        .value(0.02), bounds: 0.005...0.03, isTrained: true, isPerUnit: true, representation: .value)
    ),
    ("adapt_a", ParameterSpecification(.value(0.02), isTrained: true, isPerUnit: true, representation: .value)),
  ]

  /// Values that are set come back with the same bits, until training moves them.
  @Test(arguments: 0..<7) func roundTrip(form: Int) {
    let (name, parameter) = Self.forms[form]
    let (network, tensor) = network(units: 33, name, parameter)
    var random = RandomStream(seed: 1, stream: "values")
    let values = (0..<33).map { _ in Float(0.006 + 0.023 * random.uniform()) }
    network.setStored(tensor, to: values)
    #expect(network.stored(tensor) == values)
    network.weightsDidChange(pool: WorkerPool(threads: 1))
    #expect(network.stored(tensor) == values)
    // A network that is given what another has stored, as a file does.
    let (other, sameTensor) = self.network(units: 33, name, parameter)
    other.setStored(sameTensor, to: network.stored(tensor))
    #expect(other.weights.matrix(sameTensor) == network.weights.matrix(tensor))
    // As far as single precision holds what is trained; a decay near 1 holds least.
    var moved = network.weights.matrix(tensor)
    moved[4] += 1e-5
    network.weights.set(tensor, to: moved)
    #expect(network.stored(tensor)[4] != values[4])
    for (found, value) in zip(network.stored(tensor), values) {
      #expect(abs(found / value - 1) < (value == values[4] ? 2e-3 : 5e-6))
    }
  }

  /// Where a trained value is when it has left its bounds.
  @Test(arguments: 0..<7) func bounds(form: Int) {
    let (name, parameter) = Self.forms[form]
    let (network, tensor) = network(units: 6, name, parameter)
    let lower: Float, upper: Float, inside: Float
    switch parameter.representation {
    case .interpolation: (lower, upper, inside) = (0, 1, 0.4)
    case .log: (lower, upper, inside) = (Float(log(0.005)), Float(log(0.03)), -4)
    case .decay: (lower, upper, inside) = (Float(exp(-0.001 / 0.005)), Float(exp(-0.001 / 0.03)), 0.9)
    case .value: (lower, upper, inside) = (0.005, 0.03, 0.02)
    }
    network.weights.set(tensor, to: [lower - 10, lower, inside, upper, upper + 10, .nan])
    network.keepBounds()
    let found = network.weights.matrix(tensor)
    if parameter.bounds != nil {
      for (found, expected) in zip(found, [lower, lower, inside, upper, upper]) {
        #expect(abs(found - expected) <= 2 * expected.ulp, "\(found), not \(expected)")
      }
      let values = network.stored(tensor)
      for (found, expected) in zip([values[0], values[4]], [Float(0.005), 0.03]) {
        #expect(abs(found / expected - 1) < 5e-6)
      }
    } else if parameter.representation == .decay {
      // A time constant at least.
      #expect(found[0] > 0 && found[4] < 1 && network.stored(tensor).prefix(5).allSatisfy { $0 > 0 && $0.isFinite })
      #expect(found[1] == lower && found[2] == inside && found[3] == upper)
    } else {
      #expect(Array(found.prefix(5)) == [lower - 10, lower, inside, upper, upper + 10])
    }
    // What is not a number is not hidden.
    #expect(found[5].isNaN)
  }

  /// What is drawn but not trained is not moved.
  @Test func untrainedOnesStay() {
    let (network, tensor) = network(
      units: 3, "adapt_a",
      ParameterSpecification(.value(1), bounds: 0...2, isPerUnit: true, representation: .value))
    network.weights.set(tensor, to: [-1, 1, 3])
    network.keepBounds()
    #expect(network.weights.matrix(tensor) == [-1, 1, 3])
  }
}
