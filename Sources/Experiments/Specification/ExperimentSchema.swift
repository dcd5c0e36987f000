import Foundation
import Networks
import Quantities
import YAML

/// The JSON Schema of experiment files, for editors and validators.
public enum ExperimentSchema {
  /// JSON Schema, draft 2020-12.
  public static var json: String {
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: SchemaCollector.collect().root, options: options)
    else {
      return "{}"
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// All dotted keys that a sweep or an override can set, in table order.
  public static let keys = SchemaCollector.collect().keys

  /// The values of keys that accept a fixed set of words.
  public static let choices = SchemaCollector.collect().choices
}
