import Foundation
import KernelTable
import Networks
import Quantities
import YAML

/// Describes all keys of the table.
struct SchemaCollector: KeyVisitor {
  private(set) var keys: [String] = []
  private(set) var choices: [String: [String]] = [:]
  private var properties: [[String: Any]] = [[:]]
  /// For the same mappings, the keys that each must have in any case.
  private var required: [[String]] = [[]]
  private var isInVariant = false
  private var path: [String] = []
  /// Schema location of the properties of each enclosing mapping.
  private var places = ["#"]
  /// For each of `keys`: its location, and the ranges that can replace a list of its values.
  private var sweepable: [String: (place: String, ranges: [String])] = [:]

  static func collect() -> SchemaCollector {
    var collector = SchemaCollector()
    var configuration = Configuration()
    configuration.visit(&collector)
    collector.properties[0]["sweep"] = collector.sweep
    return collector
  }

  var root: [String: Any] {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "snnexp experiment file", "type": "object",
      "properties": properties[0], "additionalProperties": false, "required": required[0],
      "$defs": SchemaPart.definitions,
    ]
  }

  private var sweep: [String: Any] {
    func mapping(_ values: (_ place: String, _ ranges: [String]) -> [String: Any]) -> [String: Any] {
      ["type": "object", "additionalProperties": false, "properties": sweepable.mapValues(values)]
    }
    let lists = mapping { place, ranges in
      let list: [String: Any] = ["type": "array", "items": ["$ref": place], "minItems": 1]
      return ranges.isEmpty ? list : ["anyOf": [list] + ranges.map { ["$ref": $0] }]
    }
    func list(of item: [String: Any], _ about: String) -> [String: Any] {
      let some = item.merging(["minProperties": 1]) { own, _ in own }
      return ["description": about, "type": ["array", "null"], "items": some]
    }
    var grid = lists
    grid["type"] = ["object", "null"]
    grid["description"] = "Keys with their values; all combinations are runs."
    return [
      "description": "Values to try; every point runs with each seed.",
      "type": ["object", "null"], "additionalProperties": false,
      "properties": [
        "grid": grid,
        "zip": list(of: lists, "Each item: keys whose values, equally many, change together; crossed with the grid."),
        "exclude": list(
          of: mapping { place, _ in ["$ref": place] },
          "Each item: values of swept keys; points that have all of them are left out."),
      ],
    ]
  }

  private mutating func add(_ key: String, _ schema: [String: Any], _ about: String) {
    var schema = schema
    schema["description"] = about
    // A key that exists in two variants is described once.
    properties[properties.count - 1][key] = schema
    if path.first != nil || ["data", "network", "training", "record"].contains(key) {
      let name = (path + [key]).joined(separator: ".")
      if let words = schema["enum"] as? [String] { choices[name] = words }
      if schema["type"] as? String == "boolean" { choices[name] = ["true", "false"] }
      if !keys.contains(name), !path.contains("[]") {
        keys.append(name)
        let place = "\(places[places.count - 1])/properties/\(key)"
        sweepable[name] = (place, SchemaPart.ranges(of: schema))
      }
    }
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    let type = type()
    var (schema, about) = (type.schema, about)
    switch `default` {
    case .value(let value): schema["default"] = Self.json(type.yaml(value))
    case .inherited(_, let source): about += " Default: the value of \(source)."
    case .dependent(_, _, let words): about += " Default: \(words.text)."
    case .required: if !isInVariant { required[required.count - 1].append(key) }
    }
    add(key, schema, about)
  }

  /// A value as written in a file.
  private static func json(_ yaml: String) -> Any? { (try? YAMLDocument(parsing: yaml)).map { json($0.root) } }

  private static func json(_ node: YAMLNode) -> Any {
    switch node.content {
    case .sequence(let items): return items.map(json)
    case .mapping(let entries): return Dictionary(uniqueKeysWithValues: entries.map { ($0.key, json($0.value)) })
    case .scalar(let text, let isPlain):
      switch YAMLScalar(text, isPlain: isPlain) {
      case .null: return NSNull()
      case .boolean(let value): return value
      case .integer(let value): return value
      case .float(let value): return value
      case .string(let value): return value
      }
    }
  }

  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String
  ) {
    let type = ValueType<ParameterKeys>.parameter(parameter, hasNone: hasNone)
    let place = "\(places[places.count - 1])/properties/\(key)/anyOf/1"
    var keys = value
    let object = inside([key], place: place) { keys.visit(&$0, of: parameter) }
    var about = about
    if case .dependent(_, _, let words) = `default` { about += " Default: \(words.text)." }
    add(key, ["anyOf": [type.schema, object]], about)
  }

  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void
  ) {
    let place = "\(places[places.count - 1])/properties/\(key)"
    let object = inside([key], place: none == nil ? place : place + "/anyOf/1", body)
    if none == nil {
      // A section whose keys are all commented out is empty.
      add(key, object.merging(["type": ["object", "null"]]) { $1 }, about)
    } else {
      add(key, ["anyOf": [["const": "none"], object], "default": "none"], about)
    }
  }

  mutating func section(_ key: String, selectedBy selector: String, _ about: String, _ body: (inout Self) -> Void) {
    let object = inside([key], place: "\(places[places.count - 1])/properties/\(key)/anyOf/1", body)
    let selected = (object["properties"] as? [String: Any])?[selector] as? [String: Any]
    let words = selected?["enum"] as? [String] ?? []
    var schema: [String: Any] = ["anyOf": [["enum": words], object.merging(["type": ["object", "null"]]) { $1 }]]
    schema["default"] = selected?["default"]
    add(key, schema, about)
    choices[(path + [key]).joined(separator: ".")] = words
  }

  /// The mapping that `body` describes.
  private mutating func inside(_ keys: [String], place: String, _ body: (inout Self) -> Void) -> [String: Any] {
    path += keys
    places.append(place)
    properties.append([:])
    required.append([])
    let outer = isInVariant
    isInVariant = false
    body(&self)
    isInVariant = outer
    path.removeLast(keys.count)
    places.removeLast()
    return [
      "type": "object", "properties": properties.removeLast(), "required": required.removeLast(),
      "additionalProperties": false,
    ]
  }

  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void) {
    let outer = isInVariant
    isInVariant = true
    body(&self)
    isInVariant = outer
  }

  func isGiven(_ key: String, current: Bool) -> Bool { current }

  mutating func inherited(_ body: (inout Self) -> Void) { body(&self) }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    var layer = template
    let object = inside([key, "[]"], place: "") { body(&$0, &layer) }
    let item: [String: Any] = ["anyOf": [ValueType<Int>.units.schema, object]]
    let list: [String: Any] = ["type": "array", "items": item, "minItems": 1, "maxItems": 64]
    add(key, ["anyOf": [item, list], "default": template.units], about)
  }
}
