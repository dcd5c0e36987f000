import Experiments
import KernelTable
import Networks
import Testing

/// Keys of neuron models, their parameters, surrogates, readouts, initial weights and penalties: what is read.
@Suite struct NeuronKeysTests {
  private func run(_ text: String, _ overrides: [String] = []) throws -> RunSpecification {
    try #require(try load(minimal + text, overrides).runs.first)
  }

  private func layer(_ text: String, _ overrides: [String] = []) throws -> HiddenLayerSpecification {
    try #require(try run(text, overrides).hidden.first)
  }

  /// The readout of models without a synapse must be told its time constant.
  private static let readout = "readout: {tau_syn: none}"

  @Test(arguments: NeuronModel.allCases) func defaultsAreThoseOfTheModel(_ model: NeuronModel) throws {
    for text in [
      "network: {neuron: \(model.rawValue), \(Self.readout)}\n",
      "network: {hidden: [{neuron: \(model.rawValue)}], \(Self.readout)}\n",
    ] {
      let layer = try layer(text)
      #expect(layer.neuron == NeuronSpecification(model), "\(text)")
      #expect(layer.surrogate == Surrogate(kind: .fastSigmoid, scale: 100) && !layer.bias && layer.dropout == 0)
    }
  }

  @Test func mappings() throws {
    let neuron = try layer(
      "network: {neuron: se_adlif, tau_mem: {init: {uniform: [20 ms, 100 ms]}, bounds: [20 ms, 100 ms], trained: true},"
        + " tau_adapt: {init: {normal: [100 ms, 10 ms]}, trained: true, via: decay, per: layer},"
        + " adapt_a: {init: {gamma: [3, 0.5]}}, adapt_b: {trained: true, bounds: [0, 2], per: unit},"
        + " readout: {tau_mem: 20 ms, tau_syn: none}}\n"
    ).neuron
    #expect(
      neuron["tau_mem"]
        == ParameterSpecification(
          .uniform(lower: 0.02, upper: 0.1), bounds: 0.02...0.1, isTrained: true, isPerUnit: true,
          representation: .interpolation))
    #expect(
      neuron["tau_adapt"]
        == ParameterSpecification(
          .normal(mean: 0.1, deviation: 0.01), isTrained: true, isPerUnit: false, representation: .decay))
    #expect(
      neuron["adapt_a"]
        == ParameterSpecification(.gamma(shape: 3, mean: 0.5), isPerUnit: true, representation: .value))
    #expect(
      neuron["adapt_b"]
        == ParameterSpecification(
          .value(1), bounds: 0...2, isTrained: true, isPerUnit: true, representation: .value))
  }

  @Test func defaultsOfMappings() throws {
    func tau(_ mapping: String) throws -> ParameterSpecification? {
      try layer("network: {tau_mem: \(mapping), readout: {tau_mem: 10 ms}}\n").neuron["tau_mem"]
    }
    // A fixed value is the same however it is written.
    for fixed in ["10 ms", "{}", "{init: 10 ms}", "{trained: false, via: log}", "{bounds: [5 ms, 20 ms]}"] {
      #expect(try tau(fixed) == ParameterSpecification(0.01), "\(fixed)")
    }
    #expect(try tau("{trained: true}")?.representation == .log)
    #expect(try tau("{trained: true}")?.isPerUnit == false)
    #expect(try tau("{trained: true, bounds: [5 ms, 20 ms]}")?.representation == .interpolation)
    #expect(try tau("{init: {uniform: [5 ms, 20 ms]}}")?.isPerUnit == true)
  }

  @Test func layersInheritWhatTheirModelHas() throws {
    let layers = try run(
      "network: {neuron: adlif, threshold: 0.7, tau_mem: 7 ms, adapt_a: 0.3, reset_gradient: detached, tau_syn: 3 ms,"
        + " hidden: [8, {neuron: lif}, {neuron: alif, tau_mem: 9 ms}, {neuron: lif, tau_syn: none}, {adapt_a: 0.4}]}\n"
    ).hidden
    #expect(layers.map(\.neuron.threshold) == [0.7, 0.7, 0.7, 0.7, 0.7])
    #expect(layers.map { $0.neuron["tau_mem"]?.fixedValue } == [0.007, 0.007, 0.009, 0.007, 0.007])
    #expect(layers.map { $0.neuron["adapt_a"]?.fixedValue } == [0.3, nil, nil, nil, 0.4])
    // Not given: each model's own.
    #expect(layers.map { $0.neuron["tau_adapt"]?.fixedValue } == [0.1, nil, 0.15, nil, 0.1])
    #expect(layers.map { $0.neuron["tau_syn"]?.fixedValue } == [nil, 0.003, nil, nil, nil])
    #expect(layers.map(\.neuron.hasSynapse) == [true, true, true, false, true])
    #expect(layers.allSatisfy { $0.neuron.resetGradient == .detached })
    #expect(layers.map(\.neuron.reset) == [.subtract, .zero, .subtract, .zero, .subtract])
    // A mapping replaces the network's as a whole.
    let own = try layer(
      "network: {tau_mem: {trained: true, bounds: [5 ms, 20 ms]}, hidden: [{tau_mem: {init: 6 ms}}],"
        + " readout: {tau_mem: 10 ms}}\n")
    #expect(own.neuron["tau_mem"] == ParameterSpecification(0.006))
    // A reset that a model cannot do stays with those that can.
    let resets = try run("network: {reset: none, hidden: [8, {neuron: se_adlif}]}\n").hidden
    #expect(resets.map(\.neuron.reset) == [.none, .zero])
  }

  @Test func surrogatesOfLayers() throws {
    let layers = try run(
      "network: {surrogate: {kind: boxcar, scale: 3, amplitude: 0.2}, hidden: [8, {surrogate: {scale: 4}},"
        + " {surrogate: {kind: triangle}}, {surrogate: {kind: exponential, scale: 7}},"
        + " {surrogate: {kind: straight_through}}, {surrogate: {kind: boxcar}}]}\n"
    ).hidden
    #expect(
      layers.map(\.surrogate) == [
        Surrogate(kind: .boxcar, scale: 3, amplitude: 0.2), Surrogate(kind: .boxcar, scale: 4, amplitude: 0.2),
        Surrogate(kind: .triangle, scale: 1, amplitude: 0.3), Surrogate(kind: .exponential, scale: 7),
        Surrogate(kind: .straightThrough, scale: 1), Surrogate(kind: .boxcar, scale: 3, amplitude: 0.2),
      ])
    let none = try run(
      "network: {surrogate: none, hidden: [8, {surrogate: {kind: boxcar}}, {surrogate: {scale: 4}}]}\n"
    ).hidden
    #expect(none.map(\.surrogate.amplitude) == [0, 1, 1] && none[1].surrogate.kind == .boxcar)
    let mixed = try run("network: {surrogate: {kind: boxcar}, hidden: [{surrogate: none}, 8]}\n").hidden
    #expect(mixed.map(\.surrogate.amplitude) == [0, 1] && mixed[1].surrogate.kind == .boxcar)
    #expect(
      try layer("", ["network.surrogate=none"]).surrogate == layer("", ["network.surrogate.amplitude=0"]).surrogate)
    for kind in SurrogateKind.allCases {
      let read = try layer("", ["network.surrogate.kind=\(kind.rawValue)"]).surrogate
      #expect(read == Surrogate(kind: kind, scale: kind.standard.scale, amplitude: kind.standard.amplitude))
    }
  }

  /// A sweep without effect would look like a result.
  @Test func surrogatesOfTheNetworkThatNoLayerTakesAreRejected() throws {
    func problem(_ network: String, _ overrides: String...) -> String? {
      do {
        _ = try load(minimal + "network: {\(network)}\n", overrides)
        return nil
      } catch { return "\(error)" }
    }
    let kinds = "hidden: [{units: 4, surrogate: {kind: arctan}}, {units: 3, surrogate: {kind: sigmoid, scale: 9}}]"
    for (network, override, message) in [
      (kinds, "scale=3,4", "network.surrogate.scale has no effect: no layer has the network's kind"),
      (kinds, "amplitude=3", "network.surrogate.amplitude has no effect: no layer has the network's kind"),
      (kinds, "kind=triangle,boxcar", "network.surrogate.kind has no effect: every layer sets its own kind"),
      (
        "hidden: [{units: 4, surrogate: {scale: 7}}]", "scale=3,4",
        "network.surrogate.scale has no effect: every layer sets its own scale"
      ),
    ] {
      let error = problem(network, "network.surrogate." + override)
      #expect(error?.contains(message) == true, "\(override): \(error ?? "accepted")")
    }
    // One layer takes them; and a file that has such values for no sweep.
    let mixed = "hidden: [4, {units: 3, surrogate: {kind: sigmoid, scale: 9}}]"
    for (network, overrides) in [
      (mixed, ["network.surrogate.scale=3,4"]), (mixed, ["network.surrogate.kind=arctan,sigmoid"]),
      ("hidden: [{units: 4, surrogate: {scale: 7}}]", ["network.surrogate.kind=arctan,sigmoid"]),
      ("surrogate: {scale: 5}, \(kinds)", []),
    ] {
      #expect(throws: Never.self) { try load(minimal + "network: {\(network)}\n", overrides) }
    }
  }

  @Test func readoutTakesTheNetworksTimeConstants() throws {
    #expect(
      try run("network: {tau_mem: 7 ms, tau_syn: none}\n").readout
        == ReadoutSpecification(
          reduce: .max, tauMem: 0.007, tauSyn: nil))
    // Given nothing, the readout's is 10 ms, whatever the model's.
    for model in NeuronModel.allCases {
      #expect(try run("network: {neuron: \(model.rawValue), \(Self.readout)}\n").readout.tauMem == 0.01)
      #expect(try run("network: {neuron: \(model.rawValue), tau_mem: 9 ms, \(Self.readout)}\n").readout.tauMem == 0.009)
    }
    #expect(try run("network: {tau_mem: 9 ms}\n").readout.tauSyn == 0.005)
    let own = "{reduce: mean, from_step: 9, tau_mem: 3 ms, tau_syn: 4 ms, scaled_input: true, bias: true}"
    #expect(
      try run("network: {tau_mem: 7 ms, readout: \(own)}\n").readout
        == ReadoutSpecification(
          reduce: .mean, fromStep: 9, tauMem: 0.003, tauSyn: 0.004, scaledInput: true, bias: true))
  }

  @Test func initializers() throws {
    func drawn(_ text: String) throws -> Initialization { try run("network: {init: \(text)}\n").initialization }
    let normal = WeightInitializer(kind: .normal, gain: 1)
    let uniform = WeightInitializer(kind: .uniform, gain: 2)
    #expect(try drawn("{}") == .normal(gain: 1))
    #expect(
      try drawn("{kind: uniform, gain: 2}") == .drawn(input: uniform, recurrent: uniform, readout: uniform))
    #expect(
      try drawn("{recurrent: {kind: uniform, gain: 2}}")
        == .drawn(input: normal, recurrent: uniform, readout: normal))
    #expect(
      try drawn("{input: {kind: orthogonal}, readout: {kind: fluctuation_driven, gain: 0.5}}")
        == .drawn(
          input: WeightInitializer(kind: .orthogonal, gain: 1), recurrent: normal,
          readout: WeightInitializer(kind: .fluctuationDriven, gain: 0.5)))
    // One identity for one thing.
    let all = "{kind: uniform, gain: 2}"
    #expect(
      try run("network: {init: \(all)}\n").numericText
        == run("network: {init: {input: \(all), recurrent: \(all), readout: \(all)}}\n").numericText)
  }

  @Test func trainingKeys() throws {
    let training = try run(
      "training: {label_smoothing: 0.1, clip_norm: 1.5, regularizer: {mean_spikes: 1e-3,"
        + " lower: {bound: 1 Hz, strength: 2}, upper: {bound: 20Hz, strength: 3}}}\n"
    ).training
    #expect(training.labelSmoothing == 0.1 && training.clipNorm == 1.5 && training.regularizer.meanSpikes == 1e-3)
    #expect(training.regularizer.lower == .init(bound: 1, strength: 2))
    #expect(training.regularizer.upper == .init(bound: 20, strength: 3))
    let usual = try run("training: {clip_norm: none, regularizer: {lower: none}}\n").training
    #expect(usual.clipNorm == nil && usual.regularizer.isNone)
  }

  // MARK: Sweeps and overrides

  @Test func sweptModels() throws {
    let text = "network: {tau_mem: 7 ms, adapt_a: 0.3, reset: zero, readout: {tau_syn: none}}\n"
    let models = "sweep: {grid: {network.neuron: [lif, alif, se_adlif]}}\n"
    // What the file has for another model than a swept one is ignored.
    let runs = try load(minimal + text + models).runs
    #expect(runs.map { $0.hidden[0].neuron.model } == [.lif, .alif, .seAdlif])
    #expect(runs.map { $0.hidden[0].neuron["adapt_a"]?.fixedValue } == [nil, nil, 0.3])
    #expect(runs.map { $0.hidden[0].neuron.reset } == [.zero, .subtract, .zero])
    #expect(try load(minimal + text, ["network.neuron=alif"]).runs[0].hidden[0].neuron.reset == .subtract)
    // What is swept must have an effect.
    #expect(
      errors(
        minimal + "network: {readout: {tau_syn: none}}\n"
          + "sweep: {grid: {network.neuron: [lif, adlif], network.adapt_a: [0.5, 1]}}\n")
        == [
          "4:64: network.adapt_a: lif does not have it; \(haves("adapt_a"))",
          "4:69: network.adapt_a: lif does not have it; \(haves("adapt_a"))",
        ])
    #expect(
      errors(minimal, ["network.tau_adapt.trained=true"])
        == ["1:27: network.tau_adapt: lif does not have it; \(haves("tau_adapt"))"])
  }

  @Test func sweptParameters() throws {
    let readout = "network: {tau_mem: 7 ms, readout: {tau_mem: 10 ms}}\n"
    let whole = try load(
      minimal + readout + "sweep: {grid: {network.tau_mem: [10 ms, {trained: true, init: {uniform: [5ms, 0.01 s]}}]}}\n"
    )
    #expect(
      whole.points.map { $0.swept[0].value } == ["10 ms", "{init: {uniform: [5 ms, 10 ms]}, trained: true}"])
    #expect(whole.runs.map { $0.hidden[0].neuron["tau_mem"]?.isTrained } == [false, true])
    // The same value in another order.
    #expect(
      errors(
        minimal + readout
          + "sweep: {grid: {network.tau_mem: [{init: 5 ms, trained: true}, {trained: true, init: 0.005 s}]}}\n"
      ).count == 1)
    // A part of it: the file's value becomes its init.
    for overrides in [["network.tau_mem.trained=true"], ["network.tau_mem.trained=true", "network.tau_mem.via=log"]] {
      #expect(
        try layer(readout, overrides).neuron["tau_mem"]
          == ParameterSpecification(.value(0.007), isTrained: true, isPerUnit: false, representation: .log))
    }
    let parts = try load(
      minimal + readout
        + "sweep: {grid: {network.tau_mem.trained: [false, true], network.tau_mem.per: [unit, layer]}}\n")
    #expect(parts.runs.map { $0.hidden[0].neuron["tau_mem"]?.isTrained } == [false, false, true, true])
    #expect(parts.runs.map { $0.hidden[0].neuron["tau_mem"]?.isPerUnit } == [true, false, true, false])
    #expect(parts.runs.allSatisfy { $0.hidden[0].neuron["tau_mem"]?.initial == .value(0.007) })
    // Without effect, since every layer has its own.
    #expect(
      errors(
        minimal + "network: {hidden: [{tau_mem: 5 ms}]}\n",
        ["network.tau_mem.trained=true", "network.readout.tau_mem=5ms"]
      )
      .map { String($0.drop { $0 != "n" }) } == ["network.tau_mem has no effect: every layer sets its own tau_mem"])
  }

  // MARK: Texts

  @Test func numericTexts() throws {
    func text(_ network: String) throws -> [String] {
      try run("network: {\(network)}\n").numericText.split(separator: "\n").map(String.init)
    }
    let plain = ["data.source: synthetic", "network.hidden: 1 layers"]
    #expect(try text("neuron: lif, threshold: 1, reset: zero, bias: false, surrogate: {scale: 100}") == plain)
    #expect(
      try text("neuron: alif, tau_mem: 20 ms, readout: {tau_mem: 10 ms, tau_syn: 5 ms}")
        == plain + ["network.hidden[0].neuron: alif"])
    #expect(
      try text("neuron: alif, \(Self.readout)")
        == plain + ["network.hidden[0].neuron: alif", "network.readout.tau_syn: none"])
    #expect(
      try text("neuron: alif, tau_mem: 20 ms, \(Self.readout)") == plain + [
        "network.hidden[0].neuron: alif", "network.readout.tau_mem: 20 ms", "network.readout.tau_syn: none",
      ])
    let parameter =
      "network.hidden[0].tau_syn: {init: {uniform: [5 ms, 20 ms]}, bounds: [5 ms, 20 ms], trained: true, per: unit,"
      + " via: interpolation}"
    for order in [
      "init: {uniform: [5 ms, 20 ms]}, bounds: [5 ms, 20 ms], trained: true",
      "per: unit, trained: true, bounds: [0.005 s, 20ms], init: {uniform: [5000 us, 0.02 s]}, via: interpolation",
    ] {
      #expect(try text("tau_syn: {\(order)}, readout: {tau_syn: 5 ms}") == plain + [parameter])
    }
    #expect(
      try text("surrogate: {kind: triangle}, tau_syn: none, readout: {tau_syn: 5 ms}")
        == plain + ["network.hidden[0].tau_syn: none", "network.hidden[0].surrogate.kind: triangle"])
  }
}

