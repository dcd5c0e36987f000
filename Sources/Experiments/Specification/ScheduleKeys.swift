import Engine
import Networks
import Training

/// `training.schedule.kind`.
private enum ScheduleKind: String, CaseIterable {
  case constant, step, exponential, cosine
  case oneCycle = "one_cycle"
  case plateau

  init(_ kind: LearningRateSchedule.Kind) {
    switch kind {
    case .constant: self = .constant
    case .step: self = .step
    case .exponential: self = .exponential
    case .cosine: self = .cosine
    case .oneCycle: self = .oneCycle
    case .plateau: self = .plateau
    }
  }
}

extension LearningRateSchedule {
  /// - Parameters:
  ///   - training: with its optimizer and number of epochs.
  ///   - groups: those of which the network trains something.
  mutating func visit<V: KeyVisitor>(
    _ v: inout V, of training: TrainingSpecification, hasValidation: Bool, trained groups: [ParameterGroup]
  ) {
    var kind = ScheduleKind(self.kind)
    var (every, factor, minimum, length) = (1, 0.1, 0.0, Int?.none)
    var (cycle, plateau) = (OneCycle(), Plateau(metric: .trainLoss))
    switch self.kind {
    case .constant: break
    case .step(let epochs, let value): (every, factor) = (epochs, value)
    case .exponential(let value): factor = value
    case .cosine(let value, let epochs): (minimum, length) = (value, epochs)
    case .oneCycle(let value): cycle = value
    case .plateau(let value): (plateau, factor, minimum) = (value, value.factor, value.minimum)
    }
    v.value(
      "kind", &kind, .choice, default: .constant,
      "Each as the PyTorch scheduler. step: StepLR; exponential: ExponentialLR; cosine: CosineAnnealingLR; one_cycle:"
        + " OneCycleLR, with learning_rate as the largest rate; plateau: ReduceLROnPlateau.")
    v.variant(of: "kind", .with("kind: step"), isActive: kind == .step) {
      $0.required(
        "every", &every, .integer(1...10_000_000), hint: "as in {kind: step, every: 30}",
        "Epochs from one multiplication of the rate by factor to the next.")
    }
    v.variant(
      of: "kind", .with("kind: step, exponential or plateau"),
      isActive: [.step, .exponential, .plateau].contains(kind)
    ) {
      $0.value(
        "factor", &factor, .number(kind == .plateau ? .open(0, 1) : .above(0)),
        default: kind == .exponential
          ? .required("as in {kind: exponential, factor: 0.95}")
          : .dependent(0.1, on: ["kind"], .text("`0.1`; required for `exponential`")),
        "What the rate is multiplied by: every so many epochs (step), after each epoch (exponential), or when the metric"
          + " no longer improves (plateau, below 1).")
    }
    v.variant(of: "kind", .with("kind: cosine"), isActive: kind == .cosine) {
      $0.value(
        "epochs", &length, .integerOrAuto(1...10_000_000), default: nil,
        "Epochs in which the rate falls along half a cosine from its value to minimum, where it stays (PyTorch's rises"
          + " again). auto: training.epochs without the warm-up.")
    }
    v.variant(of: "kind", .with("kind: cosine or plateau"), isActive: kind == .cosine || kind == .plateau) {
      $0.value(
        "minimum", &minimum, .number(.atLeast(0)), default: 0,
        "The lowest rate: a rate, not a factor, and the same for all parameter groups.")
    }
    v.variant(of: "kind", .with("kind: one_cycle"), isActive: kind == .oneCycle) { cycle.visit(&$0) }
    cycle.visitMomentum(&v, isOneCycle: kind == .oneCycle)
    v.variant(of: "kind", .with("kind: plateau"), isActive: kind == .plateau) { plateau.visit(&$0) }
    v.variant(
      of: "kind", .with("kind: constant, step, exponential, cosine or plateau"), isActive: kind != .oneCycle
    ) {
      $0.value(
        "warmup_epochs", &warmupEpochs, .integer(0...10_000_000), default: 0,
        "Epochs W in which the rate first rises: to (k + 1) / (W + 1) of its value in epoch k, counted from 0 (LinearLR)."
          + " The schedule itself then starts as in its own epoch 0.")
    }
    (plateau.factor, plateau.minimum) = (factor, minimum)
    switch kind {
    case .constant: self.kind = .constant
    case .step: self.kind = .step(every: every, factor: factor)
    case .exponential: self.kind = .exponential(factor: factor)
    case .cosine: self.kind = .cosine(minimum: minimum, epochs: length)
    case .oneCycle: (self.kind, warmupEpochs) = (.oneCycle(cycle), 0)
    case .plateau: self.kind = .plateau(plateau)
    }
    check(&v, training, hasValidation: hasValidation, trained: groups)
  }

