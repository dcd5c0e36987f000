import KernelTable
import Networks

/// Visits the key table in `ConfigurationKeys.swift`: `ConfigurationReader` reads the values from a file,
/// `ConfigurationWriter` writes them, `SchemaCollector` and `KeyReference` describe them.
///
/// Types are created only on demand: a sweep reads the table a hundred thousand times.
protocol KeyVisitor {
  /// A key with one value. `affectsNumbers` is false for names, paths and settings that only control recording.
  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String)

  /// A key with a mapping; if omitted, all its keys take their defaults. If `none` is passed, the word `none` is also
  /// accepted, and `body` runs only if it is false; without the key, it is `isNone`.
  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void)

  /// A mapping that may also be written as a word: the value of its key `selector`, as in `schedule: cosine`.
  mutating func section(_ key: String, selectedBy selector: String, _ about: String, _ body: (inout Self) -> Void)

  /// Keys that exist only if `isActive`, that is under `condition`; otherwise they are errors that say so. If an
  /// override or a sweep sets `selector`, keys that the file has for its own choice are ignored instead.
  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void)

  /// Whether the mapping has `key`; `current` if there is no file.
  func isGiven(_ key: String, current: Bool) -> Bool

  /// Keys that only provide defaults for others, which are written explicitly.
  mutating func inherited(_ body: (inout Self) -> Void)

  /// The hidden layers: a number of units, a mapping, or a list of these.
  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void)

  /// A neuron parameter: one value, `none` if `hasNone`, or a mapping.
  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String)

  /// Rejects the combination of values just read, pointing at `key` of the current mapping.
  mutating func reject(at key: String, _ message: String, hint: String?)

  /// Rejects `key` of the current mapping, if given, since it has no effect with the values of `selectors`. If an
  /// override or a sweep sets one of these, and not the key, it is ignored instead.
  mutating func reject(option key: String, of selectors: [String], _ message: String, hint: String?)

  /// Does the same where the selectors are elsewhere: dotted keys from the root.
  mutating func reject(option key: String, ofKeys selectors: [String], _ message: String, hint: String?)

  /// Rejects the value at `path` in the current mapping if an override or a sweep sets it, since it has no effect.
  mutating func reject(unused path: [String], _ message: String)

  /// Whether the value of `key` of the current mapping is invalid, which has been reported.
  func hasFailed(_ key: String) -> Bool
}

extension KeyVisitor {
  mutating func reject(at key: String, _ message: String, hint: String?) {}

  mutating func reject(option key: String, of selectors: [String], _ message: String, hint: String?) {}

  mutating func reject(option key: String, ofKeys selectors: [String], _ message: String, hint: String?) {}

  mutating func reject(unused path: [String], _ message: String) {}

  func hasFailed(_ key: String) -> Bool { false }

  mutating func section(_ key: String, selectedBy selector: String, _ about: String, _ body: (inout Self) -> Void) {
    section(key, about, body)
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    _ about: String
  ) {
    self.value(key, &value, type(), default: `default`, affectsNumbers: true, about)
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: Value,
    affectsNumbers: Bool = true, _ about: String
  ) {
    self.value(key, &value, type(), default: .value(`default`), affectsNumbers: affectsNumbers, about)
  }

  mutating func required<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, hint: String,
    affectsNumbers: Bool = true, _ about: String
  ) {
    self.value(key, &value, type(), default: .required(hint), affectsNumbers: affectsNumbers, about)
  }

  mutating func section(_ key: String, _ about: String, _ body: (inout Self) -> Void) {
    var none: Bool?
    section(key, none: &none, about, body)
  }

  mutating func section(_ key: String, none: inout Bool?, _ about: String, _ body: (inout Self) -> Void) {
    section(key, none: &none, unlessGiven: true, about, body)
  }
}