/// The models that have a parameter, as messages name them: "ef_adlif and se_adlif do".
private func haves(_ parameter: String) -> String {
  let models = NeuronModel.allCases.filter { $0.description.parameters.contains { $0.name == parameter } }
  let names = models.map(\.rawValue)
  return names.count == 1
    ? names[0] + " does" : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1] + " do"
}

/// The same keys: what is rejected, and how.
@Suite struct NeuronKeyErrorTests {
  private static let cases: [(text: String, expected: [String])] = [
    // Options that a model does not have.
    (
      "network: {adapt_a: 0.5}", ["3:11: network.adapt_a: lif does not have it; \(haves("adapt_a"))"]
    ),
    (
      "network: {hidden: [{units: 3, adapt_a: 0.5}, 4]}",
      ["3:31: network.hidden[0].adapt_a: lif does not have it; \(haves("adapt_a"))"]
    ),
    (
      "network: {hidden: [{neuron: alif}, 4], adapt_scale: 3}",
      ["3:40: network.adapt_scale: lif and alif do not have it; \(haves("adapt_scale"))"]
    ),
    (
      "network: {neuron: alif, reset: zero, tau_syn: 5 ms, readout: {tau_syn: none}}",
      [
        "3:25: network.reset: alif cannot do zero; alif does subtract",
        "3:38: network.tau_syn: alif does not have it; \(haves("tau_syn"))",
      ]
    ),
    (
      "network: {hidden: [{neuron: se_adlif, reset: subtract, scaled_input: true}]}",
      [
        "3:39: network.hidden[0].reset: se_adlif cannot do subtract; se_adlif does zero",
        "3:56: network.hidden[0].scaled_input: se_adlif does not have it; lif does | se_adlif always scales the input by"
          + " one minus the decay of the membrane",
      ]
    ),
    (
      "network: {neuron: alif, scaled_input: true, readout: {tau_syn: none}}",
      [
        "3:25: network.scaled_input: alif does not have it; lif does | alif always scales the input by one minus the"
          + " decay of the membrane"
      ]
    ),
    (
      "network: {reset: none, reset_gradient: attached}",
      ["3:24: network.reset_gradient: attached has no effect, since no layer resets its membranes"]
    ),
    (
      "network: {hidden: [{reset: none, reset_gradient: attached}]}",
      ["3:34: network.hidden[0].reset_gradient needs reset: zero or subtract"]
    ),
    (
      "network: {surrogate: {kind: straight_through, scale: 3}}",
      ["3:47: network.surrogate.scale needs a kind other than straight_through"]
    ),
    // An unknown model says nothing about the other keys.
    (
      "network: {neuron: lfi, adapt_a: 0.5, hidden: [{adapt_b: 3}]}",
      [
        "3:19: network.neuron: lfi is not one of the choices | did you mean lif? choices: "
          + NeuronModel.allCases.map(\.rawValue).joined(separator: ", ")
      ]
    ),
    // Values.
    (
      "network: {tau_mem: none, dropout: 1, threshold: 0}",
      [
        "3:20: network.tau_mem: none is not a time | a number with a unit, such as 10 ms; units: s, ms, us",
        "3:35: network.dropout: 1 is out of range: at least 0 and below 1",
        "3:49: network.threshold: 0 is out of range: finite and above 0",
      ]
    ),
    // Mappings.
    (
      "network: {tau_syn: {init: {uniform: [20 ms, 5 ms]}, bounds: [30 ms, 10 ms], trined: true}, readout: {tau_syn: none}}",
      [
        "3:38: network.tau_syn.init: 20 ms is not below 5 ms", "3:62: network.tau_syn.bounds: 30 ms is not below 10 ms",
        "3:77: unknown key network.tau_syn.trined | did you mean trained?",
      ]
    ),
    (
      "network: {tau_syn: {init: {uniform: [5 ms, 20 ms]}, bounds: [10 ms, 30 ms]}, readout: {tau_syn: none}}",
      ["3:27: network.tau_syn.init: 5 ms is outside the bounds, 10 ms to 30 ms"]
    ),
    (
      "network: {tau_syn: {init: {normal: [40 ms, 5 ms]}, bounds: [10 ms, 30 ms]}, readout: {tau_syn: none}}",
      ["3:27: network.tau_syn.init: 40 ms is outside the bounds, 10 ms to 30 ms"]
    ),
    (
      "network: {tau_syn: {bounds: [10 ms, 30 ms], trained: true}, readout: {tau_syn: none}}",
      ["3:20: network.tau_syn: the default of tau_syn, 5 ms, is outside the bounds, 10 ms to 30 ms | give init"]
    ),
    (
      "network: {hidden: [{neuron: adlif, adapt_a: {bounds: [1, 2]}}]}",
      ["3:45: network.hidden[0].adapt_a: the default of adapt_a, 0.5, is outside the bounds, 1 to 2 | give init"]
    ),
    (
      "network: {tau_syn: {trained: true, via: interpolation}, readout: {tau_syn: none}}",
      [
        "3:41: network.tau_syn.via: interpolation needs bounds | such as bounds: [5 ms, 100 ms]; without bounds: log or"
          + " decay"
      ]
    ),
    (
      "network: {hidden: [{neuron: se_adlif, adapt_a: {via: log}, adapt_scale: {init: 1}}]}",
      [
        "3:49: network.hidden[0].adapt_a.via needs a time constant; adapt_a is trained as it is",
        "3:73: network.hidden[0].adapt_scale: a mapping is not a number | adapt_scale is one value for the layer, neither"
          + " drawn nor trained",
      ]
    ),
    (
      "network: {hidden: [{neuron: adlif, adapt_a: {init: {gama: [1, 2]}}, adapt_b: {init: {normal: [1, 0]}}}]}",
      [
        "3:53: network.hidden[0].adapt_a.init: gama is not a distribution | did you mean gamma? distributions: uniform,"
          + " normal, gamma",
        "3:98: network.hidden[0].adapt_b.init: the standard deviation 0 must be above 0",
      ]
    ),
    (
      "network: {hidden: [{neuron: adlif, adapt_a: {init: {gamma: [0.01, 2]}}, tau_adapt: {init: {uniform: [1 ms]}}}]}",
      [
        "3:101: network.hidden[0].tau_adapt.init: uniform takes [lower, upper]",
        "3:61: network.hidden[0].adapt_a.init: 0.01 is out of range: finite and at least 0.1",
      ]
    ),
    (
      "network: {tau_syn: {init: 5 ms, bounds: [1 ms, 40000 s], trained: true}, readout: {tau_syn: none}}",
      [
        "3:20: network.tau_syn: 40000 s with a time step of 1 ms never leaks: exp(-time_step / tau_syn) is 1 in single"
          + " precision | at most 33500 s"
      ]
    ),
    // The readout.
    (
      "network: {neuron: alif}",
      [
        "3:1: network.readout.tau_syn is missing | alif has no tau_syn that the readout could take: give tau_syn: none,"
          + " or tau_syn: 5 ms"
      ]
    ),
    (
      "network: {tau_mem: {trained: true}, readout: {reduce: last, from_step: 3}}",
      [
        "3:37: network.readout.tau_mem is missing | network.tau_mem is not one fixed value that the readout could take:"
          + " give tau_mem: 20 ms",
        "3:61: network.readout.from_step: 3 has no effect with reduce: last, which takes the last step only",
      ]
    ),
    (
      "network: {readout: {from_step: 100}}",
      ["3:32: network.readout.from_step: 100 leaves no step: data.time_bins is 100 | 0 to 99"]
    ),
    // Initial weights.
    (
      "network: {init: {kind: normal, input: {kind: uniform}}}", ["3:18: network.init: give input or kind, not both"]
    ),
    (
      "network: {init: {file: a.h5, readout: {gain: 1}}}", ["3:30: network.init: give file or readout, not both"]
    ),
    (
      "network: {hidden: 2, init: {readout: {gain: 1e38}}}",
      [
        "3:45: network.init.readout.gain: 1e+38: with 2 inputs per unit, initial weights would be too large for single"
          + " precision and become infinite | a gain of at most 7.76e+37"
      ]
    ),
    // Training.
    (
      "training: {label_smoothing: 1, clip_norm: 0, regularizer: {lower: {bound: 3, strength: 1}, upper: {bound: 5 kHz}}}",
      [
        "3:29: training.label_smoothing: 1 is out of range: at least 0 and below 1",
        "3:43: training.clip_norm: 0 is out of range: finite and above 0",
        "3:75: training.regularizer.lower.bound: the rate 3 has no unit | write 3 Hz",
        "3:92: training.regularizer.upper.strength is missing | as in {bound: 10 Hz, strength: 1e-3}",
        "3:107: training.regularizer.upper.bound: 5 kHz is not a rate | a number with the unit Hz, such as 10 Hz",
      ]
    ),
    (
      "training: {regularizer: {lower: {bound: 10 Hz, strength: 1}, upper: {bound: 5 Hz, strength: 1}}}",
      ["3:69: training.regularizer.upper: the bound 5 Hz is below the lower one, 10 Hz"]
    ),
  ]

  @Test(arguments: cases.indices) func errorsStandAtTheirPlace(index: Int) {
    let (text, expected) = Self.cases[index]
    #expect(Set(errors(minimal + text + "\n")) == Set(expected), "\(text)")
  }
}
