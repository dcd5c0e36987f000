import Engine
import Foundation
import KernelTable
import Networks

/// The least work a phase must do per sample, and the shortest time this machine needs for it: the model behind the
/// percentages that `snnexp bench` prints (a roofline, Williams, Waterman and Patterson 2009).
///
/// Bytes are those that must be loaded into registers for each event, spike or multiply-add; which level of the memory
/// hierarchy delivers them follows from the size of the working set.
public struct PhaseCost: Sendable {
  public var phase: Phase
  /// Floating-point operations, two per multiply-add.
  public var operations: Double
  public var traffic: [Traffic]

  /// Bytes read and written.
  public struct Traffic: Sendable {
    public var bytes: Double
    /// Size in bytes of the data they come from.
    public var workingSet: Double
    /// Whether they are rows in the order of a list, rather than sequential.
    public var inRows: Bool
  }

  /// Bytes read and written.
  public var bytes: Double { traffic.reduce(0) { $0 + $1.bytes } }

  /// The shortest possible time in seconds, and what limits it.
  ///
  /// - Parameter limits: the limits of one thread, or of several that share the sample's work.
  public func bound(_ limits: MachineLimits) -> (seconds: Double, limit: String) {
    let arithmetic = operations / limits.multiplyAdds
    var (memory, slowest) = (0.0, (seconds: 0.0, level: ""))
    for part in traffic {
      // The first level that holds the working set; `bytesPerThread` is half of a cache.
      let level =
        limits.bandwidths.first { part.workingSet <= 2 * Double($0.bytesPerThread) }
        ?? limits.bandwidths[limits.bandwidths.count - 1]
      let seconds = part.bytes / (part.inRows ? level.rows : level.inOrder)
      memory += seconds
      if seconds > slowest.seconds { slowest = (seconds, level.level.rawValue) }
    }
    return arithmetic > memory ? (arithmetic, "multiply_adds") : (memory, slowest.level)
  }

