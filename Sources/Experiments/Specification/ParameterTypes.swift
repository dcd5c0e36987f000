import KernelTable
import Networks
import Quantities
import SafeText

extension ValueType where Value == Double {
  /// A value of a neuron parameter: a time, or a number.
  static func scalar(of parameter: NeuronParameter) -> Self { parameter.isTime ? .time : .single(.finite) }

  /// A parameter that is one number for the layer.
  static func fixed(_ parameter: NeuronParameter) -> Self {
    let type = scalar(of: parameter)
    return ValueType(
      read: { node throws(ValueProblem) in
        guard node.entries != nil else { return try type.read(node) }
        throw ValueProblem(
          "a mapping is not a \(parameter.isTime ? "time" : "number")",
          hint: "\(parameter.name) is one value for the layer, neither drawn nor trained", at: node.site)
      }, text: type.text, yaml: type.yaml, schema: type.schema, words: type.words)
  }
}

extension ValueType where Value == ParameterKeys {
  /// A neuron parameter that is given as a value, or as `none` if `hasNone`; its texts are those of a mapping, too.
  static func parameter(_ parameter: NeuronParameter, hasNone: Bool) -> Self {
    let scalar = ValueType<Double>.scalar(of: parameter)
    func flow(_ keys: ParameterKeys, yaml: Bool) -> String {
      if keys.isNone { return "none" }
      let distribution = ValueType<ParameterDistribution>.distribution(of: parameter)
      let initial = keys.initial ?? .value(parameter.standard)
      let first = yaml ? distribution.yaml(initial) : distribution.text(initial)
      if keys.isValue { return first }
      let bounds = ValueType<ClosedRange<Double>?>.bounds(of: parameter)
      var parts = ["init: \(first)", "bounds: \(yaml ? bounds.yaml(keys.bounds) : bounds.text(keys.bounds))"]
      parts.append("trained: \(keys.isTrained)")
      if let extent = keys.extent { parts.append("per: \(extent.rawValue)") }
      if let way = keys.way { parts.append("via: \(way.rawValue)") }
      return "{" + parts.joined(separator: ", ") + "}"
    }
    let schema: [String: Any] = hasNone ? ["anyOf": [scalar.schema, ["const": "none"]]] : scalar.schema
    return ValueType(
      read: { node throws(ValueProblem) in
        if hasNone, node.scalar == .string("none") { return .none }
        return ParameterKeys(try scalar.read(node))
      }, text: { flow($0, yaml: false) }, yaml: { flow($0, yaml: true) }, schema: schema,
      words: (hasNone ? "`none`, " : "") + scalar.words + ", or a mapping")
  }
}

extension ValueType where Value == ParameterDistribution {
  private enum Kind: String, CaseIterable {
    case uniform, normal, gamma

    /// The two numbers it takes.
    var form: String {
      switch self {
      case .uniform: "[lower, upper]"
      case .normal: "[mean, standard deviation]"
      case .gamma: "[shape, mean]"
      }
    }
  }

  /// `10 ms`, `{uniform: [a, b]}`, `{normal: [mean, std]}` or `{gamma: [shape, mean]}`.
  static func distribution(of parameter: NeuronParameter) -> Self { distribution(.scalar(of: parameter)) }

  /// The same of values of another type.
  static func distribution(_ scalar: ValueType<Double>) -> Self {
    func text(_ distribution: Value, _ scalar: (Double) -> String, _ number: (Double) -> String) -> String {
      switch distribution {
      case .value(let value): scalar(value)
      case .uniform(let lower, let upper): "{uniform: [\(scalar(lower)), \(scalar(upper))]}"
      case .normal(let mean, let deviation): "{normal: [\(scalar(mean)), \(scalar(deviation))]}"
      case .gamma(let shape, let mean): "{gamma: [\(number(shape)), \(scalar(mean))]}"
      }
    }
    return ValueType(
      read: { node throws(ValueProblem) in
        guard let entries = node.entries else { return .value(try scalar.read(node)) }
        guard entries.count == 1, let kind = Kind(rawValue: entries[0].key) else {
          let name = entries.first { Kind(rawValue: $0.key) == nil }
          throw ValueProblem(
            name.map { "\(SafeText.excerpt($0.key)) is not a distribution" } ?? "a distribution is one of the choices",
            hint: NearestName.hint(
              for: name?.key ?? "", among: Kind.allCases.map(\.rawValue), listing: "distributions"),
            at: name?.keySite ?? node.site)
        }
        let value = entries[0].value
        guard let items = value.items, items.count == 2 else {
          throw ValueProblem("\(kind.rawValue) takes \(kind.form)", at: value.site)
        }
        return try read(kind, items[0], items[1], scalar)
      }, text: { text($0, scalar.text, NumberText.number) }, yaml: { text($0, scalar.yaml, NumberText.yaml) },
      schema: [
        "anyOf": [scalar.schema] + Kind.allCases.map { schema($0, scalar.schema) }
      ],
      words: scalar.words + ", or "
        + Kind.allCases.map { "`{\($0.rawValue): \($0.form)}`" }.joined(separator: ", "))
  }

  private static func read(
    _ kind: Kind, _ first: SpecificationNode, _ second: SpecificationNode, _ scalar: ValueType<Double>
  ) throws(ValueProblem) -> Value {
    func positive(_ node: SpecificationNode, _ name: String) throws(ValueProblem) -> Double {
      let value = try scalar.read(node)
      guard value > 0 else { throw ValueProblem("the \(name) \(node.shown) must be above 0", at: node.site) }
      return value
    }
    switch kind {
    case .uniform:
      let range = try scalar.range(first, second)
      return .uniform(lower: range.lowerBound, upper: range.upperBound)
    case .normal:
      return .normal(mean: try scalar.read(first), deviation: try positive(second, "standard deviation"))
    case .gamma:
      let shape = try ValueType<Double>.single(.atLeast(0.1)).read(first)
      return .gamma(shape: shape, mean: try positive(second, "mean"))
    }
  }

