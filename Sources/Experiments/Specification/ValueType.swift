import Foundation
import YAML

/// What is wrong with one value.
struct ValueProblem: Error {
  var message: String
  var hint: String?
  var site: Site

  init(_ message: String, hint: String? = nil, at site: Site) {
    self.message = message
    self.hint = hint
    self.site = site
  }
}

/// How values of one type are read from YAML, written as YAML and described in the JSON Schema.
struct ValueType<Value> {
  var read: (SpecificationNode) throws -> Value
  /// A YAML value in flow style.
  var text: (Value) -> String
  var schema: [String: Any]
}

extension ValueType where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> Self {
    var schema: [String: Any] = ["type": "integer", "minimum": range.lowerBound]
    if range.upperBound < Int.max { schema["maximum"] = range.upperBound }
    let limits =
      range.upperBound == Int.max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    return ValueType(
      read: { node in
        let value: Int
        switch node.scalar {
        case .integer(let number)?: value = number
        // `1e2` is fine.
        case .float(let number)?:
          guard let exact = Int(exactly: number) else { fallthrough }
          value = exact
        default: throw ValueProblem("\(node.shown) is not an integer", hint: "an integer, \(limits)", at: node.site)
        }
        guard range.contains(value) else { throw ValueProblem("\(value) is out of range: \(limits)", at: node.site) }
        return value
      }, text: { String($0) }, schema: schema)
  }
}

extension ValueType where Value == Int? {
  /// An integer, or the word `auto` for nil.
  static func integerOrAuto(_ range: ClosedRange<Int>) -> Self {
    let integer = ValueType<Int>.integer(range)
    return ValueType(
      read: { $0.scalar == .string("auto") ? nil : try integer.read($0) },
      text: { $0.map(String.init) ?? "auto" }, schema: ["anyOf": [integer.schema, ["const": "auto"]]])
  }
}

extension ValueType where Value == UInt64 {
  static var seed: Self {
    let integer = ValueType<Int>.integer(0...Int.max)
    return ValueType(read: { UInt64(try integer.read($0)) }, text: { String($0) }, schema: integer.schema)
  }
}

/// The interval a number must be in.
enum NumberRange {
  case atLeast(Double)
  case above(Double)
  /// From the first, included, to the second, not included.
  case halfOpen(Double, Double)
  case open(Double, Double)

  func contains(_ value: Double) -> Bool {
    switch self {
    case .atLeast(let low): value >= low && value.isFinite
    case .above(let low): value > low && value.isFinite
    case .halfOpen(let low, let high): value >= low && value < high
    case .open(let low, let high): value > low && value < high
    }
  }

  var text: String {
    switch self {
    case .atLeast(let low): "finite and at least \(NumberText.number(low))"
    case .above(let low): "finite and above \(NumberText.number(low))"
    case .halfOpen(let low, let high): "at least \(NumberText.number(low)) and below \(NumberText.number(high))"
    case .open(let low, let high): "above \(NumberText.number(low)) and below \(NumberText.number(high))"
    }
  }

  var schema: [String: Any] {
    switch self {
    case .atLeast(let low): ["type": "number", "minimum": low]
    case .above(let low): ["type": "number", "exclusiveMinimum": low]
    case .halfOpen(let low, let high): ["type": "number", "minimum": low, "exclusiveMaximum": high]
    case .open(let low, let high): ["type": "number", "exclusiveMinimum": low, "exclusiveMaximum": high]
    }
  }
}

extension ValueType where Value == Double {
  static func number(_ range: NumberRange) -> Self {
    ValueType(
      read: { node in
        let value: Double
        switch node.scalar {
        case .integer(let number)?: value = Double(number)
        case .float(let number)?: value = number
        default: throw ValueProblem("\(node.shown) is not a number", hint: "a number \(range.text)", at: node.site)
        }
        guard range.contains(value) else {
          throw ValueProblem("\(node.shown) is out of range: \(range.text)", at: node.site)
        }
        return value
      }, text: NumberText.number, schema: range.schema)
  }

