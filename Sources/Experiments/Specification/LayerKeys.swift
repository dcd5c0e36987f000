import KernelTable
import Networks

/// The keys found both in `network`, for all layers, and in a layer, which inherits them from there.
///
/// What a neuron model has, and its defaults, come from its description: a new model needs no change here.
struct LayerKeys {
  /// With every default. In `network`: the layer that the file does not describe further.
  var layer: HiddenLayerSpecification
  /// Keys that the file gives in `network` and whose default depends on other keys; those of `surrogate` by their names
  /// there.
  private(set) var given: Set<String> = []
  /// The given neuron parameters, also those that the network's own model lacks but a layer's may have.
  private(set) var parameters: [String: ParameterKeys] = [:]
  private var reset = NeuronReset.zero
  private var resetGradient = ResetGradient.detached
  private var scaledInput = false

  init(_ layer: HiddenLayerSpecification) { self.layer = layer }

  /// - Parameter network: what a layer inherits; nil if these are the keys of `network` itself.
  mutating func visit<V: KeyVisitor>(_ v: inout V, from network: LayerKeys?) {
    v.value(
      "recurrent", &layer.recurrent, .boolean, default: Self.plain(network, "recurrent", \.recurrent, true),
      "Recurrent connections within the layer.")
    v.value(
      "bias", &layer.bias, .boolean, default: Self.plain(network, "bias", \.bias, false),
      "A trained constant current for each unit.")
    v.value(
      "dropout", &layer.dropout, .share, default: Self.plain(network, "dropout", \.dropout, 0),
      "Probability with which a spike does not reach the layer above, while training; recurrent spikes always arrive.")
    visitNeuron(&v, from: network)
    v.section("surrogate", "Surrogate derivative of the spike threshold.") { visitSurrogate(&$0, from: network) }
  }

  private static func plain<Value>(
    _ network: LayerKeys?, _ key: String, _ path: KeyPath<HiddenLayerSpecification, Value>, _ value: Value
  ) -> KeyDefault<Value> {
    network.map { .inherited($0.layer[keyPath: path], from: "network." + key) } ?? .value(value)
  }

  /// The default of a key that the network may give, and that otherwise depends on the key `selector`.
  private static func fallback<Value>(
    _ network: LayerKeys?, _ key: String, _ inherited: Value?, otherwise own: Value, on selector: String,
    _ words: @autoclosure () -> String
  ) -> KeyDefault<Value> {
    guard let network else { return .dependent(own, on: [selector], words()) }
    if network.given.contains(key), let inherited { return .inherited(inherited, from: "network." + key) }
    return .dependent(own, on: [selector], "`network.\(key)`")
  }

  private static let model = "network.neuron"

  private mutating func visitNeuron<V: KeyVisitor>(_ v: inout V, from network: LayerKeys?) {
    let before = layer.neuron
    var model = before.model
    v.value("neuron", &model, .choice, default: Self.plain(network, "neuron", \.neuron.model, .lif), "Neuron model.")
    let description = model.description
    // Without what has no effect, so that equal layers are equal.
    var neuron = NeuronSpecification(model)
    if model == before.model {
      neuron.reset = before.reset
      neuron.resetGradient = before.resetGradient
      neuron.scaledInput = before.scaledInput
    }
    neuron.threshold = before.threshold
    v.value(
      "threshold", &neuron.threshold, .single(.above(0)),
      default: Self.plain(network, "threshold", \.neuron.threshold, 1),
      "Membrane at which a unit spikes; of alif, at rest.")
    visitReset(&v, &neuron, from: network)
    v.variant(
      of: "neuron",
      .models(
        model.rawValue, having: NeuronModel.names { $0.hasScaledInput },
        hint: "\(model.rawValue) always scales its input by one minus the decay of its membrane"),
      isActive: network == nil || description.hasScaledInput
    ) { v in
      v.value(
        "scaled_input", &neuron.scaledInput, .boolean,
        default: Self.fallback(
          network, "scaled_input", network?.scaledInput, otherwise: false, on: Self.model, "`false`"),
        "Whether the membrane takes (1 - decay) times its current; the other models always do.")
    }
    if network == nil {
      scaledInput = neuron.scaledInput
      note("scaled_input", in: v)
    }
    if !description.hasScaledInput { neuron.scaledInput = false }
    for parameter in NeuronParameter.all {
      visit(parameter, &v, &neuron, before: model == before.model ? before : NeuronSpecification(model), from: network)
    }
    layer.neuron = neuron
  }

