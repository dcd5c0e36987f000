import KernelTable
import Networks

/// The keys of `network`; those that layers have, too, are in `LayerKeys.swift`.
extension RunSpecification {
  mutating func visitNetwork<V: KeyVisitor>(_ v: inout V) {
    v.value(
      "time_step", &timeStep, .timeStep, default: .fixed(0.001),
      "Length of a simulation step, from which decays are computed; bin: the width of a time bin.")
    settleDuration(&v)
    let leak = LeakLimit(timeStep: timeStepSeconds)
    visitEncoder(&v, leak)
    var network = LayerKeys(.standard)
    v.inherited { network.visit(&$0, from: nil) }
    v.layers(
      "hidden", &hidden, template: network.template,
      "Hidden layers, from input to readout: units, a mapping, or a list of these."
    ) { v, layer in
      layer.visit(&v, from: network)
      guard leak.isPassed(by: layer.neuron) else { return }
      for (parameter, value) in layer.neuron.used where parameter.isTime {
        leak.check(&v, parameter.name, value.range.upperBound)
      }
    }
    network.checkUse(&v, by: hidden)
    checkDelays(&v)
    v.section("readout", "The non-spiking output layer.") { v in
      readout.visit(&v, from: network, timeBins: isAnalog ? nil : binning.timeBins)
      leak.check(&v, "tau_mem", readout.tauMem)
      leak.check(&v, "tau_syn", readout.tauSyn ?? 0)
    }
    checkInherited(&v, leak, network)
    let inputs = (firstInputs.map { [$0] } ?? []) + hidden.dropLast().map(\.units)
    let recurrent = hidden.filter(\.recurrent).map(\.units)
    let units = hidden.last.map { [$0.units] } ?? []
    v.section(
      "init",
      "Initial weights: {kind: normal, gain: 1}, {input: {...}, recurrent: {...}, readout: {...}} or {file: weights.h5}."
    ) {
      initialization.visit(&$0, inputs: inputs, recurrent: recurrent, readout: units)
    }
    if isAnalog, initialization.needsInputRate {
      v.reject(
        at: "init", "fluctuation_driven needs the rate of the input spikes, which an encoder does not have beforehand",
        hint: "such as kind: normal")
    }
  }

  /// Rejects delays that the engine cannot take.
  private func checkDelays<V: KeyVisitor>(_ v: inout V) {
    let key = v.isGiven("delays", current: false) ? "delays" : "hidden"
    for (index, layer) in hidden.enumerated() {
      let inputs = index == 0 ? firstInputs ?? 0 : hidden[index - 1].units
      for (name, delays, senders) in [
        ("input", layer.inputDelays, inputs), ("recurrent", layer.recurrentDelays, layer.units),
      ] {
        guard let delays else { continue }
        if senders > Self.mostDelayedSenders {
          v.reject(
            at: key, "\(name) delays of \(senders) channels or units",
            hint: "at most \(Self.mostDelayedSenders) can have delays")
        }
        let steps = delays.maximumSteps(timeStep: timeStepSeconds)
        if steps > Self.mostDelaySteps {
          v.reject(
            at: key, "max of the \(name) delays is \(NumberText.number(steps)) time steps",
            hint: "at most \(NumberText.number(Self.mostDelaySteps))")
        }
      }
    }
  }

  /// Each has two rows, which are numbered with 16 bits.
  static let mostDelayedSenders = 32768
  /// So that the largest delay is a number in single precision.
  private static let mostDelaySteps = 1e9

  /// Time constants that layers and the readout inherit are checked where they come from.
  private func checkInherited<V: KeyVisitor>(_ v: inout V, _ leak: LeakLimit, _ network: LayerKeys) {
    guard
      hidden.contains(where: { leak.isPassed(by: $0.neuron) }) || leak.isPassed(by: readout.tauMem)
        || leak.isPassed(by: readout.tauSyn ?? 0)
    else { return }
    for parameter in NeuronParameter.all where parameter.isTime {
      var inherited: [Double] = []
      for layer in hidden {
        guard let own = layer.neuron.model.description.parameters.first(where: { $0.name == parameter.name }),
          let value = layer.neuron[parameter.name]
        else { continue }
        let keys = network.parameters[parameter.name] ?? ParameterKeys(own.standard)
        if !keys.isNone, value == keys.specification(of: own) { inherited.append(value.range.upperBound) }
      }
      let tau = parameter.name == "tau_mem" ? readout.tauMem : parameter.name == "tau_syn" ? readout.tauSyn : nil
      if let tau, network.readoutDefault(parameter.name)?.value == tau { inherited.append(tau) }
      if let longest = inherited.max() { leak.checkInherited(&v, parameter.name, longest) }
    }
  }
}

