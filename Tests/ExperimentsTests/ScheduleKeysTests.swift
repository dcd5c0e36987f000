import Experiments
import Testing
import Training

/// The keys of `training.schedule`, and those of the optimizer that concern learning rates.
@Suite struct ScheduleKeysTests {
  /// In the layer, so that the readout's is fixed.
  private static let trained = "network.hidden=[{tau_mem: {init: 10 ms, trained: true}}]"

  private func training(_ overrides: [String]) throws -> TrainingSpecification {
    try #require(try load(minimal, overrides).runs.first).training
  }

  /// The message of the only error.
  private func error(_ overrides: [String]) -> String? {
    let found = errors(minimal, overrides)
    #expect(found.count == 1, "\(found)")
    return found.first.map { String($0.drop { $0 != " " }.dropFirst()) }
  }

  @Test func aWordIsTheKind() throws {
    #expect(try training([]).schedule == .constant)
    #expect(try training(["training.schedule=constant"]).schedule == .constant)
    let cosine = LearningRateSchedule(.cosine(minimum: 0, epochs: nil))
    for word in ["cosine", "{kind: cosine}", "{kind: cosine, epochs: auto, minimum: 0, warmup_epochs: 0}"] {
      #expect(try training(["training.schedule=\(word)"]).schedule == cosine, "\(word)")
    }
    #expect(try training(["training.schedule=one_cycle"]).schedule == .init(.oneCycle(OneCycle())))
    // A part of what the file has as a word.
    let file = minimal + "training: {schedule: cosine}\n"
    let run = try #require(try load(file, ["training.schedule.warmup_epochs=3"]).runs.first)
    #expect(run.training.schedule == .init(.cosine(minimum: 0, epochs: nil), warmupEpochs: 3))
    #expect(try load(file, ["training.schedule.kind=constant"]).runs[0].training.schedule == .constant)
  }

