import Engine
import Networks
import SpikeData
import TestSupport

/// The batch of `tiny.json` as a network and a dataset.
struct TinyTask {
  let tiny: Golden.Tiny
  let specification: NetworkSpecification
  let data: SpikeDataset

  init() throws {
    let tiny = try Golden.tiny()
    self.tiny = tiny
    specification = NetworkSpecification(
      inputs: tiny.inputs, timeBins: tiny.steps, classes: tiny.outputs, timeStep: tiny.timeStep,
      hidden: [.lif(tiny.hidden, tauMem: tiny.tauMem, tauSyn: tiny.tauSyn, scale: tiny.scale)],
      readout: ReadoutSpecification(reduce: .max, tauMem: tiny.tauMem, tauSyn: tiny.tauSyn))
    data = try CountedData.dataset(tiny.x, labels: tiny.labels, classes: tiny.outputs)
  }

  /// With the initial weights.
  func makeNetwork(_ pool: WorkerPool) -> Network {
    let network = Network(specification)
    let layout = network.weights.layout
    for (tensor, values) in zip(layout.tensors, [tiny.w1, tiny.v1, tiny.w2]) {
      network.weights.set(tensor, to: values.flatMap { $0 })
    }
    network.weightsDidChange(pool: pool)
    return network
  }

  /// Spikes of each unit in the batch.
  var spikes: [Double] {
    (0..<tiny.hidden).map { unit in tiny.plain.spkRec.joined().reduce(0) { $0 + $1[unit] } }
  }
}

extension HiddenLayerSpecification {
  /// A layer of leaky integrate-and-fire units with a fast sigmoid surrogate.
  static func lif(
    _ units: Int, recurrent: Bool = true, tauMem: Double = 0.01, tauSyn: Double = 0.005, scale: Double = 100
  ) -> HiddenLayerSpecification {
    HiddenLayerSpecification(
      units: units, recurrent: recurrent, neuron: .lif(tauMem: tauMem, tauSyn: tauSyn),
      surrogate: Surrogate(kind: .fastSigmoid, scale: scale))
  }
}

extension ReadoutSpecification {
  /// The usual one.
  static let standard = ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)
}