extension ReadoutSpecification {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V, from network: LayerKeys, timeBins: Int?) {
    v.value("reduce", &reduce, .choice, default: .max, "How the membrane of a class becomes its logit.")
    v.value(
      "from_step", &fromStep, .integer(0...65534), default: 0,
      "Steps before it do not count towards the logit; without effect on reduce: last.")
    if fromStep != 0, reduce == .last {
      v.reject(
        option: "from_step", of: ["reduce"],
        "\(fromStep) has no effect with reduce: last, which takes the last step only", hint: nil)
      fromStep = 0
    } else if let timeBins, fromStep >= timeBins {
      v.reject(
        at: "from_step", "\(fromStep) leaves no step: data.time_bins is \(timeBins)", hint: "0 to \(timeBins - 1)")
    }
    let mem = network.readoutDefault("tau_mem").map(\.value)
    v.value(
      "tau_mem", &tauMem, .time,
      default: mem.map { .dependent($0, on: ["network.tau_mem"] + LayerKeys.model, .readout("tau_mem")) }
        ?? .required(Self.hint("tau_mem", network)),
      "Membrane time constant.")
    let syn = network.readoutDefault("tau_syn").map { $0.isNone ? nil : $0.value }
    v.value(
      "tau_syn", &tauSyn, .timeOrNone,
      default: syn.map { .dependent($0, on: ["network.tau_syn"] + LayerKeys.model, .readout("tau_syn")) }
        ?? .required(Self.hint("tau_syn", network)),
      "Synaptic time constant; none: the weighted spikes act on the membrane directly.")
    v.value(
      "scaled_input", &scaledInput, .boolean, default: false,
      "Whether the membrane takes (1 - decay) times its input.")
    v.value("bias", &bias, .boolean, default: false, "A trained constant input for each class.")
  }

  /// Why there is no value to inherit.
  private static func hint(_ key: String, _ network: LayerKeys) -> String {
    let example = key == "tau_syn" ? "tau_syn: none, or tau_syn: 5 ms" : "tau_mem: 20 ms"
    return network.parameters[key] == nil
      ? "\(network.layer.neuron.model.rawValue) has no \(key) that the readout could take: give \(example)"
      : "network.\(key) is not one fixed value that the readout could take: give \(example)"
  }
}

extension Initialization {
  private static let tensors = ["input", "recurrent", "readout"]

  /// The numbers of inputs per unit of each kind of matrix.
  fileprivate mutating func visit<V: KeyVisitor>(
    _ v: inout V, inputs: [Int], recurrent recurrents: [Int], readout readouts: [Int]
  ) {
    let usual = WeightInitializer(kind: .normal, gain: 1)
    var (input, recurrent, readout, path, currentlyFile) = (usual, usual, usual, "", false)
    switch self {
    case .drawn(let first, let second, let third): (input, recurrent, readout) = (first, second, third)
    case .file(let file): (path, currentlyFile) = (file, true)
    }
    let currentlySplit = !currentlyFile && !(input == recurrent && input == readout)
    let fromFile = v.isGiven("file", current: currentlyFile)
    let isSplit = !fromFile && Self.tensors.contains { v.isGiven($0, current: currentlySplit) }
    v.variant(of: "file", .without(["file"] + Self.tensors), isActive: !fromFile && !isSplit) { v in
      var all = input
      all.visit(&v, isActive: !fromFile && !isSplit, fanIns: inputs + recurrents + readouts)
      if !fromFile, !isSplit { (input, recurrent, readout) = (all, all, all) }
    }
    v.variant(of: "file", .without(["file", "kind", "gain"]), isActive: isSplit) { v in
      v.section("input", "How the input weights of the layers are drawn.") {
        input.visit(&$0, isActive: isSplit, fanIns: inputs)
      }
      v.section("recurrent", "How the recurrent weights of the layers are drawn.") {
        recurrent.visit(&$0, isActive: isSplit, fanIns: recurrents)
      }
      v.section("readout", "How the weights of the readout are drawn.") {
        readout.visit(&$0, isActive: isSplit, fanIns: readouts)
      }
    }
    v.variant(of: "file", .without(["kind", "gain"] + Self.tensors), isActive: fromFile) { v in
      v.required("file", &path, .path, hint: "", affectsNumbers: false, "HDF5 file laid out like weights.h5.")
    }
    self = fromFile ? .file(path: path) : .drawn(input: input, recurrent: recurrent, readout: readout)
  }
}

extension WeightInitializer {
  /// `fanIns`: numbers of inputs per unit of the matrices.
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V, isActive: Bool, fanIns: [Int]) {
    v.value("kind", &kind, .choice, default: .normal, "How initial weights are drawn.")
    v.value(
      "gain", &gain, .single(.atLeast(0)), default: 1,
      "normal: the weights' standard deviation times sqrt(fan_in); uniform: their largest size times sqrt(fan_in);"
        + " orthogonal: the factor; fluctuation_driven: the membranes' standard deviation.")
    guard isActive, let least = fanIns.min(), let most = fanIns.max() else { return }
    switch kind {
    case .orthogonal, .fluctuationDriven: break
    case .normal, .uniform:
      if let limit = SinglePrecision.problem(ofGain: gain, fanIn: least...most) {
        v.reject(at: "gain", "\(NumberText.number(gain)): \(limit.problem)", hint: limit.remedy)
      }
    }
  }
}
