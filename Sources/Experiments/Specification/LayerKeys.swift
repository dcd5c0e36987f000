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
    // Only files say it that way: it is written as amplitude 0.
    var isTrue: Bool? = false
    v.section(
      "surrogate", none: &isTrue, unlessGiven: network?.layer.surrogate.amplitude == 0,
      "Surrogate derivative of the spike threshold; none: the true derivative, 0, which is amplitude 0."
    ) { visitSurrogate(&$0, from: network) }
    if isTrue == true { layer.surrogate = Self.noSurrogate }
    layer.visitDelays(&v, from: network?.layer)
    if network == nil { note("delays", in: v) }
  }

  private static func plain<Value>(
    _ network: LayerKeys?, _ key: String, _ path: KeyPath<HiddenLayerSpecification, Value>, _ value: Value
  ) -> KeyDefault<Value> {
    network.map { .inherited($0.layer[keyPath: path], from: "network." + key) } ?? .value(value)
  }

  /// The default of a key that the network may give, and that otherwise depends on the model.
  private static func fallback<Value>(
    _ network: LayerKeys?, _ key: String, _ inherited: Value?, otherwise own: Value, _ words: DefaultWords
  ) -> KeyDefault<Value> {
    guard let network else { return .dependent(own, on: model, words) }
    if network.given.contains(key), let inherited { return .inherited(inherited, from: "network." + key) }
    return .dependent(own, on: model, .network(key))
  }

  static let model = ["network.neuron"]

  private mutating func visitNeuron<V: KeyVisitor>(_ v: inout V, from network: LayerKeys?) {
    let before = layer.neuron
    var model = before.model
    v.value("neuron", &model, .choice, default: Self.plain(network, "neuron", \.neuron.model, .lif), "Neuron model.")
    let table = ModelTable.of(model)
    // Without what has no effect, so that equal layers are equal.
    var neuron = table.standard
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
      of: "neuron", .models(model, .scaledInput), isActive: network == nil || table.description.hasScaledInput
    ) { v in
      v.value(
        "scaled_input", &neuron.scaledInput, .boolean,
        default: Self.fallback(
          network, "scaled_input", network?.scaledInput, otherwise: false, .text("`false`")),
        "Whether the membrane takes (1 - decay) times its current; the other models always do.")
    }
    if network == nil {
      scaledInput = neuron.scaledInput
      note("scaled_input", in: v)
    }
    if !table.description.hasScaledInput { neuron.scaledInput = false }
    let values = model == before.model ? before : table.standard
    for (parameter, place) in zip(NeuronParameter.all, table.places) {
      visit(parameter, at: place, of: table, &v, &neuron, before: values, from: network)
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
    let (model, description) = (neuron.model, ModelTable.of(neuron.model).description)
    let inherited = network.flatMap { description.resets.contains($0.reset) ? $0.reset : nil }
    v.value(
      "reset", &neuron.reset, .choice,
      default: Self.fallback(
        network, "reset", inherited, otherwise: description.resets[0],
        .byModel { $0.resets[0].rawValue }),
      "What a spike does to its unit's membrane: zero sets it to zero; subtract subtracts the threshold of the step (lif,"
        + " alif) or 1 (adlif, whatever its threshold); none leaves it.")
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
          network, "reset_gradient", network?.resetGradient, otherwise: description.resetGradient,
          .byModel { $0.resetGradient.rawValue }),
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

  /// - Parameter place: among the model's parameters; nil if it lacks it.
  private mutating func visit<V: KeyVisitor>(
    _ parameter: NeuronParameter, at place: Int?, of table: ModelTable, _ v: inout V,
    _ neuron: inout NeuronSpecification, before: NeuronSpecification, from network: LayerKeys?
  ) {
    let (model, name) = (neuron.model, parameter.name)
    let used = place.map { table.description.parameters[$0] } ?? parameter
    let hasNone =
      name == "tau_syn" && (network == nil ? ModelTable.hasOptionalSynapse : table.description.hasOptionalSynapse)
    var keys = place.map { ParameterKeys(before.parameters[$0]) } ?? ParameterKeys(used.standard)
    if hasNone, !before.hasSynapse { keys = .none }
    var inherited = network?.parameters[name]
    if inherited?.isNone == true, !hasNone { inherited = nil }
    let fallback = Self.fallback(
      network, name, inherited, otherwise: ParameterKeys(used.standard), .parameter(name))
    v.variant(of: "neuron", .models(model, .parameter(name)), isActive: network == nil || place != nil) { v in
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
    } else if place != nil, v.isGiven(name, current: false), let problem = Self.outside(keys, used) {
      v.reject(at: name, problem, hint: "give init")
    }
    guard let place else { return }
    if keys.isNone {
      neuron.hasSynapse = false
    } else {
      neuron.parameters[place] = keys.specification(of: used)
    }
  }

  /// A default that is outside the bounds of a mapping without `init`.
  private static func outside(_ keys: ParameterKeys, _ parameter: NeuronParameter) -> String? {
    guard keys.initial == nil, let bounds = keys.bounds, !bounds.contains(parameter.standard) else { return nil }
    let type = ValueType<Double>.scalar(of: parameter)
    return "the default of \(parameter.name), \(type.text(parameter.standard)), is outside the bounds,"
      + " \(type.text(bounds.lowerBound)) to \(type.text(bounds.upperBound))"
  }

  private static let noSurrogate = Surrogate(
    kind: .fastSigmoid, scale: SurrogateKind.fastSigmoid.standard.scale, amplitude: 0)

  private static let kind = ["network.surrogate.kind"]
  private static let scale = ["network.surrogate.kind", "network.surrogate.scale"]
  private static let amplitude = ["network.surrogate.kind", "network.surrogate.amplitude"]

  private mutating func visitSurrogate<V: KeyVisitor>(_ v: inout V, from network: LayerKeys?) {
    v.value(
      "kind", &layer.surrogate.kind, .choice,
      default: Self.plain(network, "surrogate.kind", \.surrogate.kind, .fastSigmoid),
      "Shape of the surrogate derivative.")
    let (kind, standard) = (layer.surrogate.kind, layer.surrogate.kind.standard)
    // A layer of another kind than the network's takes that kind's defaults.
    let inherits = network?.layer.surrogate.kind == kind
    func fallback(
      _ key: String, _ path: KeyPath<Surrogate, Double>, _ own: Double, on keys: [String]
    ) -> KeyDefault<Double> {
      guard let network else { return .dependent(own, on: Self.kind, .text("by kind")) }
      let isGiven = inherits && network.given.contains("surrogate." + key)
      return .dependent(
        isGiven ? network.layer.surrogate[keyPath: path] : own, on: keys,
        .network("surrogate." + key))
    }
    v.variant(of: "kind", .with("a kind other than straight_through"), isActive: kind != .straightThrough) { v in
      v.value(
        "scale", &layer.surrogate.scale, .single(.above(0)),
        default: fallback("scale", \.scale, standard.scale, on: Self.scale),
        "Steepness of the surrogate derivative.")
    }
    if kind == .straightThrough { layer.surrogate.scale = standard.scale }
    v.value(
      "amplitude", &layer.surrogate.amplitude, .single(.atLeast(0)),
      default: fallback("amplitude", \.amplitude, standard.amplitude, on: Self.amplitude),
      "Factor of the surrogate derivative; 0: the true derivative, which no error passes, so that only the readout learns."
    )
    if network == nil {
      note("scale", as: "surrogate.scale", in: v)
      note("amplitude", as: "surrogate.amplitude", in: v)
    }
  }

  /// The layer that the file does not describe further.
  var template: HiddenLayerSpecification {
    var template = layer
    if !template.recurrent { template.recurrentDelays = nil }
    if template.inputDelays == nil, template.recurrentDelays == nil { template.roundsDelays = false }
    return template
  }

  /// Rejects keys of `network` that no layer's model has: they would be ignored.
  func checkUse<V: KeyVisitor>(_ v: inout V, by hidden: [HiddenLayerSpecification]) {
    checkSurrogate(&v, of: hidden)
    guard !given.isEmpty else { return }
    let models = NeuronModel.allCases.filter { model in hidden.contains { $0.neuron.model == model } }
    guard !models.isEmpty else { return }
    func check(_ key: String, _ option: ModelOption) {
      guard given.contains(key), !models.contains(where: option.isOption) else { return }
      let problem = option.problem(of: models)
      v.reject(option: key, of: ["neuron", "hidden"], problem.message, hint: problem.hint)
    }
    if given.contains("delays"), layer.recurrentDelays != nil, !hidden.contains(where: \.recurrent) {
      v.reject(
        option: "delays", of: ["recurrent", "hidden"],
        "delays of recurrent spikes have no effect: no layer is recurrent",
        hint: nil)
    }
    check("scaled_input", .scaledInput)
    for parameter in NeuronParameter.all where given.contains(parameter.name) {
      check(parameter.name, .parameter(parameter.name))
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
    if given.contains("reset"), !models.contains(where: { $0.description.resets.contains(reset) }) {
      v.reject(option: "reset", of: ["neuron", "hidden"], Self.problem(of: reset, models), hint: nil)
    }
    if given.contains("reset_gradient"), !hidden.contains(where: { $0.neuron.reset != .none }) {
      v.reject(
        option: "reset_gradient", of: ["reset", "hidden"],
        "\(resetGradient.rawValue) has no effect, since no layer resets its membranes", hint: nil)
    }
  }

  /// Rejects overrides and sweeps of the network's surrogate that no layer takes.
  private func checkSurrogate<V: KeyVisitor>(_ v: inout V, of hidden: [HiddenLayerSpecification]) {
    let (own, surrogates) = (layer.surrogate, hidden.map(\.surrogate))
    let alike = surrogates.filter { $0.kind == own.kind }
    guard !surrogates.contains(own) else { return }
    if alike.isEmpty {
      v.reject(unused: ["surrogate", "kind"], "has no effect: every layer sets its own kind")
    }
    for (key, path) in [("scale", \Surrogate.scale), ("amplitude", \.amplitude)]
    where !alike.contains(where: { $0[keyPath: path] == own[keyPath: path] }) {
      let message = alike.isEmpty ? "no layer has the network's kind" : "every layer sets its own \(key)"
      v.reject(unused: ["surrogate", key], "has no effect: \(message)")
    }
  }

  /// The default of the readout's time constant: what `network` gives, if that is one fixed value. Where it gives
  /// nothing and its model has the parameter, that of `lif`, whatever the model; else nil.
  func readoutDefault(_ name: String) -> (value: Double, isNone: Bool)? {
    let own = ModelTable.of(layer.neuron.model).description.parameters.first { $0.name == name }
    guard let parameter = own ?? NeuronParameter.all.first(where: { $0.name == name }) else { return nil }
    if let keys = parameters[name] {
      if keys.isNone { return (0, true) }
      return keys.fixedValue(of: parameter).map { ($0, false) }
    }
    guard own != nil, let value = ModelTable.of(.lif).standard[name]?.fixedValue else { return nil }
    return (value, false)
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