  /// Remembers that `network` gives the key.
  private mutating func note<V: KeyVisitor>(_ key: String, as name: String? = nil, in v: V) {
    if v.isGiven(key, current: false) { given.insert(name ?? key) }
  }

  private mutating func visitReset<V: KeyVisitor>(
    _ v: inout V, _ neuron: inout NeuronSpecification, from network: LayerKeys?
  ) {
    let (model, description) = (neuron.model, neuron.model.description)
    let inherited = network.flatMap { description.resets.contains($0.reset) ? $0.reset : nil }
    v.value(
      "reset", &neuron.reset, .choice,
      default: Self.fallback(
        network, "reset", inherited, otherwise: description.resets[0], on: Self.model, Self.resets),
      "What a spike does to its unit's membrane: sets it to zero, subtracts the threshold, or nothing.")
    if network == nil {
      reset = neuron.reset
      note("reset", in: v)
    }
    if !description.resets.contains(neuron.reset) {
      if network != nil {
        v.reject(
          option: "reset", of: ["neuron"], Self.problem(of: neuron.reset, [model]), hint: nil)
      }
      neuron.reset = description.resets[0]
    }
    v.variant(of: "reset", .with("reset: zero or subtract"), isActive: network == nil || neuron.reset != .none) { v in
      v.value(
        "reset_gradient", &neuron.resetGradient, .choice,
        default: Self.fallback(
          network, "reset_gradient", network?.resetGradient, otherwise: description.resetGradient, on: Self.model,
          Self.byModel { $0.resetGradient.rawValue }),
        "Whether gradients flow through the spike in the reset.")
    }
    if network == nil {
      resetGradient = neuron.resetGradient
      note("reset_gradient", in: v)
    }
    if neuron.reset == .none { neuron.resetGradient = description.resetGradient }
  }

  private static func problem(of reset: NeuronReset, _ models: [NeuronModel]) -> String {
    let does = models.map { model in
      "\(model.rawValue) does \(KeyCondition.list(model.description.resets.map(\.rawValue), last: "or"))"
    }
    return "\(KeyCondition.list(models.map(\.rawValue), last: "or")) cannot do \(reset.rawValue); "
      + does.joined(separator: ", ")
  }

  /// A default by model, as Markdown: "`zero` (lif, ef_adlif, se_adlif), `subtract` (alif, adlif)".
  private static func byModel(_ value: (NeuronDescription) -> String) -> String {
    var groups: [(value: String, models: [String])] = []
    for model in NeuronModel.allCases {
      let text = value(model.description)
      if let index = groups.firstIndex(where: { $0.value == text }) {
        groups[index].models.append(model.rawValue)
      } else {
        groups.append((text, [model.rawValue]))
      }
    }
    return groups.map { "`\($0.value)` (\($0.models.joined(separator: ", ")))" }.joined(separator: ", ")
  }

  private static var resets: String { byModel { $0.resets[0].rawValue } }