  private func check<V: KeyVisitor>(
    _ v: inout V, _ training: TrainingSpecification, hasValidation: Bool, trained groups: [ParameterGroup]
  ) {
    if training.epochs > 0, warmupEpochs >= training.epochs {
      v.reject(
        at: "warmup_epochs", "\(warmupEpochs) leaves no epoch after the warm-up: training.epochs is \(training.epochs)",
        hint: "at most \(training.epochs - 1)")
    }
    let optimizer = training.optimizer
    let last = max(0, training.epochs - 1 - warmupEpochs)
    switch kind {
    case .constant: break
    case .step(let every, let factor): checkGrowth(&v, factor, last / every, optimizer, groups)
    case .exponential(let factor): checkGrowth(&v, factor, last, optimizer, groups)
    case .cosine(let minimum, _): check(&v, minimum: minimum, optimizer, groups, "would rise to it")
    case .plateau(let plateau):
      check(&v, minimum: plateau.minimum, optimizer, groups, "would never change")
      if plateau.metric.needsValidation, !hasValidation {
        v.reject(
          at: "metric", "\(plateau.metric.rawValue) needs data.validation",
          hint: "such as data.validation: {fraction: 0.1}")
      }
    case .oneCycle(let cycle): check(&v, cycle, optimizer, groups)
    }
  }

  /// A rate below the minimum.
  private func check<V: KeyVisitor>(
    _ v: inout V, minimum: Double, _ optimizer: OptimizerSpecification, _ groups: [ParameterGroup], _ what: String
  ) {
    guard let group = groups.first(where: { optimizer.rate(of: $0) < minimum }) else { return }
    let name = optimizer.groupRates[group] == nil ? "learning_rate" : "learning_rates.\(group.rawValue)"
    v.reject(
      at: "minimum",
      "\(NumberText.number(minimum)) is above training.optimizer.\(name),"
        + " \(NumberText.number(optimizer.rate(of: group))), which \(what)", hint: nil)
  }

  private func checkGrowth<V: KeyVisitor>(
    _ v: inout V, _ factor: Double, _ times: Int, _ optimizer: OptimizerSpecification, _ groups: [ParameterGroup]
  ) {
    guard factor > 1 else { return }
    let rate = groups.map(optimizer.rate).max() ?? 0
    if !Float(rate * Elementary.power(factor, times) / optimizer.firstCorrection).isFinite {
      v.reject(
        at: "factor",
        "\(NumberText.number(factor)): by the last epoch, the learning rate would be infinite in single precision",
        hint: nil)
    }
  }

  private func check<V: KeyVisitor>(
    _ v: inout V, _ cycle: OneCycle, _ optimizer: OptimizerSpecification, _ groups: [ParameterGroup]
  ) {
    guard let momentum = cycle.momentum else { return }
    let (key, usual) = if case .sgd = optimizer.method { ("momentum", 0.0) } else { ("betas[0]", 0.9) }
    if optimizer.momentum != usual {
      v.reject(
        at: "cycle_momentum",
        "true replaces training.optimizer.\(key), \(NumberText.number(optimizer.momentum)), which has no effect",
        hint: "give training.schedule.momentum instead, or cycle_momentum: false")
    }
    let rate = groups.map(optimizer.rate).max() ?? 0
    if momentum.upperBound > usual, optimizer.firstCorrection < 1,
      !Float(rate / (1 - momentum.upperBound)).isFinite
    {
      v.reject(
        at: "momentum",
        "\(NumberText.number(momentum.upperBound)): the first step, learning_rate / (1 - momentum), would be infinite in"
          + " single precision", hint: nil)
    }
  }
}

