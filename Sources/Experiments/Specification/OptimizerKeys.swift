import KernelTable
import Networks
import Training

/// `training.optimizer.kind`.
private enum OptimizerKind: String, CaseIterable {
  case sgd, adam, adamw, adamax
}

extension OptimizerSpecification {
  /// - Parameter groups: those of which the network trains something.
  mutating func visit<V: KeyVisitor>(_ v: inout V, trained groups: [ParameterGroup]) {
    var (kind, momentum, betas, epsilon, decay) = (OptimizerKind.adam, 0.0, [0.0, 0.0], 0.0, 0.0)
    switch method {
    case .sgd(let value): (kind, momentum) = (.sgd, value)
    case .adam(let beta1, let beta2, let value): (kind, betas, epsilon) = (.adam, [beta1, beta2], value)
    case .adamw(let beta1, let beta2, let value, let weightDecay):
      (kind, betas, epsilon, decay) = (.adamw, [beta1, beta2], value, weightDecay)
    case .adamax(let beta1, let beta2, let value): (kind, betas, epsilon) = (.adamax, [beta1, beta2], value)
    }
    v.value("kind", &kind, .choice, default: .adam, "Optimizer algorithm.")
    v.value("learning_rate", &learningRate, .single(.atLeast(0)), default: Self.usualRate, "Learning rate.")
    v.section("learning_rates", "Learning rates of parameter groups that have one of their own.") {
      visitGroups(&$0, trained: groups)
    }
    v.variant(of: "kind", .with("kind: sgd"), isActive: kind == .sgd) {
      $0.value("momentum", &momentum, .single(.halfOpen(0, 1)), default: 0, "Momentum.")
    }
    v.variant(of: "kind", .with("kind: adam, adamw or adamax"), isActive: kind != .sgd) { v in
      v.value(
        "betas", &betas, .pair("betas", example: "[0.9, 0.999]"), default: [0.9, 0.999],
        "Decay rates of the two moment estimates.")
      v.value("epsilon", &epsilon, .single(.above(0)), default: 1e-8, "Added to the denominator of the update.")
    }
    v.variant(of: "kind", .with("kind: adamw"), isActive: kind == .adamw) {
      $0.value(
        "weight_decay", &decay, .single(.atLeast(0)), default: 1e-2,
        "Decoupled weight decay: each update also multiplies synaptic weights and biases, but neither neuron"
          + " parameters nor delays, by 1 - learning rate * weight_decay.")
    }
    switch kind {
    case .sgd: method = .sgd(momentum: momentum)
    case .adam: method = .adam(beta1: betas[0], beta2: betas[1], epsilon: epsilon)
    case .adamw: method = .adamw(beta1: betas[0], beta2: betas[1], epsilon: epsilon, weightDecay: decay)
    case .adamax: method = .adamax(beta1: betas[0], beta2: betas[1], epsilon: epsilon)
    }
    check(&v, trained: groups, weightDecay: decay)
  }

  private static let usualRate = 2e-4

  private mutating func visitGroups<V: KeyVisitor>(_ v: inout V, trained groups: [ParameterGroup]) {
    var rates: [ParameterGroup: Double] = [:]
    for group in ParameterGroup.allCases {
      var rate = groupRates[group]
      v.value(group.rawValue, &rate, .groupRate, default: nil, Self.about(group))
      if rate != nil, !groups.contains(group) {
        // A sweep may compare networks that train the group with others that do not.
        v.reject(
          option: group.rawValue, ofKeys: Self.selectors(of: group).map { "network." + $0 },
          "has no effect: \(Self.absence(of: group))", hint: "leave it out, or write learning_rate")
        rate = nil
      }
      // Equal rates are equal configurations.
      rates[group] = rate == learningRate ? nil : rate
    }
    groupRates = rates
  }

  private static func about(_ group: ParameterGroup) -> String {
    switch group {
    case .weights: "Learning rate of synaptic weights and biases."
    case .neuron:
      "Learning rate of trained neuron parameters, in units of what is trained: the parameter itself, or as its via says."
    case .delays: "Learning rate of trained delays, in time steps."
    }
  }

  /// Keys of `network` that decide whether the group is trained.
  private static func selectors(of group: ParameterGroup) -> [String] {
    switch group {
    case .weights: []
    case .neuron: ["neuron", "hidden"] + NeuronParameter.mappings.sorted()
    case .delays: ["delays", "hidden", "recurrent"]
    }
  }

  private static func absence(of group: ParameterGroup) -> String {
    switch group {
    case .weights: "the network has no weights"
    case .neuron: "no neuron parameter is trained"
    case .delays: "no delay is trained"
    }
  }

  private func check<V: KeyVisitor>(_ v: inout V, trained groups: [ParameterGroup], weightDecay: Double) {
    for (key, rate) in [("learning_rate", learningRate)] + groupRates.values.map({ ("learning_rates", $0) })
    where !Float(rate / firstCorrection).isFinite {
      v.reject(
        at: key,
        "\(NumberText.number(rate)): the first step, learning_rate / (1 - beta1), would be infinite in single precision",
        hint: "at most \(NumberText.number(NumberText.roundedDown(SinglePrecision.largest * firstCorrection)))")
    }
    if learningRate != Self.usualRate, groups.allSatisfy({ groupRates[$0] != nil }) {
      v.reject(
        at: "learning_rate", "has no effect: learning_rates gives that of everything that is trained",
        hint: "give only one of them")
    }
    let weights = rate(of: .weights)
    if weights * weightDecay >= 1 {
      v.reject(
        at: "weight_decay",
        "\(NumberText.number(weightDecay)) times the learning rate, \(NumberText.number(weights)), is not below 1: each"
          + " update would turn the weights to zero or beyond", hint: nil)
    }
  }

  /// The bias correction of the first moment in the first step.
  var firstCorrection: Double {
    if case .sgd = method { 1 } else { 1 - momentum }
  }
}

extension ValueType where Value == Double? {
  /// The learning rate of a group; the word `learning_rate` for the common one.
  static var groupRate: Self {
    let number = ValueType<Double>.single(.atLeast(0))
    return ValueType(
      read: { node throws(ValueProblem) in
        node.scalar == .string("learning_rate") ? nil : try number.read(node)
      }, text: { $0.map(number.text) ?? "learning_rate" }, yaml: { $0.map(number.yaml) ?? "learning_rate" },
      schema: ["anyOf": [number.schema, ["const": "learning_rate"]]], words: "`learning_rate` or \(number.words)")
  }
}