  private static func schema(_ kind: Kind, _ scalar: [String: Any]) -> [String: Any] {
    let first = kind == .gamma ? ["type": "number", "minimum": 0.1] : scalar
    let list: [String: Any] = ["type": "array", "prefixItems": [first, scalar], "items": false, "minItems": 2]
    return [
      "type": "object", "properties": [kind.rawValue: list], "required": [kind.rawValue],
      "additionalProperties": false,
    ]
  }
}

extension ValueType where Value == Double {
  /// The range between two values, of which the first must be the smaller one, in single precision too.
  fileprivate func range(
    _ lower: SpecificationNode, _ upper: SpecificationNode
  ) throws(ValueProblem) -> ClosedRange<Double> {
    let (low, high) = (try read(lower), try read(upper))
    guard low < high else { throw ValueProblem("\(text(low)) is not below \(text(high))", at: lower.site) }
    guard Float(low) < Float(high) else {
      throw ValueProblem(
        "\(text(low)) and \(text(high)) are equal in single precision, which the engine uses", at: lower.site)
    }
    return low...high
  }
}

extension ValueType where Value == ClosedRange<Double>? {
  /// `none`, or `[lower, upper]`.
  static func bounds(of parameter: NeuronParameter) -> Self {
    let scalar = ValueType<Double>.scalar(of: parameter)
    func text(_ bounds: Value, _ scalar: (Double) -> String) -> String {
      bounds.map { "[\(scalar($0.lowerBound)), \(scalar($0.upperBound))]" } ?? "none"
    }
    let list: [String: Any] = [
      "type": "array", "items": scalar.schema, "minItems": 2, "maxItems": 2,
    ]
    return ValueType(
      read: { node throws(ValueProblem) in
        if node.scalar == .string("none") { return nil }
        guard let items = node.items, items.count == 2 else {
          throw ValueProblem("\(node.shown) is neither none nor [lower, upper]", at: node.site)
        }
        return try scalar.range(items[0], items[1])
      }, text: { text($0, scalar.text) }, yaml: { text($0, scalar.yaml) },
      schema: ["anyOf": [["const": "none"], list]], words: "`none` or `[lower, upper]`, each \(scalar.words)")
  }
}

extension ValueType where Value == ParameterKeys.Way? {
  /// For a key that is always an error.
  static var never: Self {
    ValueType(
      read: { node throws(ValueProblem) in throw ValueProblem("\(node.shown) has no effect", at: node.site) },
      text: { $0?.rawValue ?? "none" }, schema: ["not": [String: Any]()], words: "none")
  }
}

extension ValueType where Value == Double? {
  /// A time, or `none` for nil.
  static var timeOrNone: Self { ValueType<Double>.time.orNone }

  /// `none` for nil.
  static func singleOrNone(_ range: NumberRange) -> Self { ValueType<Double>.single(range).orNone }
}

extension ValueType where Value == Double {
  fileprivate var orNone: ValueType<Double?> {
    ValueType<Double?>(
      read: { node throws(ValueProblem) in node.scalar == .string("none") ? nil : try read(node) },
      text: { $0.map(text) ?? "none" }, yaml: { $0.map(yaml) ?? "none" },
      schema: ["anyOf": [["const": "none"], schema]], words: "`none` or \(words)")
  }

  /// A part of a whole: at least 0, and below 1 in single precision, too.
  static var share: Self {
    let number = number(.halfOpen(0, 1))
    return ValueType(
      read: { node throws(ValueProblem) in
        let value = try number.read(node)
        if let limit = SinglePrecision.limit(on: value) {
          throw ValueProblem("\(node.shown) is \(limit.problem)", hint: limit.remedy, at: node.site)
        }
        guard Float(value) < 1 else {
          throw ValueProblem(
            "\(node.shown) is 1 in single precision, which the engine uses",
            hint: "at most \(NumberText.number(SinglePrecision.largestBelowOne))", at: node.site)
        }
        return value
      }, text: number.text, yaml: number.yaml, schema: number.schema, words: number.words)
  }

  /// A rate in spikes per second of network time; the unit is required.
  static func rate(_ range: NumberRange) -> Self {
    let number = single(range)
    return ValueType(
      read: { node throws(ValueProblem) in
        guard case .scalar(let text, _) = node.content else {
          throw ValueProblem("\(node.shown) is not a rate", hint: "such as 10 Hz", at: node.site)
        }
        guard text.hasSuffix("Hz") else {
          let isNumber = Quantity(text).map { $0.unit == nil } ?? false
          throw ValueProblem(
            isNumber ? "the rate \(node.shown) has no unit" : "\(node.shown) is not a rate",
            hint: isNumber ? "write \(node.shown) Hz" : "a number with the unit Hz, such as 10 Hz", at: node.site)
        }
        let digits = String(text.dropLast(2).reversed().drop { $0 == " " }.reversed())
        guard Quantity(digits) != nil else {
          throw ValueProblem(
            "\(node.shown) is not a rate", hint: "a number with the unit Hz, such as 10 Hz", at: node.site)
        }
        return try number.read(SpecificationNode(content: .scalar(digits, isPlain: true), site: node.site))
      }, text: { number.text($0) + " Hz" }, yaml: { number.text($0) + " Hz" },
      schema: ["type": "string", "pattern": #"^[+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)? *Hz$"#],
      words: "rate in Hz, \(range.text)")
  }
}