  @Test func defaultsArePyTorchs() throws {
    #expect(try training(["training.schedule={kind: step, every: 5}"]).schedule == .init(.step(every: 5, factor: 0.1)))
    let plateau = try training(["training.schedule={kind: plateau, metric: train_loss}"]).schedule
    #expect(plateau == .init(.plateau(Plateau(metric: .trainLoss))))
    #expect(
      try training(["training.optimizer.kind=adamw"]).optimizer.method
        == .adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-2))
  }

  @Test func dependenceOnTheLength() throws {
    for (schedule, depends) in [
      ("constant", false), ("cosine", true), ("{kind: cosine, epochs: 9}", false), ("one_cycle", true),
      ("{kind: step, every: 9}", false), ("{kind: exponential, factor: 0.9}", false),
      ("{kind: plateau, metric: train_loss, warmup_epochs: 2}", false),
    ] { #expect(try training(["training.schedule=\(schedule)"]).schedule.dependsOnLength == depends, "\(schedule)") }
  }

  @Test(arguments: [
    (
      ["training.schedule=cosin"],
      "training.schedule.kind: cosin is not one of the choices | did you mean cosine? choices: constant, step,"
        + " exponential, cosine, one_cycle, plateau"
    ),
    (["training.schedule=step"], "training.schedule.every is missing | as in {kind: step, every: 30}"),
    (
      ["training.schedule=exponential"],
      "training.schedule.factor is missing | as in {kind: exponential, factor: 0.95}"
    ),
    (
      ["training.schedule=plateau"],
      "training.schedule.metric is missing | as in {kind: plateau, metric: train_loss}"
    ),
    (["training.schedule={kind: cosine, every: 2}"], "training.schedule.every needs kind: step"),
    (
      ["training.schedule={kind: cosine, factor: 0.5}"],
      "training.schedule.factor needs kind: step, exponential or plateau"
    ),
    (
      ["training.schedule={kind: one_cycle, warmup_epochs: 2}"],
      "training.schedule.warmup_epochs needs kind: constant, step, exponential, cosine or plateau"
    ),
    (["training.schedule={kind: cosine, momentum: [0.1, 0.2]}"], "training.schedule.momentum needs kind: one_cycle"),
    (
      ["training.schedule={kind: one_cycle, cycle_momentum: false, momentum: [0.1, 0.2]}"],
      "training.schedule.momentum needs cycle_momentum: true"
    ),
    (
      ["training.schedule={kind: one_cycle, momentum: [0.9, 0.8]}"],
      "training.schedule.momentum: 0.9, that at the peak, is above 0.8 | as in [0.85, 0.95]"
    ),
    (
      ["training.schedule={kind: plateau, metric: test_accuracy}"],
      "training.schedule.metric: test_accuracy may not steer the training: results on the test samples would no longer"
        + " be those on new ones | validation_accuracy, with data.validation"
    ),
    (
      ["training.schedule={kind: plateau, metric: validation_loss}"],
      "training.schedule.metric: validation_loss needs data.validation | such as data.validation: {fraction: 0.1}"
    ),
    (
      ["training.schedule={kind: plateau, metric: train_loss, factor: 1}"],
      "training.schedule.factor: 1 is out of range: above 0 and below 1"
    ),
    (
      ["training.schedule.warmup_epochs=5", "training.epochs=5"],
      "training.schedule.warmup_epochs: 5 leaves no epoch after the warm-up: training.epochs is 5 | at most 4"
    ),
    (
      ["training.schedule={kind: cosine, minimum: 1e-3}"],
      "training.schedule.minimum: 0.001 is above training.optimizer.learning_rate, 0.0002, which would rise to it"
    ),
    (
      [
        "training.schedule={kind: plateau, metric: train_loss, minimum: 1e-4}",
        "training.optimizer.learning_rates={neuron: 1e-5}", trained,
      ],
      "training.schedule.minimum: 0.0001 is above training.optimizer.learning_rates.neuron, 1e-05, which would never"
        + " change"
    ),
    (
      ["training.schedule={kind: exponential, factor: 10}"],
      "training.schedule.factor: 10: by the last epoch, the learning rate would be infinite in single precision"
    ),
    (
      ["training.schedule=one_cycle", "training.optimizer={kind: sgd, momentum: 0.9}"],
      "training.schedule.cycle_momentum: true replaces training.optimizer.momentum, 0.9, which has no effect | give"
        + " training.schedule.momentum instead, or cycle_momentum: false"
    ),
    (["training.optimizer.weight_decay=0.1"], "training.optimizer.weight_decay needs kind: adamw"),
    (
      ["training.optimizer={kind: adamw, learning_rate: 0.5, weight_decay: 2}"],
      "training.optimizer.weight_decay: 2 times the learning rate, 0.5, is not below 1: each update would turn the"
        + " weights to zero or beyond"
    ),
    (
      ["training.optimizer.learning_rates.neuron=1e-3"],
      "training.optimizer.learning_rates.neuron: has no effect: no neuron parameter is trained | leave it out, or write"
        + " learning_rate"
    ),
    (
      ["training.optimizer.learning_rates.delays=0.1"],
      "training.optimizer.learning_rates.delays: has no effect: no delay is trained | leave it out, or write"
        + " learning_rate"
    ),
    (
      ["training.optimizer={learning_rate: 1e-3, learning_rates: {weights: 1e-2}}"],
      "training.optimizer.learning_rate: has no effect: learning_rates gives that of everything that is trained | give"
        + " only one of them"
    ),
    (
      ["training.optimizer={kind: adam, learning_rates: {weights: 1e38}}"],
      "training.optimizer.learning_rates: 1e+38: the first step, learning_rate / (1 - beta1), would be infinite in"
        + " single precision | at most 3.4e+37"
    ),
  ]) func isRejected(overrides: [String], message: String) { #expect(error(overrides) == message) }

  @Test func ratesOfGroups() throws {
    let optimizer = try training([
      Self.trained, "training.optimizer={learning_rate: 1e-2, learning_rates: {neuron: 1e-3}}",
    ]).optimizer
    #expect(optimizer.rate(of: .weights) == 1e-2 && optimizer.rate(of: .neuron) == 1e-3)
    let delays = try training([
      "network.delays.input={max: 5 ms, trained: true}", "training.optimizer.learning_rates={delays: 0.1}",
    ]).optimizer
    #expect(delays.rate(of: .delays) == 0.1 && delays.rate(of: .weights) == 2e-4)
    // The word is the common rate, and the same configuration as leaving it out.
    let overrides = [Self.trained, "training.optimizer.learning_rate=1e-3"]
    let plain = try #require(try load(minimal, overrides).runs.first)
    for rates in ["{}", "{neuron: learning_rate}", "{neuron: 1e-3}", "{weights: 0.001, delays: learning_rate}"] {
      let run = try #require(
        try load(minimal, overrides + ["training.optimizer.learning_rates=\(rates)"]).runs.first)
      #expect(run.training == plain.training && run.numericText == plain.numericText, "\(rates)")
    }
  }

  /// Points that do not train the group ignore its rate; one that is swept must have an effect.
  @Test func ratesOfGroupsThatSomePointsTrain() throws {
    let rates = "training: {optimizer: {learning_rates: {delays: 0.1}}}\n"
    let sweep = "sweep: {grid: {network.delays.input: [none, {max: 9 ms}, {max: 9 ms, trained: true}]}}\n"
    let experiment = try load(minimal + rates + sweep)
    #expect(experiment.runs.map { $0.training.optimizer.rate(of: .delays) } == [2e-4, 2e-4, 0.1])
    for run in experiment.runs {
      #expect(try load(run.yaml(name: "x", description: "")).runs.map(\.numericText) == [run.numericText])
    }
    #expect(errors(minimal + rates + "sweep: {grid: {network.tau_mem: [5 ms, 9 ms]}}\n").count == 1)
    #expect(
      errors(minimal + sweep, ["training.optimizer.learning_rates.delays=0.1"]).first?.contains("no delay is trained")
        == true)
  }

  /// Its first value may be constant, so that a sweep can compare with it.
  @Test func sweeps() throws {
    let schedules =
      "[constant, {kind: step, every: 3}, cosine, {kind: plateau, metric: train_loss, patience: 2}, one_cycle]"
    let experiment = try load(minimal + "sweep: {grid: {training.schedule: \(schedules)}}\n")
    #expect(experiment.runs.count == 5 && Set(experiment.runs.map(\.training.schedule)).count == 5)
    #expect(try load(experiment.yaml).runs.map(\.numericText) == experiment.runs.map(\.numericText))
    // The file's other keys of its own kind do not count, even as a default.
    let kinds = try load(
      minimal + "training: {schedule: {kind: exponential, factor: 0.9}}\n"
        + "sweep: {grid: {training.schedule.kind: [exponential, cosine, constant]}}\n")
    #expect(kinds.runs.count == 3)
    #expect(try load(kinds.yaml).runs.map(\.numericText) == kinds.runs.map(\.numericText))
  }

  @Test(arguments: [
    "constant", "{kind: step, every: 3, factor: 0.25}", "{kind: exponential, factor: 0.99, warmup_epochs: 3}", "cosine",
    "{kind: cosine, epochs: 17, minimum: 1e-6}", "one_cycle",
    "{kind: one_cycle, anneal: linear, momentum: [0.5, 0.75], warmup_fraction: 0.1, start_divisor: 2, final_divisor: 3}",
    "{kind: one_cycle, cycle_momentum: false}",
    "{kind: plateau, metric: train_accuracy, factor: 0.3, patience: 1, threshold: 0.5, threshold_mode: absolute,"
      + " cooldown: 2, minimum: 1e-9, warmup_epochs: 1}",
  ]) func roundTrip(schedule: String) throws {
    let run = try #require(
      try load(
        minimal,
        [
          "training.schedule=\(schedule)", Self.trained,
          "training.optimizer={kind: adamw, weight_decay: 1e-3, learning_rates: {neuron: 5e-3}}",
        ]
      ).runs.first)
    let again = try #require(try load(run.yaml(name: "x", description: "")).runs.first)
    #expect(again.training == run.training && again.numericText == run.numericText)
  }
}
