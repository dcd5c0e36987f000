import Networks
import SpikeData
import Training

/// The content of an experiment file without its sweep; every key has its default until a file is read.
struct Configuration {
  var name = ""
  var description = ""
  var seeds: [UInt64] = []
  var run: RunSpecification

  /// Every key at its default from the table.
  init() { self = Self.standard }

  init(name: String, description: String, seeds: [UInt64], run: RunSpecification) {
    (self.name, self.description, self.seeds, self.run) = (name, description, seeds, run)
  }

  private static let standard: Configuration = {
    // These values are placeholders: the table sets each one.
    let run = RunSpecification(
      seed: 0, swept: [], source: .files(SpikeFiles(train: "", test: "")), binning: Binning(), classes: nil,
      validation: .none, timeStep: .bin, hidden: [.standard],
      readout: ReadoutSpecification(reduce: .max, tauMem: 0, tauSyn: nil),
      initialization: .normal(gain: 0),
      training: TrainingSpecification(
        epochs: 0, batchSize: 1, shuffle: false, dropLast: false, evaluateEvery: 1,
        optimizer: OptimizerSpecification(method: .sgd(momentum: 0), learningRate: 0),
        regularizer: RegularizerSpecification()),
      recordedSamples: 0)
    var configuration = Configuration(name: "", description: "", seeds: [], run: run)
    var defaults = DefaultValues()
    configuration.visit(&defaults)
    return configuration
  }()
}

extension ValueType where Value == Int {
  /// Units of a hidden layer.
  static var units: Self { .integer(1...65536) }
}

/// The table of all keys of experiment files except `sweep`. A new key is one line here: reading, errors, `config`, the
/// hashed text and the schema follow from it.
extension Configuration {
  mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.required(
      "experiment", &name, .name, hint: "a name, such as experiment: shd; results go to results/<name>/",
      affectsNumbers: false,
      "Name of the experiment and its results folder.")
    v.value(
      "description", &description, .string, default: "", affectsNumbers: false,
      "What the experiment is about, in your own words.")
    v.value(
      "seeds", &seeds, .seeds, default: [0],
      "Seeds, such as [0, 1, 2] or 0..4; every sweep point runs with each seed.")
    v.section("data", "The spikes, and how they become network input.") { run.visitData(&$0) }
    v.section("network", "The spiking network.") { run.visitNetwork(&$0) }
    v.section("training", "How the weights are trained.") {
      run.training.visit(&$0, hasValidation: run.validation != .none, hidden: run.hidden)
    }
    v.section("record", "What to keep of the trained network, for figures and further training.") { v in
      v.value(
        "samples", &run.recordedSamples, .integer(0...Int.max), default: 15, affectsNumbers: false,
        "Number of test samples whose membranes and spikes are recorded in recordings.h5.")
      v.value(
        "runs", &run.recordedRuns, .choice, default: .firstSeed, affectsNumbers: false,
        "Which runs get a recordings.h5: all, the first_seed of each sweep point, or none.")
      v.value(
        "state", &run.keepsState, .boolean, default: true, affectsNumbers: false,
        "Keep the optimizer's state of finished runs (state.h5), so that they can be trained further with more epochs.")
    }
  }
}

