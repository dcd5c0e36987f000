import KernelTable
import Networks

/// Writes every key that affects the numbers and is not at its default, one dotted key per line: adding a key to the
/// table leaves the texts, and so the identities, of all earlier configurations unchanged.
///
/// Changing a default requires raising `RunIdentity.numericVersion`, since the texts do not show it.
struct NumericTextWriter: KeyVisitor {
  private(set) var text = ""
  /// The enclosing sections, each with a dot.
  private var prefix = ""

  private mutating func line(_ key: String, _ value: String) {
    text += prefix
    text += key
    text += ": "
    text += value
    text += "\n"
  }

  private mutating func inside(_ key: String, _ body: (inout Self) -> Void) {
    let outer = prefix
    prefix += key
    prefix += "."
    body(&self)
    prefix = outer
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    guard affectsNumbers else { return }
    if `default`.value == value { return }
    line(key, type().text(value))
  }

  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String
  ) {
    self.value(key, &value, .parameter(parameter, hasNone: hasNone), default: `default`, about)
  }

  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void
  ) {
    if none == true { return }
    inside(key, body)
  }

  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void) {
    if isActive { body(&self) }
  }

  func isGiven(_ key: String, current: Bool) -> Bool { current }

  mutating func inherited(_ body: (inout Self) -> Void) {}

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    line(key, "\(layers.count) layers")
    for index in layers.indices {
      inside("\(key)[\(index)]") { body(&$0, &layers[index]) }
    }
  }
}

extension RunSpecification {
  /// A canonical text of everything that affects the numbers: no names, paths or recording settings. Equal texts, equal
  /// data and equal initial weights mean equal results.
  public var numericText: String {
    var configuration = Configuration(name: "", description: "", seeds: [seed], run: self)
    var writer = NumericTextWriter()
    configuration.visit(&writer)
    return writer.text
  }
}
