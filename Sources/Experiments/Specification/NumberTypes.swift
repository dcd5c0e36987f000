import Quantities
import YAML

extension ValueType where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> Self {
    func limits() -> String {
      range.upperBound == Int.max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
    return ValueType(
      read: { node throws(ValueProblem) in
        let value: Int
        switch node.scalar {
        case .integer(let number)?: value = number
        // `1e2` is accepted.
        case .float(let number)?:
          guard let exact = Int(exactly: number) else { fallthrough }
          value = exact
        default:
          throw ValueProblem(
            "\(node.shown) is not an integer", hint: ValueSlip.number(node) ?? "an integer, \(limits())", at: node.site)
        }
        guard range.contains(value) else { throw ValueProblem("\(value) is out of range: \(limits())", at: node.site) }
        return value
      }, text: { String($0) }, schema: schema(range), words: "integer, \(limits())")
  }

  private static func schema(_ range: ClosedRange<Int>) -> [String: Any] {
    var schema: [String: Any] = ["type": "integer", "minimum": range.lowerBound]
    if range.upperBound < Int.max { schema["maximum"] = range.upperBound }
    return schema
  }
}

extension ValueType where Value == Int? {
  /// An integer, or the word `auto` for nil.
  static func integerOrAuto(_ range: ClosedRange<Int>) -> Self {
    let integer = ValueType<Int>.integer(range)
    return ValueType(
      read: { node throws(ValueProblem) in node.scalar == .string("auto") ? nil : try integer.read(node) },
      text: { $0.map(String.init) ?? "auto" }, schema: ["anyOf": [integer.schema, ["const": "auto"]]],
      words: "`auto` or \(integer.words)")
  }
}

extension ValueType where Value == UInt64 {
  static var seed: Self {
    let integer = ValueType<Int>.integer(0...Int.max)
    return ValueType(
      read: { node throws(ValueProblem) in UInt64(try integer.read(node)) }, text: { String($0) },
      schema: integer.schema, words: integer.words)
  }
}

/// The interval a number must be in.
enum NumberRange {
  case finite
  case atLeast(Double)
  case above(Double)
  /// Includes the first bound, excludes the second.
  case halfOpen(Double, Double)
  case open(Double, Double)
  case closed(Double, Double)

  func contains(_ value: Double) -> Bool {
    switch self {
    case .finite: value.isFinite
    case .atLeast(let low): value >= low && value.isFinite
    case .above(let low): value > low && value.isFinite
    case .halfOpen(let low, let high): value >= low && value < high
    case .open(let low, let high): value > low && value < high
    case .closed(let low, let high): value >= low && value <= high
    }
  }

  var text: String {
    switch self {
    case .finite: "finite"
    case .atLeast(let low): "finite and at least \(NumberText.number(low))"
    case .above(let low): "finite and above \(NumberText.number(low))"
    case .halfOpen(let low, let high): "at least \(NumberText.number(low)) and below \(NumberText.number(high))"
    case .open(let low, let high): "above \(NumberText.number(low)) and below \(NumberText.number(high))"
    case .closed(let low, let high): "\(NumberText.number(low)) to \(NumberText.number(high))"
    }
  }

  var schema: [String: Any] {
    switch self {
    case .finite: ["type": "number", "minimum": -SinglePrecision.largest]
    case .atLeast(let low): ["type": "number", "minimum": low]
    case .above(let low): ["type": "number", "exclusiveMinimum": low]
    case .halfOpen(let low, let high): ["type": "number", "minimum": low, "exclusiveMaximum": high]
    case .open(let low, let high): ["type": "number", "exclusiveMinimum": low, "exclusiveMaximum": high]
    case .closed(let low, let high): ["type": "number", "minimum": low, "maximum": high]
    }
  }
}

