import KernelTable
import Networks

/// A neuron parameter as an experiment file gives it: a value, or a mapping. What it leaves out is nil, since some
/// defaults depend on the neuron model.
struct ParameterKeys: Equatable {
  /// What has a value of its own.
  enum Extent: String, CaseIterable { case unit, layer }
  /// How a time constant is trained.
  enum Way: String, CaseIterable { case interpolation, log, decay }

  /// `tau_syn: none`: there is no synapse.
  var isNone = false
  var initial: ParameterDistribution?
  var bounds: ClosedRange<Double>?
  var isTrained = false
  var extent: Extent?
  var way: Way?

  init() {}

  /// One fixed value.
  init(_ value: Double) { initial = .value(value) }

  static let none: Self = {
    var keys = Self()
    keys.isNone = true
    return keys
  }()

  init(_ specification: ParameterSpecification) {
    initial = specification.initial
    guard specification.isStored else { return }
    bounds = specification.bounds
    isTrained = specification.isTrained
    extent = specification.isPerUnit ? .unit : .layer
    way = Way(rawValue: specification.representation.rawValue)
  }

  /// With the defaults of `parameter`. What has no effect on a fixed value is left out, so that equal networks are
  /// equal; each unit may have its own, from a weights file, with `per: unit`.
  func specification(of parameter: NeuronParameter) -> ParameterSpecification {
    let initial = initial ?? .value(parameter.standard)
    if case .value(let value) = initial, !isTrained, extent != .unit { return ParameterSpecification(value) }
    var representation = ParameterSpecification.Representation.value
    if isTrained, parameter.isTime {
      switch way ?? Self.usualWay(bounds) {
      case .interpolation: representation = .interpolation
      case .log: representation = .log
      case .decay: representation = .decay
      }
    }
    return ParameterSpecification(
      initial, bounds: bounds, isTrained: isTrained, isPerUnit: (extent ?? Self.usualExtent(initial)) == .unit,
      representation: representation)
  }

  private static func usualExtent(_ initial: ParameterDistribution) -> Extent {
    if case .value = initial { .layer } else { .unit }
  }

  private static func usualWay(_ bounds: ClosedRange<Double>?) -> Way { bounds == nil ? .log : .interpolation }

  /// The one value, if it is fixed and the same for all units; nil for `none`, too.
  func fixedValue(of parameter: NeuronParameter) -> Double? { isNone ? nil : specification(of: parameter).fixedValue }

  /// Whether it is written as a value rather than a mapping.
  var isValue: Bool {
    if isNone { return true }
    guard case .value = initial else { return false }
    return !isTrained && bounds == nil && extent == nil && way == nil
  }

  /// The keys of the mapping. They are the same for all parameters, apart from `via`.
  mutating func visit<V: KeyVisitor>(_ v: inout V, of parameter: NeuronParameter) {
    var distribution = initial ?? .value(parameter.standard)
    v.value(
      "init", &distribution, .distribution(of: parameter),
      default: .dependent(
        .value(parameter.standard), on: LayerKeys.model, .text("the parameter's default")),
      "Initial value, or the distribution from which it is drawn with the run's seed; gamma: [shape, mean].")
    initial = v.isGiven("init", current: initial != nil) ? distribution : nil
    v.value(
      "bounds", &bounds, .bounds(of: parameter), default: nil, "The value is kept within them after each update.")
    v.value("trained", &isTrained, .boolean, default: false, "Whether it is trained.")
    let usual = Self.usualExtent(distribution)
    var each = extent ?? usual
    v.value(
      "per", &each, .choice,
      default: .dependent(usual, on: ["init"], .text("`unit` where `init` is a distribution, else `layer`")),
      "Whether each unit has its own value, or the layer one.")
    extent = v.isGiven("per", current: extent != nil) ? each : nil
    if parameter.isTime {
      visitWay(&v)
    } else {
      v.variant(of: "via", .with("a time constant; \(parameter.name) is trained as it is"), isActive: false) {
        $0.value("via", &way, .never, default: nil, "Only time constants have the choice.")
      }
    }
    if let bounds, !v.hasFailed("init"), v.isGiven("init", current: false) {
      let type = ValueType<Double>.scalar(of: parameter)
      if let outside = distribution.extreme(outside: bounds) {
        v.reject(
          at: "init",
          "\(type.text(outside)) is outside the bounds, \(type.text(bounds.lowerBound)) to"
            + " \(type.text(bounds.upperBound))", hint: nil)
      }
    }
  }

  private mutating func visitWay<V: KeyVisitor>(_ v: inout V) {
    let usual = Self.usualWay(bounds)
    var how = way ?? usual
    v.value(
      "via", &how, .choice,
      default: .dependent(usual, on: ["bounds"], .text("`interpolation` with bounds, else `log`")),
      "What is trained: the place between the bounds, the logarithm, or the decay exp(-time_step / tau).")
    way = v.isGiven("via", current: way != nil) ? how : nil
    if how == .interpolation, bounds == nil, !v.hasFailed("bounds") {
      v.reject(
        at: "via", "interpolation needs bounds", hint: "such as bounds: [5 ms, 100 ms]; without bounds: log or decay")
    }
  }
}

extension ParameterDistribution {
  /// An end of its range, or its mean, that is not within the bounds.
  func extreme(outside bounds: ClosedRange<Double>) -> Double? {
    let values =
      switch self {
      case .uniform(let lower, let upper): [lower, upper]
      case .value, .normal, .gamma: [mean]
      }
    return values.first { !bounds.contains($0) }
  }
}

extension ParameterSpecification {
  /// From the least to the largest value that is known beforehand: the bounds of a trained parameter, else the initial
  /// values; of an unbounded distribution, the mean.
  public var range: ClosedRange<Double> {
    if isTrained, let bounds { return bounds }
    if case .uniform(let lower, let upper) = initial { return lower...upper }
    return initial.mean...initial.mean
  }
}

extension NeuronParameter {
  /// All parameters of all models, each name once.
  static let all: [NeuronParameter] = {
    var found: [NeuronParameter] = []
    for model in NeuronModel.allCases {
      for parameter in model.description.parameters where !found.contains(where: { $0.name == parameter.name }) {
        found.append(parameter)
      }
    }
    return found
  }()

  /// Those that may be a mapping.
  static let mappings: Set<String> = Set(all.filter { !$0.isFixed }.map(\.name))
}
