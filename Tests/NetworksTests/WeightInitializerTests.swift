import Engine
import Foundation
import KernelTable
import Networks
import Testing

/// The initializers beside the normal one, which `InitializerTests` covers.
@Suite struct WeightInitializerTests {
  /// Each weight is the next number of its tensor's stream.
  @Test func normalIsTheStream() {
    let network = network(units: 7, inputs: 5)
    network.drawNormal(gain: 0.7, seed: 12)
    for tensor in network.weights.layout.tensors {
      var stream = RandomStream(seed: 12, stream: "weights/" + tensor.path)
      let scale = 0.7 / Double(tensor.panels.rows).squareRoot()
      #expect(
        network.weights.matrix(tensor)
          == (0..<tensor.panels.rows * tensor.panels.columns).map { _ in Float(stream.normal() * scale) })
    }
    // Computed in Python from the definition of the stream.
    let first = network.weights.matrix(network.weights.layout.inputs[0]).prefix(4)
    #expect(Array(first) == [-0.18840162, -0.13590427, 0.42094043, -0.13287461])
    #expect(Array(network.weights.matrix(network.weights.layout.readout).prefix(2)) == [0.21764347, 0.031957272])
  }

  private func network(
    units: Int, inputs: Int, recurrent: Bool = true, neuron: NeuronSpecification = .lif(tauMem: 0.01, tauSyn: 0.005),
    steps: Int = 10, readout: ReadoutSpecification = ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)
  ) -> Network {
    Network(
      NetworkSpecification(
        inputs: inputs, timeBins: steps, classes: 20, timeStep: 0.001,
        hidden: [
          HiddenLayerSpecification(
            units: units, recurrent: recurrent, neuron: neuron, surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
        ], readout: readout))
  }

  private func draw(
    _ network: Network, _ kind: WeightInitializer.Kind, gain: Double, rate: Double = 0, seed: UInt64 = 1
  ) {
    let initializer = WeightInitializer(kind: kind, gain: gain)
    network.draw(input: initializer, recurrent: initializer, readout: initializer, seed: seed, inputRate: rate)
  }

  /// Wide, tall and square.
  @Test(arguments: [(90, 17), (17, 90), (40, 40), (1, 30), (30, 1), (1, 1)], [1, 0.6])
  func orthogonal(shape: (inputs: Int, units: Int), gain: Double) {
    let network = network(units: shape.units, inputs: shape.inputs)
    draw(network, .orthogonal, gain: gain)
    for tensor in network.weights.layout.tensors {
      let (rows, columns) = (tensor.panels.rows, tensor.panels.columns)
      let matrix = network.weights.matrix(tensor).map { Double($0) / gain }
      for i in 0..<min(rows, columns) {
        for j in 0...i {
          let product = (0..<max(rows, columns)).reduce(0.0) { sum, k in
            sum
              + (rows <= columns
                ? matrix[i * columns + k] * matrix[j * columns + k] : matrix[k * columns + i] * matrix[k * columns + j])
          }
          #expect(abs(product - (i == j ? 1 : 0)) < 1e-6, "\(tensor.path) \(i) \(j): \(product)")
        }
      }
    }
  }

  /// Directions are uniformly distributed: entries have the moments of a coordinate of a random unit vector.
  @Test func orthogonalOnesAreRandom() {
    let network = network(units: 60, inputs: 60)
    draw(network, .orthogonal, gain: 1)
    let values = network.weights.matrix(network.weights.layout.inputs[0]).map(Double.init)
    let n = Double(values.count)
    #expect(abs(values.reduce(0, +) / n) < 5 * (1 / 60.0 / n).squareRoot())
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n
    #expect(abs(fourth / (3.0 / (60 * 62)) - 1) < 0.15)
    let first = network.weights.matrix(network.weights.layout.inputs[0])
    draw(network, .orthogonal, gain: 1, seed: 2)
    #expect(network.weights.matrix(network.weights.layout.inputs[0]) != first)
  }

  @Test(arguments: [1, 0.3]) func uniform(gain: Double) {
    let network = network(units: 120, inputs: 150)
    draw(network, .uniform, gain: gain)
    for tensor in network.weights.layout.tensors {
      let bound = gain / Double(tensor.panels.rows).squareRoot()
      let values = network.weights.matrix(tensor).map { Double($0) / bound }
      let n = Double(values.count)
      #expect(values.allSatisfy { abs($0) <= 1 + 1e-6 })
      #expect(values.max()! > 1 - 20 / n && values.min()! < -1 + 20 / n)
      // Of a uniform number in -1...1: variance 1/3, fourth moment 1/5.
      #expect(abs(values.reduce(0, +) / n) < 5 * (1 / 3.0 / n).squareRoot())
      let square = values.reduce(0) { $0 + $1 * $1 } / n
      #expect(abs(square - 1 / 3.0) < 5 * ((1 / 5.0 - 1 / 9.0) / n).squareRoot(), "\(tensor.path): \(square)")
    }
  }

  /// The membranes of LIF units fluctuate around their means with the standard deviation asked for, under Poisson
  /// input; measured without threshold, as in its derivation.
  @Test(arguments: [1, 0.5], [0, 1, 2, 3]) func fluctuationDriven(gain: Double, choice: Int) {
    var neuron = NeuronSpecification.lif(tauMem: 0.01, tauSyn: 0.005)
    (neuron.threshold, neuron.reset) = (1e9, .none)
    neuron.scaledInput = choice & 1 == 1
    neuron.hasSynapse = choice & 2 == 0
    let (inputs, steps, units, samples, rate) = (200, 200, 60, 24, 0.02)
    let network = network(units: units, inputs: inputs, recurrent: false, neuron: neuron, steps: steps)
    draw(network, .fluctuationDriven, gain: gain, rate: rate)
    network.weightsDidChange(pool: WorkerPool(threads: 1))
    var random = RandomStream(seed: 4, stream: "poisson")
    let record = NetworkRecord(slots: 8, specification: network.specification)
    let scratch = Network.Scratch(network.specification)
    var (sums, squares, count) = ([Double](repeating: 0, count: units), [Double](repeating: 0, count: units), 0.0)
    for _ in 0..<samples / 8 {
      let events = (0..<8).map { _ in
        Events((0..<steps).map { _ in (0..<inputs).map { _ in random.uniform() < rate ? 1 : 0 } })
      }
      network.forward(.events(events.map(\.view)[...]), first: 0, record: record, scratch: scratch)
      withExtendedLifetime(events) {}
      for slot in 0..<8 {
        let layer = record.layers[0]
        let membranes = layer.panels.unpack(layer.values(slot))
        // Without the first steps, in which they start from zero.
        for t in 60..<steps {
          for unit in 0..<units {
            let value = Double(membranes[t * units + unit])
            sums[unit] += value
            squares[unit] += value * value
          }
          count += 1
        }
      }
    }
    let variance = (0..<units).reduce(0.0) { sum, unit in
      sum + squares[unit] / count - (sums[unit] / count) * (sums[unit] / count)
    }
    let deviation = (variance / Double(units)).squareRoot()
    #expect(abs(deviation / gain - 1) < 0.15, "\(deviation)")
  }

  /// Recurrent weights get a tenth of the variance, and all of them shrink with the rate.
  @Test func fluctuationDrivenShares() {
    let network = network(units: 150, inputs: 300)
    func variances(rate: Double) -> [String: Double] {
      draw(network, .fluctuationDriven, gain: 1, rate: rate)
      return Dictionary(
        uniqueKeysWithValues: network.weights.layout.tensors.map { tensor in
          let values = network.weights.matrix(tensor).map(Double.init)
          return (tensor.path, values.reduce(0) { $0 + $1 * $1 } / Double(values.count))
        })
    }
    let (low, high) = (variances(rate: 0.01), variances(rate: 0.04))
    for (path, variance) in low { #expect(abs(variance / high[path]! / 4 - 1) < 1e-5, "\(path)") }
    // 0.9 / 300 to 0.1 / 150; the estimates' standard errors are 0.7 and 0.9 %.
    #expect(abs(low["hidden/0/input"]! / low["hidden/0/recurrent"]! / 4.5 - 1) < 0.06)
  }
}
