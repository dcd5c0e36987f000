import Engine
import KernelTable
import Networks
import SpikeData

/// Runs networks forward only.
public final class Evaluator {
  private let specification: NetworkSpecification
  private let pool: WorkerPool
  private let record: NetworkRecord
  private let scratch: [Network.Scratch]

  public init(specification: NetworkSpecification, pool: WorkerPool) {
    self.specification = specification
    self.pool = pool
    record = NetworkRecord(slots: Self.slots(specification, threads: pool.threads), specification: specification)
    scratch = (0..<pool.threads).map { _ in Network.Scratch(specification) }
  }

  /// Slots for one group of samples per thread.
  static func slots(_ network: NetworkSpecification, threads: Int) -> Int { threads * network.groupSamples }

  /// The most bytes that evaluating a network uses, not counting data and weights.
  public static func bytes(_ network: NetworkSpecification, threads: Int) -> Int {
    NetworkRecord.bytes(slots: slots(network, threads: threads), specification: network)
      .saturatingPlus(threads * Network.Scratch.bytes(network))
  }

  /// Loss, predictions and rates on `samples`.
  /// - Parameter progress: called now and then on the calling thread with the approximate number of samples done.
  public func evaluate(
    _ network: Network, on samples: Samples, progress: (_ samples: Int) -> Void = { _ in }
  ) -> Evaluation {
    let count = samples.count
    let losses = AlignedBuffer<Double>(count: count)
    let predicted = AlignedBuffer<Int>(count: count)
    let units = specification.hidden.map(\.units)
    let spikes = (0..<pool.threads).map { _ in units.map { AlignedBuffer<Int>(count: $0) } }
    let group = specification.groupSamples
    // The other threads do about as many each.
    var groupsOfCaller = 0
    pool.run(tasks: (count + group - 1) / group) { worker, task in
      let range = task * group..<min((task + 1) * group, count)
      let first = worker * group
      network.forward(
        samples.input(range), first: first, record: record, scratch: scratch[worker], evaluating: true)
      for (slot, i) in zip(first..., range) {
        let result = crossEntropy(
          logits: record.logits(slot), classes: specification.classes, label: samples.label(i), gradient: nil,
          scale: 1)
        losses.pointer[i] = result.loss
        predicted.pointer[i] = result.predicted
        for (layer, kept) in record.layers.enumerated() {
          let list = kept.spikes.spikes(slot)
          for s in 0..<kept.spikes.count(slot) { spikes[worker][layer].pointer[Int(list[s])] += 1 }
        }
      }
      if worker == 0 {
        groupsOfCaller += 1
        progress(min(count, groupsOfCaller * group * pool.threads))
      }
    }
    var (loss, right) = (0.0, 0)
    for i in 0..<count {
      loss += losses.pointer[i]
      if predicted.pointer[i] == samples.label(i) { right += 1 }
    }
    let duration = Double(count * specification.timeBins) * specification.timeStep
    let rates = units.enumerated().map { layer, units in
      (0..<units).map { unit in
        Double(spikes.reduce(0) { $0 + $1[layer].pointer[unit] }) / duration
      }
    }
    return Evaluation(
      loss: loss / Double(count), predicted: (0..<count).map { predicted.pointer[$0] },
      accuracy: Double(right) / Double(count), unitRates: rates)
  }

  /// Voltages and spikes of the first `count` samples.
  public func recordings(of network: Network, on samples: Samples, count: Int) -> [SampleRecording] {
    let classes = specification.classes
    let traces = specification.hidden.map { layer in
      AlignedBuffer<Float>(
        count: Kernels.current.planes(layer.neuron.settings).state * specification.timeBins * padded(layer.units))
    }
    return (0..<min(count, samples.count)).map { i in
      // Run it in the pool for its floating-point mode (denormals flushed).
      pool.run(tasks: 1) { _, _ in
        network.forward(
          samples.input([i]), first: 0, record: record, scratch: scratch[0], evaluating: true, keepTrace: true,
          traces: traces)
      }
      var result = SampleRecording(membrane: [], spikes: [], readout: [Float](repeating: 0, count: classes))
      for (index, kept) in record.layers.enumerated() {
        let layer = specification.hidden[index]
        result.membrane.append(Array(kept.panels.unpack(kept.values(0)).prefix(specification.timeBins * layer.units)))
        var spikes = [UInt8](repeating: 0, count: specification.timeBins * layer.units)
        let (list, offsets) = (kept.spikes.spikes(0), kept.spikes.stepOffsets(0))
        for t in 0..<specification.timeBins {
          for s in Int(offsets[t])..<Int(offsets[t + 1]) { spikes[t * layer.units + Int(list[s])] = 1 }
        }
        result.spikes.append(spikes)
        result.traces.append(self.traces(of: layer, in: traces[index]))
      }
      if let kept = record.encoder {
        let (list, offsets) = (kept.spikes.spikes(0), kept.spikes.stepOffsets(0))
        result.encoderSpikes = (0..<specification.timeBins).flatMap { t in
          (Int(offsets[t])..<Int(offsets[t + 1])).map { (bin: t, unit: Int(list[$0])) }
        }
      }
      let trace = record.readoutPanels.unpack(record.readout(0))
      result.readout += trace.prefix(specification.timeBins * classes)
      return result
    }
  }

  /// The named traces of a layer, the last of its state planes, each `[timeBins, units]`.
  private func traces(of layer: HiddenLayerSpecification, in planes: AlignedBuffer<Float>) -> [String: [Float]] {
    let names = layer.neuron.model.description.traces
    let first = Kernels.current.planes(layer.neuron.settings).state - names.count
    var result: [String: [Float]] = [:]
    for (index, name) in names.enumerated() {
      result[name] = (0..<specification.timeBins).flatMap { t in
        let row = planes.pointer + ((first + index) * specification.timeBins + t) * padded(layer.units)
        return (0..<layer.units).map { row[$0] }
      }
    }
    return result
  }
}
