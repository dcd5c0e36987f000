import Networks

/// The keys of `delays`, in `network` for all layers or in a layer.
extension HiddenLayerSpecification {
  /// - Parameter network: what a layer inherits; nil if these are the keys of `network` itself.
  mutating func visitDelays<V: KeyVisitor>(_ v: inout V, from network: HiddenLayerSpecification?) {
    // A layer without recurrent connections does not inherit their delays.
    let inherited = (input: network?.inputDelays, recurrent: recurrent ? network?.recurrentDelays : nil)
    let isNone = inherited.input == nil && inherited.recurrent == nil
    var none: Bool? = inputDelays == nil && recurrentDelays == nil
    v.section(
      "delays", none: &none, unlessGiven: isNone,
      "Delays of spikes, by sending channel or unit, linear between steps: none, or {input: {max: 300 ms}}."
    ) { v in
      DelaySpecification.visit(
        &v, "input", &inputDelays, from: inherited.input,
        "Delays of what the layer receives: none, or {max: 300 ms, trained: true}.")
      DelaySpecification.visit(
        &v, "recurrent", &recurrentDelays, from: inherited.recurrent,
        "Delays of recurrent spikes, beside the one step that all take: none, or {max: 50 ms, trained: true}.")
      if network != nil, recurrentDelays != nil, !recurrent {
        v.reject(
          option: "recurrent", ofKeys: ["network.recurrent"], "the layer has no recurrent connections", hint: nil)
      }
      var rounding: DelayRounding = roundsDelays ? .evaluation : .none
      let hasDelays = inputDelays != nil || recurrentDelays != nil
      v.value(
        "rounding", &rounding, .choice,
        default: network.map { Self.rounding(hasDelays, from: $0) } ?? .value(.none),
        "evaluation: spikes are late by the nearest whole number of steps when the network is evaluated.")
      roundsDelays = rounding == .evaluation
      if roundsDelays, !hasDelays, !v.hasFailed("input"), !v.hasFailed("recurrent") {
        v.reject(
          option: "rounding", ofKeys: ["network.delays.input", "network.delays.recurrent", "network.recurrent"],
          "there are no delays to round", hint: nil)
      }
    }
    if none == true { (inputDelays, recurrentDelays) = (nil, nil) }
    if network != nil, !recurrent { recurrentDelays = nil }
    if inputDelays == nil, recurrentDelays == nil { roundsDelays = false }
  }

  /// What a layer inherits: nothing if it has no delays to round.
  private static func rounding(
    _ hasDelays: Bool, from network: HiddenLayerSpecification
  ) -> KeyDefault<DelayRounding> {
    let keys = ["network.delays.rounding", "network.delays.input", "network.delays.recurrent"]
    return .dependent(
      hasDelays && network.roundsDelays ? .evaluation : .none,
      on: network.recurrentDelays == nil ? keys : keys + ["network.recurrent"], .network("delays.rounding"))
  }
}

/// `delays.rounding`.
private enum DelayRounding: String, CaseIterable {
  case none, evaluation
}

extension DelaySpecification {
  /// - Parameters:
  ///   - delays: nil for `none`.
  ///   - network: what a layer inherits.
  fileprivate static func visit<V: KeyVisitor>(
    _ v: inout V, _ key: String, _ delays: inout DelaySpecification?, from network: DelaySpecification?,
    _ about: String
  ) {
    var none: Bool? = delays == nil
    var read = delays ?? DelaySpecification(maximum: 0, initial: .value(0), isTrained: false)
    func fallback<Value>(_ name: String, _ path: KeyPath<DelaySpecification, Value>) -> KeyDefault<Value>? {
      network.map { .inherited($0[keyPath: path], from: "network.delays.\(key).\(name)") }
    }
    // From 0 to max, unless given: then to the layer's own.
    let inheritsInitial = network.map { $0.initial != .uniform(lower: 0, upper: $0.maximum) } ?? false
    v.section(key, none: &none, unlessGiven: network == nil, about) { v in
      v.value(
        "max", &read.maximum, .time, default: fallback("max", \.maximum) ?? .required("as in {max: 300 ms}"),
        "Delays are kept between 0 and this, after each update.")
      v.value(
        "init", &read.initial, .distribution(.delay),
        default: (inheritsInitial ? fallback("init", \.initial) : nil)
          ?? .dependent(.uniform(lower: 0, upper: read.maximum), on: ["max"], .text("`{uniform: [0 ms, max]}`")),
        "Initial delay, or the distribution from which it is drawn with the run's seed; gamma: [shape, mean].")
      v.value(
        "trained", &read.isTrained, .boolean, default: fallback("trained", \.isTrained) ?? .value(false),
        "Whether they are trained.")
      if !v.hasFailed("init"), !v.hasFailed("max"), read.maximum > 0,
        let outside = read.initial.extreme(outside: 0...read.maximum)
      {
        let type = ValueType<Double>.delay
        v.reject(
          at: v.isGiven("init", current: true) ? "init" : "max",
          "the initial delay \(type.text(outside)) is above max, \(type.text(read.maximum))", hint: nil)
      }
    }
    delays = none == true ? nil : read
  }
}
