import Foundation
import Networks
import Quantities
import YAML

/// Definitions shared by several keys of the schema.
enum SchemaPart {
  /// A time with its unit.
  static var time: [String: Any] { ["$ref": "#/$defs/time"] }

  static var definitions: [String: Any] {
    let number = #"[+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"#
    return [
      "time": [
        "description": "A number with a unit: \(TimeUnit.list).", "type": "string",
        "pattern": "^\(number) *(\(TimeUnit.allCases.map(\.rawValue).joined(separator: "|")))$",
      ],
      "numbers": range(of: ["type": "number"]), "times": range(of: time),
    ]
  }

  /// Replacements for a list of swept values.
  private static func range(of value: [String: Any]) -> [String: Any] {
    func object(_ properties: [String: Any]) -> [String: Any] {
      [
        "type": "object", "properties": properties, "required": properties.keys.sorted(),
        "additionalProperties": false,
      ]
    }
    let list: [String: Any] = [
      "description": "First value, last value, count.", "type": "array",
      "prefixItems": [value, value, ["type": "integer", "minimum": 2]], "items": false, "minItems": 3,
    ]
    return [
      "description": "A range, ends included.",
      "anyOf": [
        object(["from": value, "to": value, "step": value]), object(["linspace": list]), object(["geomspace": list]),
      ],
    ]
  }

  /// The ranges that can replace lists of a schema's values.
  static func ranges(of schema: [String: Any]) -> [String] {
    if let choices = schema["anyOf"] as? [[String: Any]] { return choices.flatMap(ranges) }
    if schema["$ref"] as? String == "#/$defs/time" { return ["#/$defs/times"] }
    return ["number", "integer"].contains(schema["type"] as? String) ? ["#/$defs/numbers"] : []
  }
}