extension OneCycle {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.value(
      "warmup_fraction", &warmupFraction, .number(.halfOpen(0, 1)), default: 0.3,
      "Part of all batches in which the rate rises (pct_start).")
    v.value(
      "start_divisor", &startDivisor, .number(.atLeast(1)), default: 25,
      "The rate starts at learning_rate / start_divisor (div_factor).")
    v.value(
      "final_divisor", &finalDivisor, .number(.atLeast(1)), default: 1e4,
      "The rate ends at learning_rate / start_divisor / final_divisor (final_div_factor).")
    v.value("anneal", &annealing, .choice, default: .cosine, "The shape of both parts (anneal_strategy).")
    var cycles = momentum != nil
    v.value(
      "cycle_momentum", &cycles, .boolean, default: true,
      "Whether the momentum of sgd, or beta1 of the others, falls and rises while the rate does the opposite.")
    momentum = cycles ? momentum ?? 0...0 : nil
  }

  fileprivate mutating func visitMomentum<V: KeyVisitor>(_ v: inout V, isOneCycle: Bool) {
    let isActive = isOneCycle && momentum != nil
    var pair: [Double] = momentum.map { [$0.lowerBound, $0.upperBound] } ?? [0, 0]
    v.variant(
      of: isOneCycle ? "cycle_momentum" : "kind", .with(isOneCycle ? "cycle_momentum: true" : "kind: one_cycle"),
      isActive: isActive
    ) {
      $0.value(
        "momentum", &pair, .pair("momentum", example: "[0.85, 0.95]"), default: [0.85, 0.95],
        "The momentum at the peak of the rate, and at both ends; only with cycle_momentum.")
    }
    guard isActive else { return }
    if pair[0] > pair[1] {
      v.reject(
        at: "momentum", "\(NumberText.number(pair[0])), that at the peak, is above \(NumberText.number(pair[1]))",
        hint: "as in [0.85, 0.95]")
    } else {
      momentum = pair[0]...pair[1]
    }
  }
}

extension Plateau {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.required(
      "metric", &metric, .plateauMetric, hint: "as in {kind: plateau, metric: train_loss}",
      "What must improve, smaller losses or larger accuracies. train_loss is known after each epoch; the others only"
        + " after those that are a multiple of evaluate_every, and only these count.")
    v.value(
      "patience", &patience, .integer(0...10_000_000), default: 10,
      "Values in a row without improvement that change nothing; at the next one, the rates are multiplied by factor. A"
        + " change of at most 1e-8 is not made.")
    v.value(
      "threshold", &threshold, .number(.atLeast(0)), default: 1e-4, "The smallest change that is an improvement.")
    v.value(
      "threshold_mode", &thresholdMode, .choice, default: .relative,
      "Whether threshold is relative to the best value so far, or a difference from it.")
    v.value(
      "cooldown", &cooldown, .integer(0...10_000_000), default: 0,
      "Values after a reduction before others without improvement are counted again.")
  }
}

extension ValueType where Value == Plateau.Metric {
  /// A column of the history, but none of the test samples.
  fileprivate static var plateauMetric: Self {
    let choice = ValueType.choice
    return ValueType(
      read: { node throws(ValueProblem) in
        if case .scalar(let text, _) = node.content, ["test_loss", "test_accuracy"].contains(text) {
          throw ValueProblem(
            "\(text) may not steer the training: results on the test samples would no longer be those on new ones",
            hint: "\(text.replacing("test", with: "validation")), with data.validation", at: node.site)
        }
        return try choice.read(node)
      }, text: choice.text, yaml: choice.yaml, schema: choice.schema, words: choice.words)
  }
}