extension ValueType where Value == Double {
  static func number(_ range: NumberRange) -> Self {
    ValueType(
      read: { node throws(ValueProblem) in
        let value: Double
        switch node.scalar {
        case .integer(let number)?: value = Double(number)
        case .float(let number)?: value = number
        default:
          throw ValueProblem(
            "\(node.shown) is not a number", hint: ValueSlip.number(node) ?? "a number, \(range.text)", at: node.site)
        }
        guard range.contains(value) else {
          throw ValueProblem("\(node.shown) is out of range: \(range.text)", at: node.site)
        }
        // Turns -0 into 0.
        return value == 0 ? 0 : value
      }, text: NumberText.number, yaml: NumberText.yaml, schema: range.schema, words: "number, \(range.text)")
  }

  /// A number used by the engine: see `SinglePrecision`.
  static func single(_ range: NumberRange) -> Self {
    let number = number(range)
    return ValueType(
      read: { node throws(ValueProblem) in
        let value = try number.read(node)
        if let limit = SinglePrecision.limit(on: value) {
          throw ValueProblem("\(node.shown) is \(limit.problem)", hint: limit.remedy, at: node.site)
        }
        if case .halfOpen(_, 1) = range, Float(value) >= 1 {
          throw ValueProblem(
            "\(node.shown) is 1 in single precision, which the engine uses: the average would never decay",
            hint: "at most \(NumberText.number(SinglePrecision.largestBelowOne))", at: node.site)
        }
        return value
      }, text: number.text, yaml: number.yaml,
      schema: number.schema.merging(["maximum": SinglePrecision.largest]) { own, _ in own },
      words: number.words)
  }

  /// Stored in seconds; a unit is required.
  static var time: Self { time(orZero: false) }

  /// A time that may be 0.
  static var delay: Self { time(orZero: true) }

  private static func time(orZero: Bool) -> Self {
    ValueType(
      read: { node throws(ValueProblem) in
        guard case .scalar(let text, _) = node.content, let quantity = Quantity(text) else {
          throw ValueProblem(
            "\(node.shown) is not a time",
            hint: ValueSlip.time(node) ?? "a number with a unit, such as 10 ms; units: \(TimeUnit.list)", at: node.site)
        }
        guard let seconds = quantity.seconds else {
          // 0.005 was meant in seconds, 5 in milliseconds.
          let unit = quantity.value > 0 && quantity.value < 0.1 ? "s" : "ms"
          throw ValueProblem(
            "the time \(node.shown) has no unit", hint: "write \(node.shown) \(unit); units: \(TimeUnit.list)",
            at: node.site)
        }
        if orZero, seconds == 0 { return 0 }
        guard seconds > 0, seconds.isFinite else {
          throw ValueProblem(
            "the time \(node.shown) must be finite and \(orZero ? "not negative" : "above 0")", at: node.site)
        }
        if let limit = SinglePrecision.limit(on: seconds, unit: " s") {
          throw ValueProblem("the time \(node.shown) is \(limit.problem)", hint: limit.remedy, at: node.site)
        }
        return seconds
      }, text: NumberText.time,
      schema: SchemaPart.time, words: "time in \(TimeUnit.list)\(orZero ? ", or 0 with a unit" : "")")
  }
}

extension ValueType where Value == TimeStep {
  /// A time, or `bin`.
  static var timeStep: Self {
    let time = ValueType<Double>.time
    return ValueType(
      read: { node throws(ValueProblem) in
        if node.scalar == .string("bin") { return .bin }
        do throws(ValueProblem) { return .fixed(try time.read(node)) } catch {
          let hint = ValueSlip.time(node) ?? "bin, or a number with a unit, such as 1 ms; units: \(TimeUnit.list)"
          throw ValueProblem(error.message, hint: node.isTime ? error.hint : hint, at: error.site)
        }
      },
      text: {
        switch $0 {
        case .bin: "bin"
        case .fixed(let seconds): NumberText.time(seconds)
        }
      }, schema: ["anyOf": [["const": "bin"], time.schema]], words: "`bin` or \(time.words)")
  }
}

extension SpecificationNode {
  /// A number with a unit of time, whatever its size.
  fileprivate var isTime: Bool {
    guard case .scalar(let text, _) = content else { return false }
    return Quantity(text)?.unit != nil
  }
}