  /// Seconds; a unit is required.
  static var time: Self {
    ValueType(
      read: { node in
        guard case .scalar(let text, _) = node.content, let quantity = Quantity(text) else {
          throw ValueProblem(
            "\(node.shown) is not a time", hint: "a number with a unit: \(TimeUnit.list)", at: node.site)
        }
        guard let seconds = quantity.seconds else {
          throw ValueProblem(
            "the time \(text) has no unit", hint: "units: \(TimeUnit.list), as in \(text) ms", at: node.site)
        }
        guard seconds > 0, seconds.isFinite else {
          throw ValueProblem("the time \(text) must be finite and above 0", at: node.site)
        }
        return seconds
      }, text: NumberText.time,
      schema: ["type": "string", "pattern": #"^[+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)? *(s|ms|us)$"#])
  }
}

extension ValueType where Value == Bool {
  static var boolean: Self {
    ValueType(
      read: { node in
        if case .boolean(let value)? = node.scalar { return value }
        var hint = "true or false"
        if case .string(let word)? = node.scalar {
          if ["yes", "on", "y"].contains(word.lowercased()) { hint = "write true; in YAML 1.2 \(word) is a string" }
          if ["no", "off", "n"].contains(word.lowercased()) { hint = "write false; in YAML 1.2 \(word) is a string" }
        }
        throw ValueProblem("\(node.shown) is neither true nor false", hint: hint, at: node.site)
      }, text: { $0 ? "true" : "false" }, schema: ["type": "boolean"])
  }
}

extension ValueType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the names of an enumeration.
  static var choice: Self {
    let names = Value.allCases.map(\.rawValue)
    return ValueType(
      read: { node in
        if case .scalar(let text, _) = node.content, let value = Value(rawValue: text) { return value }
        throw ValueProblem(
          "\(node.shown) is not a choice here",
          hint: NearestName.hint(for: node.shown, among: names, listing: "choices"), at: node.site)
      }, text: { $0.rawValue }, schema: ["enum": names])
  }
}

extension ValueType where Value == TimeStep {
  /// A time, or `bin`.
  static var timeStep: Self {
    let time = ValueType<Double>.time
    return ValueType(
      read: { node in
        if node.scalar == .string("bin") { return .bin }
        do { return .fixed(try time.read(node)) } catch let problem as ValueProblem {
          throw ValueProblem(problem.message, hint: "bin, or a number with a unit: \(TimeUnit.list)", at: problem.site)
        }
      },
      text: {
        switch $0 {
        case .bin: "bin"
        case .fixed(let seconds): NumberText.time(seconds)
        }
      }, schema: ["anyOf": [["const": "bin"], time.schema]])
  }
}

extension ValueType where Value == String {
  static var string: Self {
    ValueType(
      read: { node in
        guard case .scalar(let text, _) = node.content else {
          throw ValueProblem("\(node.shown) is not a text", at: node.site)
        }
        return text
      }, text: NumberText.string, schema: ["type": "string"])
  }

  /// Name of the results folder.
  static var name: Self {
    ValueType(
      read: { node in
        let text = try string.read(node)
        let allowed = text.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || "._-".utf8.contains($0)
        }
        guard allowed, !text.isEmpty, !text.hasPrefix("."), text.utf8.count <= 200 else {
          throw ValueProblem(
            "\(node.shown) cannot name a folder", hint: "letters, digits, '.', '_' and '-', not beginning with '.'",
            at: node.site)
        }
        return text
      }, text: NumberText.string, schema: ["type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]*$"])
  }

  /// A file, relative to the file or, in an override, to the working directory; made absolute.
  static var path: Self {
    ValueType(
      read: { node in
        let text = try string.read(node)
        guard !text.isEmpty else { throw ValueProblem("an empty path", at: node.site) }
        let expanded = NSString(string: text).expandingTildeInPath
        let base = URL(fileURLWithPath: node.site.source.directory, isDirectory: true)
        return URL(fileURLWithPath: expanded, relativeTo: base).standardizedFileURL.path
      }, text: NumberText.string, schema: ["type": "string"])
  }
}

extension ValueType {
  /// A list with items of type `element`, distinct and not empty.
  static func list<Element: Hashable>(of element: ValueType<Element>) -> ValueType<[Element]> {
    ValueType<[Element]>(
      read: { node in
        guard let items = node.items else { throw ValueProblem("\(node.shown) is not a list", at: node.site) }
        guard !items.isEmpty else { throw ValueProblem("the list is empty", at: node.site) }
        var seen: Set<Element> = []
        return try items.map {
          let value = try element.read($0)
          guard seen.insert(value).inserted else {
            throw ValueProblem("\(element.text(value)) is in the list twice", at: $0.site)
          }
          return value
        }
      }, text: { "[" + $0.map(element.text).joined(separator: ", ") + "]" },
      schema: ["type": "array", "items": element.schema, "minItems": 1, "uniqueItems": true])
  }
}

extension ValueType where Value == [UInt64] {
  /// `[0, 1, 2]`, `0..4` with both ends, or one number.
  static var seeds: Self {
    let list = ValueType<UInt64>.list(of: .seed)
    let schema: [String: Any] = [
      "anyOf": [list.schema, ValueType<UInt64>.seed.schema, ["type": "string", "pattern": #"^[0-9]+\.\.[0-9]+$"#]]
    ]
    return ValueType(
      read: { node in
        guard case .scalar(let text, _) = node.content else { return try list.read(node) }
        guard text.contains("..") else { return [try ValueType<UInt64>.seed.read(node)] }
        let ends = text.components(separatedBy: "..").map { Int($0.trimmingCharacters(in: .whitespaces)) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low >= 0, low <= high, high - low < 100_000 else {
          throw ValueProblem("\(text) is not a range of seeds", hint: "as in 0..4, both ends included", at: node.site)
        }
        return (low...high).map { UInt64($0) }
      }, text: list.text, schema: schema)
  }
}

extension SpecificationNode {
  /// The value as it is named in messages.
  var shown: String {
    switch content {
    case .scalar(let text, let isPlain): isPlain ? (text.isEmpty ? "an empty value" : text) : "\"\(text)\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
