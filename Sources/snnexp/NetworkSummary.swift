import Display
import Engine
import Experiments
import JSON
import KernelTable
import Networks

/// What `check` tells about a network: neuron models, their parameters with ranges, numbers that are trained.
struct NetworkSummary {
  let network: NetworkSpecification
  /// Seconds of stimulus per time step.
  let binWidth: Double

  /// A neuron parameter, or a time constant of the readout.
  struct Parameter {
    /// `hidden 0`, or `readout`.
    var layer: String
    /// `tau_mem`
    var name: String
    /// Whether it is in seconds.
    var isTime: Bool
    var range: ClosedRange<Double>
    /// How it is drawn and trained: "normal with standard deviation 4 ms, trained per unit"; empty for a fixed value.
    var note: String
  }

  /// Each layer's model: `hidden 0` with `se_adlif`, and what differs from its defaults.
  var models: [(layer: String, model: String)] {
    network.hidden.enumerated().map { index, layer in
      let (neuron, usual) = (layer.neuron, layer.neuron.model.description)
      var words = [neuron.model.rawValue]
      if !neuron.hasSynapse { words.append("no synapse") }
      if neuron.scaledInput { words.append("scaled input") }
      if neuron.reset != usual.resets[0] { words.append("reset: \(neuron.reset.rawValue)") }
      if neuron.resetGradient != usual.resetGradient {
        words.append("reset_gradient: \(neuron.resetGradient.rawValue)")
      }
      return ("hidden \(index)", words.joined(separator: ", "))
    }
  }

  /// Of all layers, then of the readout.
  var parameters: [Parameter] {
    var found: [Parameter] = []
    if let encoder = network.encoder {
      found.append(
        Parameter(layer: "encoder", name: "tau_mem", isTime: true, range: encoder.tauMem...encoder.tauMem, note: ""))
      for (name, initial) in [("gain", encoder.gain), ("bias", encoder.bias)] {
        let parameter = ParameterSpecification(
          initial, isTrained: encoder.isTrained, isPerUnit: true, representation: .value)
        found.append(
          Parameter(
            layer: "encoder", name: name, isTime: false, range: parameter.range,
            note: Self.note(parameter, isTime: false)))
      }
    }
    for (index, layer) in network.hidden.enumerated() {
      for (parameter, value) in layer.neuron.used {
        found.append(
          Parameter(
            layer: "hidden \(index)", name: parameter.name, isTime: parameter.isTime, range: value.range,
            note: Self.note(value, isTime: parameter.isTime)))
      }
      for (name, delays) in [("input delay", layer.inputDelays), ("recurrent delay", layer.recurrentDelays)] {
        guard let delays else { continue }
        let parameter = ParameterSpecification(
          delays.initial, bounds: 0...delays.maximum, isTrained: delays.isTrained, isPerUnit: true,
          representation: .value)
        found.append(
          Parameter(
            layer: "hidden \(index)", name: name, isTime: true, range: parameter.range,
            note: Self.note(parameter, isTime: true).replacing(
              "per unit",
              with: name.hasPrefix("input") && index == 0 && network.encoder == nil ? "per channel" : "per sending unit"
            )
              + (layer.roundsDelays ? ", whole steps when evaluating" : "")))
      }
    }
    let readout = network.readout
    for (name, tau) in [("tau_mem", readout.tauMem), ("tau_syn", readout.tauSyn)] {
      guard let tau else { continue }
      found.append(Parameter(layer: "readout", name: name, isTime: true, range: tau...tau, note: ""))
    }
    return found
  }

  private static func note(_ value: ParameterSpecification, isTime: Bool) -> String {
    func text(_ number: Double) -> String { isTime ? Format.milliseconds(number) : Format.number(number) }
    var words: [String] = []
    switch value.initial {
    case .normal(let mean, let deviation):
      words.append("initially normal with mean \(text(mean)) and standard deviation \(text(deviation))")
    case .gamma(let shape, let mean):
      words.append("initially gamma with shape \(Format.number(shape)) and mean \(text(mean))")
    case .value, .uniform: break
    }
    if value.isStored {
      words.append("\(value.isTrained ? "trained" : "drawn") per \(value.isPerUnit ? "unit" : "layer")")
    }
    return words.joined(separator: ", ")
  }

  /// How many numbers of each kind are trained.
  var trained: (weights: Int, biases: Int, parameters: Int, delays: Int) {
    var counts = (weights: 0, biases: 0, parameters: 0, delays: 0)
    for tensor in WeightLayout(network).tensors where tensor.isTrained {
      let size = tensor.shape.reduce(1, *)
      switch tensor.role {
      case .input, .recurrent, .readout: counts.weights += size
      case .bias, .readoutBias: counts.biases += size
      case .encoderGain, .encoderBias, .parameter: counts.parameters += size
      case .inputDelay, .recurrentDelay: counts.delays += size
      }
    }
    return counts
  }

  func steps(_ seconds: Double) -> Double { seconds / network.timeStep }
  func stimulus(_ seconds: Double) -> Double { steps(seconds) * binWidth }

  /// The members `encoder`, `hidden` and `readout` and the counts.
  var json: [(key: String, value: JSONValue)] {
    let (weights, biases, parameters, delays) = trained
    return [
      (
        "encoder",
        network.encoder.map { encoder in
          .object(
            [("units", JSONValue(network.encoderUnits)), ("fan_out", .integer(encoder.fanOut))]
              + time("tau_mem", encoder.tauMem) + [("trained", .boolean(encoder.isTrained))])
        } ?? .null
      ),
      ("hidden", .list(network.hidden.map { .object(json($0)) })),
      (
        "readout",
        .object(
          [("reduce", .string(network.readout.reduce.rawValue))]
            + time("tau_mem", network.readout.tauMem) + time("tau_syn", network.readout.tauSyn))
      ),
      ("weights", .integer(weights)), ("biases", .integer(biases)), ("neuron_parameters", .integer(parameters)),
      ("delays", .integer(delays)),
    ]
  }

  private func time(_ name: String, _ tau: Double?) -> [(key: String, value: JSONValue)] {
    [
      (name + "_s", JSONValue(tau)), (name + "_steps", JSONValue(tau.map(steps))),
      (name + "_stimulus_s", JSONValue(tau.map(stimulus))),
    ]
  }

  private func json(_ layer: HiddenLayerSpecification) -> [(key: String, value: JSONValue)] {
    let used = layer.neuron.used
    return [("units", .integer(layer.units)), ("neuron", .string(layer.neuron.model.rawValue))]
      + used.filter(\.parameter.isTime).flatMap { time($0.parameter.name, $0.value.fixedValue) }
      + [
        (
          "parameters",
          .list(
            used.map { parameter, value in
              .object([
                ("name", .string(parameter.name)), ("unit", parameter.isTime ? .string("s") : .null),
                ("min", .number(value.range.lowerBound)), ("max", .number(value.range.upperBound)),
                ("trained", .boolean(value.isTrained)), ("per", .string(value.isPerUnit ? "unit" : "layer")),
              ])
            })
        )
      ]
  }
}
