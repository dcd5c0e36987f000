import Engine
import HDF5
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
    let file = try HDF5File.inMemory()
    // Each spike is in the middle of its one-second bin.
    var (times, units): ([[Double]], [[UInt16]]) = ([], [])
    for sample in tiny.x {
      let spikes = sample.enumerated().flatMap { step, counts in
        counts.enumerated().flatMap { unit, count in repeatElement((step, unit), count: Int(count)) }
      }
      times.append(spikes.map { Double($0.0) + 0.5 })
      units.append(spikes.map { UInt16($0.1) })
    }
    try file.writeSequences(times, to: "spikes/times")
    try file.writeSequences(units, to: "spikes/units")
    try file.write(tiny.labels.map { Int32($0) }, shape: [tiny.labels.count], to: "labels")
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    data = try SpikeFile.load(
      path: folder.write(file.image(), "data.h5"),
      binning: Binning(channels: tiny.inputs, timeBins: tiny.steps, maxTime: Double(tiny.steps), rule: .uniform),
      classes: tiny.outputs)
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
