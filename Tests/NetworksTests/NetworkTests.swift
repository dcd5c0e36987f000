import Engine
import Foundation
import KernelTable
import Networks
import TestSupport
import Testing

private func relativeError(_ a: [Float], _ b: [[Double]]) -> Double {
  let flat = b.flatMap { $0 }
  precondition(a.count == flat.count)
  let difference = zip(a, flat).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
  let norm = flat.reduce(0.0) { $0 + $1 * $1 }
  return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
}

/// LIF against PyTorch; `ModelTests` compares all models with the reference.
@Suite struct NetworkTests {
  /// Float64 PyTorch's numbers for 3 samples, 12 steps, 7-5-4 (tiny.json), without and with the regularizer's pull.
  @Test(arguments: [false, true]) func agreesWithPyTorch(regularized: Bool) throws {
    let tiny = try Golden.tiny()
    let pass = regularized ? tiny.regularised : tiny.plain
    let specification = NetworkSpecification(
      inputs: tiny.inputs, timeBins: tiny.steps, classes: tiny.outputs, timeStep: tiny.timeStep,
      hidden: [
        HiddenLayerSpecification(
          units: tiny.hidden, recurrent: true, neuron: .lif(tauMem: tiny.tauMem, tauSyn: tiny.tauSyn),
          surrogate: Surrogate(kind: .fastSigmoid, scale: tiny.scale))
      ], readout: ReadoutSpecification(reduce: .max, tauMem: tiny.tauMem, tauSyn: tiny.tauSyn))
    let network = Network(specification)
    let layout = network.weights.layout
    network.weights.set(layout.inputs[0], to: tiny.w1.flatMap { $0 })
    network.weights.set(try #require(layout.recurrents[0]), to: tiny.v1.flatMap { $0 })
    network.weights.set(layout.readout, to: tiny.w2.flatMap { $0 })
    network.weightsDidChange(pool: WorkerPool(threads: 1))
    let record = NetworkRecord(slots: 3, specification: specification)
    let scratch = Network.Scratch(specification)
    let events = tiny.x.map { Events($0) }
    network.forward(.events(events.map(\.view)[...]), first: 0, record: record, scratch: scratch, keepTrace: true)
    for slot in 0..<3 {
      network.sortSpikes(slot: slot, record: record, scratch: scratch)
      let kept = record.layers[0]
      let membrane = kept.panels.unpack(kept.values(slot)).prefix(tiny.steps * tiny.hidden)
      let expected = Array(pass.memRec[slot].joined())
      #expect(membrane.count == expected.count)
      #expect(zip(membrane, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
      let steps = (0..<tiny.steps).map { step in
        Set(
          (kept.spikes.stepOffsets(slot)[step]..<kept.spikes.stepOffsets(slot)[step + 1]).map {
            Int(kept.spikes.spikes(slot)[Int($0)])
          })
      }
      #expect(steps == pass.spkRec[slot].map { row in Set(row.indices.filter { row[$0] == 1 }) })
      // Without the initial zero state, with which all traces begin.
      let trace = record.readoutPanels.unpack(record.readout(slot)).prefix(tiny.steps * tiny.outputs)
      #expect(zip(trace, pass.outRec[slot].dropFirst().joined()).allSatisfy { abs(Double($0) - $1) < 1e-5 })
      #expect(trace.count == tiny.steps * tiny.outputs)
      let sum = pass.m[slot].reduce(0) { $0 + exp($1) }
      for o in 0..<tiny.outputs {
        #expect(abs(Double(record.logits(slot)[o]) - pass.m[slot][o]) < 1e-5)
        #expect(Int(record.peak(slot)[o]) == pass.argmaxT[slot][o])
        record.gradient(slot)[o] = Float((exp(pass.m[slot][o]) / sum - (o == tiny.labels[slot] ? 1 : 0)) / 3)
      }
    }
    // d(coeff sum s + coeff mean_j (sum_bt s_j)^2) / ds_j
    let pull = AlignedBuffer<Float>(count: padded(tiny.hidden))
    for unit in 0..<tiny.hidden {
      let spikes = pass.spkRec.joined().reduce(0) { $0 + $1[unit] }
      pull.pointer[unit] = Float(pass.coeff + pass.coeff * 2 / Double(tiny.hidden) * spikes)
    }
    let gradient = Weights(layout: layout)
    network.backward(
      slots: 0..<3, record: record, into: gradient, scratch: scratch, regularizer: regularized ? [pull] : nil)
    withExtendedLifetime(events) {
      network.gradients(
        of: .events(events.map(\.view)[...]), first: 0, record: record, into: gradient, scratch: scratch)
    }
    #expect(relativeError(gradient.matrix(layout.inputs[0]), pass.gradW1) < 1e-4)
    #expect(relativeError(gradient.matrix(try #require(layout.recurrents[0])), pass.gradV1) < 1e-4)
    #expect(relativeError(gradient.matrix(layout.readout), pass.gradW2) < 1e-5)
  }
}
