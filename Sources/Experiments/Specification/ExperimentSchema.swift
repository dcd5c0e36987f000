import Foundation
import Networks

/// The JSON Schema of experiment files, for editors.
public enum ExperimentSchema {
  /// JSON Schema, draft 2020-12.
  public static var json: String {
    let collector = SchemaCollector.collect()
    var root = collector.object
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    root["title"] = "snnexp experiment file"
    root["required"] = ["experiment"]
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: root, options: options) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  /// All dotted keys that a sweep or an override can set, in the table's order.
  public static let keys = SchemaCollector.collect().keys
}

/// Describes all keys of the table.
struct SchemaCollector: KeyVisitor {
  private(set) var keys: [String] = []
  private var properties: [[String: Any]] = [[:]]
  private var path: [String] = []

  static func collect() -> SchemaCollector {
    var collector = SchemaCollector()
    var configuration = Configuration()
    configuration.visit(&collector)
    let values: [String: Any] = ["type": ["array", "object"]]
    let sweep: [String: Any] = [
      "description": "Values to try: grid (all combinations), zip (paired), exclude.",
      "type": ["object", "null"], "additionalProperties": false,
      "properties": [
        "grid": ["type": ["object", "null"], "additionalProperties": values],
        "zip": ["type": ["array", "null"], "items": ["type": "object", "additionalProperties": values]],
        "exclude": ["type": ["array", "null"], "items": ["type": "object"]],
      ],
    ]
    collector.properties[0]["sweep"] = sweep
    return collector
  }

  var object: [String: Any] {
    ["type": "object", "properties": properties[properties.count - 1], "additionalProperties": false]
  }

  private mutating func add(_ key: String, _ schema: [String: Any], _ about: String) {
    var schema = schema
    schema["description"] = about
    properties[properties.count - 1][key] = schema
    if path.first != nil || ["data", "network", "training", "record"].contains(key) {
      let name = (path + [key]).joined(separator: ".")
      if !keys.contains(name), !path.contains("[]") { keys.append(name) }
    }
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    add(key, type().schema, about)
  }

  mutating func section(_ key: String, none: inout Bool?, _ about: String, _ body: (inout Self) -> Void) {
    path.append(key)
    properties.append([:])
    body(&self)
    let object = self.object
    properties.removeLast()
    path.removeLast()
    add(key, none == nil ? object : ["anyOf": [["const": "none"], object]], about)
  }

  mutating func variant(of selector: String, _ condition: String, isActive: Bool, _ body: (inout Self) -> Void) {
    body(&self)
  }

  func isGiven(_ key: String, current: Bool) -> Bool { current }

  mutating func inherited(_ body: (inout Self) -> Void) { body(&self) }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    path += [key, "[]"]
    properties.append([:])
    var layer = template
    body(&self, &layer)
    let item: [String: Any] = ["anyOf": [ValueType<Int>.units.schema, object]]
    properties.removeLast()
    path.removeLast(2)
    let list: [String: Any] = ["type": "array", "items": item, "minItems": 1, "maxItems": 64]
    add(key, ["anyOf": [item, list]], about)
  }

  mutating func reject(at key: String, _ message: String, hint: String?) {}
}
