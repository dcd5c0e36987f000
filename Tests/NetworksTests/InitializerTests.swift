import Engine
import Networks
import Testing

/// The distribution of initial weights. Bounds are five standard errors of each estimate: exceeding one by chance has a
/// probability of one in a million, and the same bits are drawn each time.
@Suite struct InitializerTests {
  private func weights(_ units: [Int], inputs: Int = 200, gain: Double, seed: UInt64) -> Weights {
    let network = Network(
      NetworkSpecification(
        inputs: inputs, timeBins: 5, classes: 20, timeStep: 0.001,
        hidden: units.map {
          HiddenLayerSpecification(
            units: $0, recurrent: true, neuron: .lif(tauMem: 0.01, tauSyn: 0.005),
            surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
        }, readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)))
    network.drawNormal(gain: gain, seed: seed)
    return network.weights
  }

  private func tensors(_ weights: Weights) -> [String: [Double]] {
    Dictionary(
      uniqueKeysWithValues: weights.layout.tensors.map { ($0.path, weights.matrix($0).map(Double.init)) })
  }

  /// Normal with mean 0 and standard deviation gain / sqrt(fan-in), in every tensor.
  @Test(arguments: [1, 0.2, 3], [0, 7] as [UInt64]) func momentsAreThoseOfTheNormal(gain: Double, seed: UInt64) {
    let drawn = weights([150, 90], gain: gain, seed: seed)
    let fanIns = [
      "hidden/0/input": 200.0, "hidden/0/recurrent": 150, "hidden/1/input": 150, "hidden/1/recurrent": 90,
      "readout/input": 90,
    ]
    #expect(Set(tensors(drawn).keys) == Set(fanIns.keys))
    for (path, values) in tensors(drawn) {
      let n = Double(values.count), deviation = gain / fanIns[path, default: .nan].squareRoot()
      let scaled = values.map { $0 / deviation }
      func moment(_ power: Int) -> Double {
        scaled.reduce(0) { sum, z in sum + (0..<power).reduce(1) { product, _ in product * z } } / n
      }
      // Variances of z, z^2, z^3 and z^4 of a standard normal: 1, 2, 15 and 96.
      for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
        #expect(abs(moment(power) - expected) < 5 * (variance / n).squareRoot(), "\(path), moment \(power)")
      }
      // Neither rows nor columns have a common offset.
      let columns = drawn.layout.tensors.first { $0.path == path }?.panels.columns ?? 0
      let rows = values.count / columns
      let rowMeans = (0..<rows).map { row in
        (0..<columns).reduce(0) { $0 + scaled[row * columns + $1] } / Double(columns).squareRoot()
      }
      #expect(rowMeans.allSatisfy { abs($0) < 5 }, "\(path)")
    }
  }

  /// The correlation of independent normals has the standard error 1 / sqrt(n).
  @Test func tensorsAndSeedsAreIndependent() {
    let first = tensors(weights([150, 150], inputs: 150, gain: 1, seed: 1))
    let second = tensors(weights([150, 150], inputs: 150, gain: 1, seed: 2))
    var all: [(name: String, values: [Double])] = []
    for (seed, drawn) in zip(1..., [first, second]) {
      for path in drawn.keys.sorted() { all.append(("seed \(seed), \(path)", drawn[path] ?? [])) }
    }
    #expect(all.count == 10)
    for (i, a) in all.enumerated() {
      for b in all[..<i] {
        let n = min(a.values.count, b.values.count)
        let products = zip(a.values, b.values).prefix(n).reduce(0) { $0 + $1.0 * $1.1 }
        let norm = (a.values.prefix(n).reduce(0) { $0 + $1 * $1 } * b.values.prefix(n).reduce(0) { $0 + $1 * $1 })
          .squareRoot()
        #expect(abs(products / norm) < 5 / Double(n).squareRoot(), "\(a.name) and \(b.name)")
      }
    }
  }

  @Test func aTensorDependsOnItsSeedPathAndShapeAlone() {
    let (two, one) = (tensors(weights([40, 30], gain: 1, seed: 3)), tensors(weights([40], gain: 1, seed: 3)))
    #expect(two["hidden/0/input"] == one["hidden/0/input"] && two["hidden/0/recurrent"] == one["hidden/0/recurrent"])
    #expect(tensors(weights([40], gain: 1, seed: 3)) == one)
    #expect(tensors(weights([40], gain: 1, seed: 4))["hidden/0/input"] != one["hidden/0/input"])
    // The gain scales the draws.
    let half = tensors(weights([40], gain: 0.5, seed: 3))
    for (path, values) in one { #expect(half[path] == values.map { $0 / 2 }, "\(path)") }
    #expect(tensors(weights([40], gain: 0, seed: 3)).values.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }
}
