import Networks

/// The keys of `delays`, in `network` for all layers or in a layer.
extension HiddenLayerSpecification {
  /// - Parameter network: what a layer inherits; nil if these are the keys of `network` itself.
  mutating func visitDelays<V: KeyVisitor>(_ v: inout V, from network: HiddenLayerSpecification?) {
    let inherited = network ?? self
    var (input, recurrent, rounds) = (inputDelays, recurrentDelays, roundsDelays)
    let isGiven = v.isGiven("delays", current: true)
    var none: Bool? = input == nil && recurrent == nil
    v.section(
      "delays", none: &none,
      "Delays of spikes by sending channel or unit, linear between steps: none, or {input: {...}}."
    ) { v in
      let own = (
        input: DelaySpecification.visit(
          &v, "input", input, "Delays of what the layer receives: none, or {max: 300 ms, trained: true}."),
        recurrent: DelaySpecification.visit(
          &v, "recurrent", recurrent,
          "Delays of recurrent spikes, beside the one step that all take: none, or {max: 50 ms, trained: true}.")
      )
      input = v.isGiven("input", current: true) || network == nil ? own.input : inherited.inputDelays
      let hasOwn = v.isGiven("recurrent", current: true)
      recurrent = hasOwn || network == nil ? own.recurrent : inherited.recurrentDelays
      if network != nil, hasOwn, own.recurrent != nil, !self.recurrent {
        v.reject(option: "recurrent", of: ["recurrent"], "the layer has no recurrent connections", hint: nil)
      }
      var rounding: DelayRounding = rounds ? .evaluation : .none
      v.value(
        "rounding", &rounding, .choice,
        default: network.map { .inherited($0.roundsDelays ? .evaluation : .none, from: "network.delays.rounding") }
          ?? .value(.none),
        "evaluation: spikes are late by the nearest whole number of steps when the network is evaluated.")
      rounds = rounding == .evaluation
      if rounds, input == nil, recurrent == nil, !v.hasFailed("input"), !v.hasFailed("recurrent") {
        v.reject(option: "rounding", of: ["input", "recurrent"], "there are no delays to round", hint: nil)
      }
    }
    if none == true {
      (input, recurrent) = isGiven || network == nil ? (nil, nil) : (inherited.inputDelays, inherited.recurrentDelays)
      rounds = inherited.roundsDelays
    }
    inputDelays = input
    recurrentDelays = network == nil || self.recurrent ? recurrent : nil
    roundsDelays = rounds && (inputDelays != nil || recurrentDelays != nil)
  }
}

/// `delays.rounding`.
private enum DelayRounding: String, CaseIterable {
  case none, evaluation
}

extension DelaySpecification {
  /// - Returns: nil for `none`, and where the file gives nothing.
  fileprivate static func visit<V: KeyVisitor>(
    _ v: inout V, _ key: String, _ current: DelaySpecification?, _ about: String
  ) -> DelaySpecification? {
    var none: Bool? = current == nil
    var delays = current ?? DelaySpecification(maximum: 0, initial: .value(0), isTrained: false)
    v.section(key, none: &none, about) { v in
      v.required(
        "max", &delays.maximum, .time, hint: "as in {max: 300 ms}",
        "Delays are kept between 0 and this, after each update.")
      v.value(
        "init", &delays.initial, .distribution(.delay),
        default: .dependent(
          .uniform(lower: 0, upper: delays.maximum), on: ["max"], .text("`{uniform: [0 ms, max]}`")),
        "Initial delay, or the distribution from which it is drawn with the run's seed; gamma: [shape, mean].")
      v.value("trained", &delays.isTrained, .boolean, default: false, "Whether they are trained.")
      if v.isGiven("init", current: false), !v.hasFailed("init"), !v.hasFailed("max"),
        let outside = delays.initial.extreme(outside: 0...delays.maximum)
      {
        let type = ValueType<Double>.delay
        v.reject(at: "init", "\(type.text(outside)) is above max, \(type.text(delays.maximum))", hint: nil)
      }
    }
    return none == true ? nil : delays
  }
}
