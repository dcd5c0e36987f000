import Engine
import KernelTable
import Networks
import Testing

/// All kernel tables give the same bits: every model with every surrogate and readout.
@Suite struct InstructionSetTests {
  @Test(arguments: NeuronModel.allCases, SurrogateKind.allCases)
  func giveTheSameBits(_ model: NeuronModel, _ kind: SurrogateKind) {
    for reduce in ReadoutReduction.allCases {
      var make = CaseMaker("bits \(model) \(kind) \(reduce)")
      let layers = [make.units(), make.pick([7, 16, 33])].map { units in
        var neuron = make.pick(CaseMaker.settings(model))
        make.setParameters(of: &neuron)
        if make.pick([true, false]) { make.trainParameters(of: &neuron) }
        var layer = make.layer(
          neuron, units: units, recurrent: make.pick([true, false]), surrogate: kind, dropout: make.pick([0, 0.3]))
        if make.pick([true, false]) { make.addDelays(to: &layer, longest: 5) }
        return layer
      }
      var readout = make.readout(17)
      readout.reduce = reduce
      let specification = make.networkCase("", layers, steps: 17, readout: readout).specification
      let results = Kernels.available.map { bits(specification, $0, seed: 1) }
      for (table, result) in zip(Kernels.available, results) {
        #expect(result == results[0], "\(table.name): \(model) \(kind) \(reduce)")
      }
      // Otherwise it would prove nothing.
      #expect(bits(specification, Kernels.current, seed: 2) != results[0])
    }
  }

  /// Of membranes, logits and gradients, in the pool's floating-point mode, with denormal numbers among the weights.
  private func bits(_ specification: NetworkSpecification, _ kernels: any KernelTable, seed: UInt64) -> [UInt32] {
    let pool = WorkerPool(threads: 1)
    let network = Network(specification, kernels: kernels)
    network.drawNormal(gain: 3, seed: seed)
    let layout = network.weights.layout
    for i in stride(from: 0, to: layout.inputs[0].panels.columns, by: 5) {
      network.weights.pointer(layout.inputs[0])[i] = Float(bitPattern: 1000)
    }
    network.weightsDidChange(pool: pool)
    var random = RandomStream(seed: seed, stream: "bits")
    let events = (0..<11).map { _ in
      Events(
        (0..<specification.timeBins).map { _ in
          (0..<specification.inputs).map { _ in random.uniform() < 0.3 ? Double(1 + random.below(3)) : 0 }
        })
    }
    let slopes = (0..<11 * specification.classes).map { _ in Float(random.normal() * (random.below(9) == 0 ? 1e-37 : 1))
    }
    let record = NetworkRecord(slots: 11, specification: specification)
    let scratch = Network.Scratch(specification)
    let gradient = Weights(layout: layout)
    var bits: [UInt32] = []
    pool.run(tasks: 1) { _, _ in
      for first in [0, 8] {
        network.forward(
          NetworkInput.events(events.map(\.view)[...])[first..<min(first + 8, 11)], first: first, record: record,
          scratch: scratch,
          dropout: { sample, layer in dropoutKey(seed: 1, epoch: 1, sample: first + sample, layer: layer) })
      }
      for slot in 0..<11 {
        network.sortSpikes(slot: slot, record: record, scratch: scratch)
        for layer in record.layers { bits += layer.panels.unpack(layer.values(slot)).map(\.bitPattern) }
        for o in 0..<specification.classes {
          bits.append(record.logits(slot)[o].bitPattern)
          record.gradient(slot)[o] = slopes[slot * specification.classes + o]
        }
      }
      network.backward(slots: 0..<11, record: record, into: gradient, scratch: scratch, regularizer: nil)
      network.gradients(
        of: .events(events.map(\.view)[...]), first: 0, record: record, into: gradient, scratch: scratch)
      network.finishGradients(gradient, scratch: scratch)
    }
    withExtendedLifetime(events) {}
    return bits + (0..<layout.count).map { gradient.floats[$0].bitPattern }
  }
}