  private mutating func visit<V: KeyVisitor>(
    _ parameter: NeuronParameter, _ v: inout V, _ neuron: inout NeuronSpecification, before: NeuronSpecification,
    from network: LayerKeys?
  ) {
    let (model, name) = (neuron.model, parameter.name)
    let own = model.description.parameters.first { $0.name == name }
    let used = own ?? parameter
    let hasNone =
      name == "tau_syn"
      && (network == nil ? NeuronModel.allCases : [model]).contains { $0.description.hasOptionalSynapse }
    var keys = before[name].map { ParameterKeys($0) } ?? ParameterKeys(used.standard)
    if hasNone, !before.hasSynapse { keys = .none }
    var inherited = network?.parameters[name]
    if inherited?.isNone == true, !hasNone { inherited = nil }
    let fallback = Self.fallback(
      network, name, inherited, otherwise: ParameterKeys(used.standard), on: Self.model,
      NeuronParameter.defaults(of: name))
    let having = NeuronModel.names { $0.parameters.contains { $0.name == name } }
    v.variant(
      of: "neuron", .models(model.rawValue, having: having), isActive: network == nil || own != nil
    ) { v in
      if parameter.isFixed {
        var value = keys.fixedValue(of: used) ?? used.standard
        v.value(
          name, &value, .fixed(used), default: fallback.map { $0.fixedValue(of: used) ?? used.standard }, used.about)
        keys = ParameterKeys(value)
      } else {
        v.parameter(name, &keys, of: used, hasNone: hasNone, default: fallback, used.about)
      }
    }
    if network == nil {
      note(name, in: v)
      if given.contains(name) { parameters[name] = keys }
    } else if own != nil, v.isGiven(name, current: false), let problem = Self.outside(keys, used) {
      v.reject(at: name, problem, hint: "give init")
    }
    guard own != nil else { return }
    if keys.isNone {
      neuron.hasSynapse = false
    } else {
      neuron[name] = keys.specification(of: used)
    }
  }

  /// A default that is outside the bounds of a mapping without `init`.
  private static func outside(_ keys: ParameterKeys, _ parameter: NeuronParameter) -> String? {
    guard keys.initial == nil, let bounds = keys.bounds, !bounds.contains(parameter.standard) else { return nil }
    let type = ValueType<Double>.scalar(of: parameter)
    return "the default of \(parameter.name), \(type.text(parameter.standard)), is outside the bounds,"
      + " \(type.text(bounds.lowerBound)) to \(type.text(bounds.upperBound))"
  }

  private mutating func visitSurrogate<V: KeyVisitor>(_ v: inout V, from network: LayerKeys?) {
    v.value(
      "kind", &layer.surrogate.kind, .choice,
      default: Self.plain(network, "surrogate.kind", \.surrogate.kind, .fastSigmoid),
      "Shape of the surrogate derivative.")
    let (kind, standard) = (layer.surrogate.kind, layer.surrogate.kind.standard)
    // A layer of another kind than the network's takes that kind's defaults.
    let inherits = network?.layer.surrogate.kind == kind
    func fallback(_ key: String, _ path: KeyPath<Surrogate, Double>, _ own: Double) -> KeyDefault<Double> {
      let (selector, name) = ("network.surrogate.kind", "network.surrogate." + key)
      guard let network else { return .dependent(own, on: [selector], "by kind") }
      let isGiven = inherits && network.given.contains("surrogate." + key)
      return .dependent(
        isGiven ? network.layer.surrogate[keyPath: path] : own, on: [selector, name], "`\(name)`")
    }
    v.variant(of: "kind", .with("a kind other than straight_through"), isActive: kind != .straightThrough) { v in
      v.value(
        "scale", &layer.surrogate.scale, .single(.above(0)),
        default: fallback("scale", \.scale, standard.scale),
        "Steepness of the surrogate derivative.")
    }
    if kind == .straightThrough { layer.surrogate.scale = standard.scale }
    v.value(
      "amplitude", &layer.surrogate.amplitude, .single(.above(0)),
      default: fallback("amplitude", \.amplitude, standard.amplitude),
      "Factor of the surrogate derivative.")
    if network == nil {
      note("scale", as: "surrogate.scale", in: v)
      note("amplitude", as: "surrogate.amplitude", in: v)
    }
  }