extension TrainingSpecification {
  fileprivate mutating func visit<V: KeyVisitor>(
    _ v: inout V, hasValidation: Bool, hidden: [HiddenLayerSpecification]
  ) {
    v.value(
      "epochs", &epochs, .integer(0...10_000_000), default: 200, "Passes over the training samples; 0 only evaluates.")
    v.value("batch_size", &batchSize, .integer(1...Int(Int32.max)), default: 256, "Samples per weight update.")
    v.value("shuffle", &shuffle, .boolean, default: true, "Reorder the training samples in each epoch.")
    v.value("drop_last", &dropLast, .boolean, default: true, "Skip the incomplete last batch of an epoch.")
    v.value(
      "evaluate_every", &evaluateEvery, .integer(1...10_000_000), default: 1,
      "Evaluate every this many epochs, and after the last.")
    v.value(
      "label_smoothing", &labelSmoothing, .share, default: 0,
      "Part of each label that is spread evenly over all classes in the training loss.")
    v.value(
      "clip_norm", &clipNorm, .singleOrNone(.above(0)), default: nil,
      "L2 norm to which the gradient of all tensors together is scaled down if it is larger.")
    let groups = ParameterGroup.allCases.filter { $0.isTrained(in: hidden) }
    v.section("optimizer", "How gradients become weight updates.") { optimizer.visit(&$0, trained: groups) }
    var schedule = schedule
    v.section(
      "schedule", selectedBy: "kind",
      "How the learning rates change while training: a kind such as cosine, or a mapping as {kind: step, every: 30}."
    ) {
      schedule.visit(&$0, of: self, hasValidation: hasValidation, trained: groups)
    }
    self.schedule = schedule
    var none: Bool? = regularizer.isNone
    v.section("regularizer", none: &none, "Penalty on spikes: none, or a mapping of strengths.") {
      regularizer.visit(&$0)
    }
    if none == true { regularizer = RegularizerSpecification() }
    visitSelection(&v, hasValidation: hasValidation)
  }

  private mutating func visitSelection<V: KeyVisitor>(_ v: inout V, hasValidation: Bool) {
    v.value(
      "select_on", &selectOn, .choice, default: .last,
      "Which weights to keep: those of the last epoch, or of the best epoch by this metric (the first in a tie)."
    )
    if selectOn.needsValidation, !hasValidation {
      v.reject(
        at: "select_on", "\(selectOn.rawValue) needs data.validation", hint: "such as data.validation: {fraction: 0.1}")
    }
    var (none, epochs): (Bool?, Int) = (patience == nil, patience ?? 1)
    v.section("early_stopping", none: &none, "Stop when select_on no longer improves: none or {patience: 20}.") {
      $0.required(
        "patience", &epochs, .integer(1...10_000_000), hint: "as in {patience: 20}",
        "Epochs without improvement before training stops.")
    }
    patience = none == true ? nil : epochs
    if patience != nil, selectOn == .last {
      v.reject(
        at: "early_stopping", "needs training.select_on, the metric to improve",
        hint: "such as training.select_on: validation_accuracy")
    }
  }
}

extension RegularizerSpecification {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.value(
      "total_spikes", &totalSpikes, .single(.atLeast(0)), default: 0,
      "Strength of the penalty on the number of spikes.")
    v.value(
      "neuron_spikes_squared", &neuronSpikesSquared, .single(.atLeast(0)), default: 0,
      "Strength of the penalty on the squared number of spikes per unit, averaged over units.")
    v.value(
      "mean_spikes", &meanSpikes, .single(.atLeast(0)), default: 0,
      "Strength of the penalty on the number of spikes per unit and sample, averaged over both.")
    let example = "{bound: 10 Hz, strength: 1e-3}"
    Self.visit(&v, "lower", &lower, .above(0), "Penalty on units that spike less than a rate: none or \(example).")
    Self.visit(&v, "upper", &upper, .atLeast(0), "Penalty on units that spike more than a rate: none or \(example).")
    if let lower, let upper, lower.bound > upper.bound {
      v.reject(
        at: "upper",
        "the bound \(NumberText.number(upper.bound)) Hz is below the lower one, \(NumberText.number(lower.bound)) Hz",
        hint: nil)
    }
  }

  private static func visit<V: KeyVisitor>(
    _ v: inout V, _ key: String, _ limit: inout RateBound?, _ range: NumberRange, _ about: String
  ) {
    var (none, read): (Bool?, RateBound) = (limit == nil, limit ?? RateBound(bound: 0, strength: 0))
    v.section(key, none: &none, about) { v in
      let hint = "as in {bound: 10 Hz, strength: 1e-3}"
      v.required("bound", &read.bound, .rate(range), hint: hint, "Rate in network time, averaged over a batch.")
      v.required(
        "strength", &read.strength, .single(.atLeast(0)), hint: hint,
        "Strength of the penalty on the squared difference in Hz, averaged over units.")
    }
    limit = none == true ? nil : read
  }
}
