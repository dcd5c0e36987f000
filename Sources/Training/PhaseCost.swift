import Engine
import Foundation
import KernelTable
import Networks

/// What a phase has to do for one sample at least, and how long the machine takes for that at best: the model behind the
/// shares that `snnexp bench` prints (a roofline, Williams, Waterman and Patterson 2009).
///
/// Bytes are those that must come from beyond the registers for each event, spike or multiply-add;
/// which level of the memory hierarchy delivers them follows from the size of what is read again and again.
public struct PhaseCost: Sendable {
  public var phase: Phase
  /// Floating-point operations, two for each multiply-add.
  public var operations: Double
  public var traffic: [Traffic]

  /// Bytes read and written.
  public struct Traffic: Sendable {
    public var bytes: Double
    /// Size of what they come from.
    public var workingSet: Double
    /// Whether they are rows in the order of some list, or all in their own order.
    public var inRows: Bool
  }

  /// Bytes read and written.
  public var bytes: Double { traffic.reduce(0) { $0 + $1.bytes } }

  /// Shortest time on one thread, in seconds, and what binds it.
  ///
  /// - Parameter limits: of one thread, or of several that share the sample's work.
  public func bound(_ limits: MachineLimits) -> (seconds: Double, limit: String) {
    let arithmetic = operations / limits.multiplyAdds
    var (memory, slowest) = (0.0, (seconds: 0.0, level: ""))
    for part in traffic {
      // The first level that holds it; `bytesPerThread` is half of a cache.
      let level =
        limits.bandwidths.first { part.workingSet <= 2 * Double($0.bytesPerThread) }
        ?? limits.bandwidths[limits.bandwidths.count - 1]
      let seconds = part.bytes / (part.inRows ? level.rows : level.inOrder)
      memory += seconds
      if seconds > slowest.seconds { slowest = (seconds, level.level.rawValue) }
    }
    return arithmetic > memory ? (arithmetic, "multiply_adds") : (memory, slowest.level)
  }

  /// The costs of a network's training step for one sample.
  ///
  /// - Parameters:
  ///   - events: input events of a sample, repeats counted once.
  ///   - spikes: of each hidden layer, of a sample.
  ///   - batch: samples that share an update.
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
      // Between two visits of a gradient's row, all others that a panel of deltas leads to are visited.
      let gradientPanel = panel(inputs + (layer.recurrent ? units : 0), units)
      // Rows of weights that a list names by step; rows of deltas listed by channel or unit, and the gradient's rows back
      // and forth.
      if index == 0 {
        // Events have counts, spikes are added as they are. The currents are summed block by block of the channels.
        let blocks = Double(SampleEvents.channelBlocks(of: network.inputs))
        add(
          .input, 2 * events * units,
          [
            listed(bytes(events, units), of: panel(inputs / blocks, units)),
            streamed((2 * blocks - 1) * record, of: group * panel(steps, units)),
          ])
        add(
          .inputGradient, 2 * events * units,
          [listed(bytes(events, units), of: panel(steps, units)), listed(2 * bytes(inputs, units), of: gradientPanel)])
      } else {
        let terms = spikes[index - 1]
        add(.hidden, terms * units, [listed(bytes(terms, units), of: panel(inputs, units))])
        add(
          .spikeGradient, terms * units,
          [listed(bytes(terms, units), of: panel(steps, units)), listed(2 * bytes(inputs, units), of: gradientPanel)])
      }
      if layer.recurrent {
        // Of the samples that go together, the first that spikes in a unit brings its row of V1 from where all of V1 is; the
        // others find it near.
        let rate = min(1, spikes[index] / (steps * units))
        let brought = steps * units * (1 - pow(1 - rate, group)) / group
        add(
          .hidden, spikes[index] * units,
          [
            listed(bytes(brought, units), of: bytes(units, units)),
            listed(bytes(spikes[index] - brought, units), of: panel(units, units)),
          ])
        add(
          .spikeGradient, spikes[index] * units,
          [
            listed(bytes(spikes[index], units), of: panel(steps, units)),
            listed(2 * bytes(units, units), of: gradientPanel),
          ])
        add(
          .backward, 2 * steps * units * units,
          [streamed(bytes(steps, units * units) / Double(lockstepSamples), of: bytes(units, units))])
      }
      // The LIF step reads the current and writes the membrane; its adjoint reads that and writes the delta.
      add(.hidden, 6 * steps * units, [streamed(2 * record, of: group * record)])
      add(.backward, 12 * steps * units, [streamed(2 * record, of: Double(lockstepSamples) * record)])
    }
    let last = spikes[spikes.count - 1]
    let units = Double(padded(network.hidden[network.hidden.count - 1].units))
    add(.readout, last * classes, [listed(bytes(last, classes), of: bytes(units, classes))])
    add(.spikeGradient, last * classes, [listed(bytes(last, classes), of: bytes(steps, classes))])
    let weights = Double(network.parameterCount)
    // The gradients of all shares, and the weights and moments back and forth.
    let shares = Double(Shares(batch, of: network).count)
    add(
      .optimizer, (11 + shares) * weights / Double(batch),
      [streamed((6 + shares) * 4 * weights / Double(batch), of: (3 + shares) * 4 * weights)])
    return costs
  }
}