  /// Rejects keys of `network` that no layer's model has: they would be ignored.
  func checkUse<V: KeyVisitor>(_ v: inout V, by hidden: [HiddenLayerSpecification]) {
    let models = NeuronModel.allCases.filter { model in hidden.contains { $0.neuron.model == model } }
    guard !models.isEmpty else { return }
    let names = models.map(\.rawValue)
    for parameter in NeuronParameter.all where given.contains(parameter.name) {
      let having = NeuronModel.names { $0.parameters.contains { $0.name == parameter.name } }
      if !having.contains(where: names.contains) {
        v.reject(
          option: parameter.name, of: ["neuron", "hidden"], KeyCondition.problem(of: names, having: having), hint: nil)
      }
      guard let keys = parameters[parameter.name] else { continue }
      // Layers with a mapping of their own have been checked.
      for model in models {
        guard let own = model.description.parameters.first(where: { $0.name == parameter.name }),
          let problem = Self.outside(keys, own),
          hidden.contains(where: {
            $0.neuron.model == model && $0.neuron[parameter.name] == keys.specification(of: own)
          })
        else { continue }
        v.reject(at: parameter.name, problem, hint: "give init")
      }
    }
    if given.contains("scaled_input"), !models.contains(where: { $0.description.hasScaledInput }) {
      v.reject(
        option: "scaled_input", of: ["neuron", "hidden"],
        KeyCondition.problem(of: names, having: NeuronModel.names { $0.hasScaledInput }),
        hint: "\(KeyCondition.list(names)) always scale\(names.count == 1 ? "s" : "") the input by one minus the decay"
          + " of the membrane")
    }
    if given.contains("reset"), !models.contains(where: { $0.description.resets.contains(reset) }) {
      v.reject(option: "reset", of: ["neuron", "hidden"], Self.problem(of: reset, models), hint: nil)
    }
    if given.contains("reset_gradient"), !hidden.contains(where: { $0.neuron.reset != .none }) {
      v.reject(
        option: "reset_gradient", of: ["reset", "hidden"],
        "\(resetGradient.rawValue) has no effect, since no layer resets its membranes", hint: nil)
    }
  }

  /// The default of the readout's time constant: the network's, if that is one fixed value; else nil.
  func readoutDefault(_ name: String) -> (value: Double, isNone: Bool)? {
    let own = layer.neuron.model.description.parameters.first { $0.name == name }
    guard let parameter = own ?? NeuronParameter.all.first(where: { $0.name == name }) else { return nil }
    if let keys = parameters[name] {
      if keys.isNone { return (0, true) }
      return keys.fixedValue(of: parameter).map { ($0, false) }
    }
    return own == nil ? nil : (parameter.standard, false)
  }
}

extension KeyDefault {
  fileprivate func map<Other>(_ change: (Value) -> Other) -> KeyDefault<Other> {
    switch self {
    case .value(let value): .value(change(value))
    case .inherited(let value, let from): .inherited(change(value), from: from)
    case .dependent(let value, let keys, let words): .dependent(change(value), on: keys, words)
    case .required(let hint): .required(hint)
    }
  }
}

extension NeuronModel {
  /// Names of the models that have something.
  static func names(_ condition: (NeuronDescription) -> Bool) -> [String] {
    allCases.filter { condition($0.description) }.map(\.rawValue)
  }
}

extension HiddenLayerSpecification {
  /// A layer that the file does not describe.
  static let standard: HiddenLayerSpecification = {
    var layer = HiddenLayerSpecification(
      units: 1, recurrent: false, neuron: NeuronSpecification(.lif),
      surrogate: Surrogate(kind: .fastSigmoid, scale: 0))
    var defaults = DefaultValues()
    layer.visitUnits(&defaults)
    var keys = LayerKeys(layer)
    keys.visit(&defaults, from: nil)
    return keys.layer
  }()

  mutating func visitUnits<V: KeyVisitor>(_ v: inout V) {
    v.value("units", &units, .units, default: 128, "Number of units.")
  }

  mutating func visit<V: KeyVisitor>(_ v: inout V, from network: LayerKeys) {
    visitUnits(&v)
    var keys = LayerKeys(self)
    keys.visit(&v, from: network)
    self = keys.layer
  }
}
