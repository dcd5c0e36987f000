import Engine
import Foundation
import KernelTable
import Networks

/// exp(-time_step / tau).
func decayed(_ timeStep: Double, _ tau: Double) -> Double { Foundation.exp(-timeStep / tau) }

/// A plain double-precision implementation of all models, as a reference for the kernels: forward equations alone, unit
/// by unit and step by step; the gradients are the tape's. It shares no code with the engine but the specification.
public final class ReferenceNetwork {
  public let tape = Tape()
  let specification: NetworkSpecification
  let layout: WeightLayout
  private let hasSmoothSpikes: Bool
  /// What is stored of each tensor, row-major: of neuron parameters, what is trained.
  private(set) var leaves: [WeightTensor: [Variable]] = [:]

  /// One sample's pass.
  public struct Pass {
    /// `[layer][step][unit]`
    public var membranes: [[[Double]]] = []
    /// `[step][unit]` of the encoder; empty without one.
    public var encoded: [[Variable]] = []
    public var adaptations: [[[Double]]] = []
    public var spikes: [[[Variable]]] = []
    /// `[step][class]`, out[1] first.
    public var trace: [[Double]] = []
    public var logits: [Variable] = []
  }

  /// With the present weights of a network.
  ///
  /// - Parameter hasSmoothSpikes: in place of spikes, the integral of the surrogate, whose gradients are exact; only for
  ///   the sigmoid surrogate.
  public init(_ network: Network, hasSmoothSpikes: Bool = false) {
    specification = network.specification
    self.hasSmoothSpikes = hasSmoothSpikes
    layout = network.weights.layout
    for tensor in layout.tensors { leaves[tensor] = network.weights.matrix(tensor).map { tape.leaf(Double($0)) } }
  }

  /// The derivative of all that `tape.backward` was called for, row-major.
  public func gradient(_ tensor: WeightTensor) -> [Double] { leaves[tensor]!.map(tape.slope) }

  /// One sample forward.
  ///
  /// - Parameters:
  ///   - x: `[step][input]` counts, or, with an encoder, values.
  ///   - kept: whether dropout keeps a spike on its way up; nil: no dropout.
  ///   - evaluating: whether delays are rounded in layers that do so when evaluating.
  public func run(
    _ x: [[Double]], kept: ((_ layer: Int, _ step: Int, _ unit: Int) -> Bool)? = nil, evaluating: Bool = false
  ) -> Pass {
    var pass = Pass()
    /// `[step][unit]`: what the spikes of the layer below count.
    var input: [[Variable]] = []
    if let encoder = specification.encoder {
      input = encode(x, encoder)
      pass.encoded = input
    }
    let hasCounts = specification.encoder == nil
    for (index, layer) in specification.hidden.enumerated() {
      let isRounded = evaluating && layer.roundsDelays
      let recurrentDelays = delays(layout.recurrentDelays[index], isRounded)
      if let delays = delays(layout.inputDelays[index], isRounded) {
        let sent = index == 0 && hasCounts ? x.map { $0.map(tape.constant) } : input
        input = delayed(sent, delays)
      }
      let isCounted = index == 0 && hasCounts && layout.inputDelays[index] == nil
      let columns = columns(layout.inputs[index])
      let recurrent = layout.recurrents[index].map(self.columns)
      let bias = layout.biases[index].map { leaves[$0]! }
      var neurons = (0..<layer.units).map { unit in
        ReferenceNeuron(
          layer, parameters: parameters(index, unit: unit), tape: tape, hasSmoothSpikes: hasSmoothSpikes)
      }
      var (membranes, spikes, up): ([[Double]], [[Variable]], [[Variable]]) = ([], [], [])
      var adaptations: [[Double]] = []
      for t in x.indices {
        var (membraneRow, spikeRow): ([Double], [Variable]) = ([], [])
        // Spikes act one step later, and then later by their delay.
        var returning = spikes.last ?? []
        if let recurrentDelays, t > 0 {
          returning = recurrentDelays.enumerated().map { unit, delay in
            delay.arriving(at: t - 1, of: { spikes[$0][unit] }, on: tape)
          }
        }
        for unit in 0..<layer.units {
          var terms = [isCounted ? tape.dot(x[t], columns[unit]) : tape.dot(input[t], columns[unit])]
          if let recurrent, t > 0 { terms.append(tape.dot(returning, recurrent[unit])) }
          if let bias { terms.append(bias[unit]) }
          let (membrane, spike) = neurons[unit].step(tape.sum(terms))
          membraneRow.append(membrane.value)
          spikeRow.append(spike)
        }
        membranes.append(membraneRow)
        adaptations.append(neurons.map(\.adaptation))
        spikes.append(spikeRow)
        up.append(
          spikeRow.enumerated().map { unit, spike in
            guard let kept, layer.dropout > 0 else { return spike }
            return (kept(index, t, unit) ? 1 / (1 - layer.dropout) : 0) * spike
          })
      }
      pass.membranes.append(membranes)
      pass.adaptations.append(adaptations)
      pass.spikes.append(spikes)
      input = up
    }
    let columns = columns(layout.readout)
    let bias = layout.readoutBias.map { leaves[$0]! }
    let currents = input.map { row in
      columns.enumerated().map { o, weights in
        let sum = tape.dot(row, weights)
        return bias.map { sum + $0[o] } ?? sum
      }
    }
    let (trace, logits) = specification.readout.run(currents, timeStep: specification.timeStep, on: tape)
    pass.trace = trace.map { $0.map(\.value) }
    pass.logits = logits
    return pass
  }

  private func delays(_ tensor: WeightTensor?, _ isRounded: Bool) -> [ReferenceDelay]? {
    tensor.map { leaves[$0]!.map { ReferenceDelay($0, isRounded: isRounded) } }
  }

  /// `[step][sender]`: what arrives.
  private func delayed(_ sent: [[Variable]], _ delays: [ReferenceDelay]) -> [[Variable]] {
    sent.indices.map { t in
      delays.enumerated().map { i, delay in delay.arriving(at: t, of: { sent[$0][i] }, on: tape) }
    }
  }

  private func columns(_ tensor: WeightTensor) -> [ArraySlice<Variable>] {
    let (leaves, columns) = (leaves[tensor]!, tensor.panels.columns)
    return (0..<columns).map { column in (0..<tensor.panels.rows).map { leaves[$0 * columns + column] }[...] }
  }

  /// A unit's parameters by name, with decays in place of time constants, from what is stored of them.
  private func parameters(_ layer: Int, unit: Int) -> [String: Variable] {
    let neuron = specification.hidden[layer].neuron
    var result: [String: Variable] = [:]
    for (index, parameter) in neuron.model.description.parameters.enumerated() {
      let given = neuron.parameters[index]
      let value: Variable
      if let tensor = layout.parameters[layer][index], let leaves = leaves[tensor] {
        let stored = leaves[given.isPerUnit ? unit : 0]
        switch given.representation {
        case .interpolation:
          let bounds = given.bounds!
          value = (bounds.upperBound - bounds.lowerBound) * stored + bounds.lowerBound
        case .log: value = exp(stored)
        case .decay: value = -specification.timeStep / log(stored)
        case .value: value = stored
        }
      } else {
        value = tape.constant(given.initial.mean)
      }
      result[parameter.name] = parameter.isTime ? exp(-specification.timeStep / value) : value
    }
    return result
  }
}