  /// The costs of one training step of a network, per sample.
  ///
  /// - Parameters:
  ///   - events: input events per sample, repeats counted once.
  ///   - spikes: spikes per sample, for each hidden layer.
  ///   - batch: samples per weight update.
  public static func costs(
    of network: NetworkSpecification, events: Double, spikes: [Double], batch: Int
  ) -> [PhaseCost] {
    let steps = Double(network.timeBins)
    let classes = Double(padded(network.classes))
    func bytes(_ rows: Double, _ columns: Double) -> Double { 4 * rows * columns }
    func panel(_ rows: Double, _ columns: Double) -> Double { bytes(rows, min(columns, Double(panelWidth))) }
    var costs = Phase.allCases.map { PhaseCost(phase: $0, operations: 0, traffic: []) }
    func add(_ phase: Phase, _ operations: Double, _ traffic: [Traffic]) {
      guard let index = costs.firstIndex(where: { $0.phase == phase }) else { return }
      costs[index].operations += operations
      costs[index].traffic += traffic
    }
    func listed(_ bytes: Double, of workingSet: Double) -> Traffic {
      Traffic(bytes: bytes, workingSet: workingSet, inRows: true)
    }
    func streamed(_ bytes: Double, of workingSet: Double) -> Traffic {
      Traffic(bytes: bytes, workingSet: workingSet, inRows: false)
    }
    let group = Double(network.groupSamples)
    for (index, layer) in network.hidden.enumerated() {
      let (inputs, units) = (Double(network.inputs(ofLayer: index)), Double(padded(layer.units)))
      let record = bytes(steps, units)
      // A delayed spike reaches two rows, each sender has two.
      let inputRows = layer.inputDelays == nil ? 1.0 : 2.0
      let recurrentRows = layer.recurrentDelays == nil ? 1.0 : 2.0
      // Between two visits to a gradient row, all other rows reached from the panel of deltas are visited.
      let gradientPanel = panel(inputRows * inputs + (layer.recurrent ? recurrentRows * units : 0), units)
      // Rows of weights listed by step; rows of deltas listed by channel or unit, and the gradient rows read and
      // written.
      if index == 0 {
        // Events are multiplied by their counts, spikes just added. Currents are summed one block of channels at a
        // time.
        let blocks = Double(SampleEvents.channelBlocks(of: Int(inputRows) * network.inputs))
        let terms = inputRows * events
        add(
          .input, 2 * terms * units,
          [
            listed(bytes(terms, units), of: panel(inputRows * inputs / blocks, units)),
            streamed((2 * blocks - 1) * record, of: group * panel(steps, units)),
          ])
        add(
          .inputGradient, 2 * terms * units,
          [
            listed(bytes(terms, units), of: panel(steps, units)),
            listed(2 * bytes(inputRows * inputs, units), of: gradientPanel),
          ])
      } else {
        let terms = inputRows * spikes[index - 1]
        add(.hidden, terms * units, [listed(bytes(terms, units), of: panel(inputRows * inputs, units))])
        add(
          .spikeGradient, terms * units,
          [
            listed(bytes(terms, units), of: panel(steps, units)),
            listed(2 * bytes(inputRows * inputs, units), of: gradientPanel),
          ])
      }
      if layer.recurrent {
        // In a group, the first sample in which a unit spikes loads the unit's row of V1 from the level that holds all
        // of V1; the others find it in a near cache.
        let rate = min(1, spikes[index] / (steps * units))
        let brought = steps * units * (1 - pow(1 - rate, group)) / group
        add(
          .hidden, recurrentRows * spikes[index] * units,
          [
            listed(recurrentRows * bytes(brought, units), of: recurrentRows * bytes(units, units)),
            listed(
              recurrentRows * bytes(spikes[index] - brought, units), of: panel(recurrentRows * units, units)),
          ])
        add(
          .spikeGradient, recurrentRows * spikes[index] * units,
          [
            listed(recurrentRows * bytes(spikes[index], units), of: panel(steps, units)),
            listed(2 * bytes(recurrentRows * units, units), of: gradientPanel),
          ])
        add(
          .backward, 2 * steps * units * units,
          [streamed(bytes(steps, units * units) / Double(lockstepSamples), of: bytes(units, units))])
        // What comes back is written once and read twice.
        if let delays = layer.recurrentDelays {
          let kept = Double(lockstepSamples) * delays.maximum / network.timeStep
          add(.backward, 4 * steps * units, [streamed(3 * record, of: bytes(min(steps, kept), units))])
        }
      }
      // A step reads the current and writes the record; its adjoint reads the record and writes the delta. Both move
      // the model's state, which stays in the nearest cache with its coefficients.
      let planes = Kernels.current.planes(layer.neuron.settings)
      let (kept, plane) = (Double(1 + planes.record) * record, bytes(1, units))
      func state(_ planes: Int) -> Traffic {
        streamed(2 * Double(planes) * record, of: Double(planes * lockstepSamples) * plane)
      }
      add(
        .hidden, 2 * Double(planes.coefficients) * steps * units,
        [streamed(kept, of: group * kept), state(planes.state)])
      add(
        .backward, 4 * Double(planes.coefficients) * steps * units,
        [streamed(kept, of: Double(lockstepSamples) * kept), state(planes.adjoint)])
    }
    let last = spikes[spikes.count - 1]
    let units = Double(padded(network.hidden[network.hidden.count - 1].units))
    add(.readout, last * classes, [listed(bytes(last, classes), of: bytes(units, classes))])
    add(.spikeGradient, last * classes, [listed(bytes(last, classes), of: bytes(steps, classes))])
    // Readouts whose classes contribute in more than one step feed back by a dense product; a softmax is about twenty
    // operations per class and step.
    let real = Double(network.classes)
    if network.readout.reduce != .max {
      add(.backward, 2 * steps * real * units, [streamed(bytes(steps, classes), of: bytes(steps, classes))])
    }
    if network.readout.reduce == .sumSoftmax { add(.readout, 20 * steps * classes, []) }
    let weights = Double(network.parameterCount)
    // The gradients of all shares; the weights and moments, read and written.
    let shares = Double(Shares(batch, of: network).count)
    add(
      .optimizer, (11 + shares) * weights / Double(batch),
      [streamed((6 + shares) * 4 * weights / Double(batch), of: (3 + shares) * 4 * weights)])
    return costs
  }
}
