import Networks

/// Writes a configuration out, every default included.
struct ConfigurationWriter: KeyVisitor {
  private(set) var text = ""
  private var indent = ""
  private var isActive = true

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    if isActive { line("\(key): \(type().text(value))") }
  }

  mutating func section(_ key: String, none: inout Bool?, _ about: String, _ body: (inout Self) -> Void) {
    guard isActive else { return }
    if none == true { return line("\(key): none") }
    line("\(key):")
    let outer = indent
    indent = outer.replacing("-", with: " ") + "  "
    body(&self)
    indent = outer.replacing("-", with: " ")
  }

  mutating func variant(of selector: String, _ condition: String, isActive: Bool, _ body: (inout Self) -> Void) {
    guard isActive, self.isActive else { return }
    body(&self)
  }

  func isGiven(_ key: String, current: Bool) -> Bool { current }

  mutating func inherited(_ body: (inout Self) -> Void) {
    isActive = false
    body(&self)
    isActive = true
  }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    line("\(key):")
    let outer = indent
    for index in layers.indices {
      // The first key of an item follows its dash.
      indent = outer + "  - "
      body(&self, &layers[index])
    }
    indent = outer
  }

  mutating func reject(at key: String, _ message: String, hint: String?) {}

  private mutating func line(_ content: String) {
    text += indent + content + "\n"
    indent = indent.replacing("-", with: " ")
  }
}

extension RunSpecification {
  /// The resolved configuration, every default written out, as an experiment file of this one run.
  public func yaml(name: String, description: String) -> String {
    var configuration = Configuration(name: name, description: description, seeds: [seed], run: self)
    var writer = ConfigurationWriter()
    configuration.visit(&writer)
    return writer.text
  }
}
