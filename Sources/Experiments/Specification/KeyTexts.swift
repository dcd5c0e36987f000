import Networks

/// How the values of keys look in canonical form, whatever else a file says.
struct KeyTexts: KeyVisitor {
  /// By dotted key: the value's text, nil if it is not valid.
  private var texts: [String: (SpecificationNode) -> String?] = [:]
  private var prefix = ""

  // Pure functions only, though their types do not say so.
  nonisolated(unsafe) private static let all: KeyTexts = {
    var texts = KeyTexts()
    var configuration = Configuration()
    configuration.visit(&texts)
    return texts
  }()

  /// The value as its key would show it; paths stay as the user wrote them, and so do lists of layers and sections.
  /// `isValid` is false if no file could have it there.
  static func text(_ node: SpecificationNode, of key: String) -> (text: String, isValid: Bool) {
    guard let canonical = all.texts[key] else { return (node.canonicalText, true) }
    guard let text = canonical(node) else { return (node.canonicalText, false) }
    return (["data.train", "data.test", "network.init.file"].contains(key) ? node.canonicalText : text, true)
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    let type = type()
    texts[prefix + key] = { node in (try? type.read(node)).map(type.text) }
  }

  mutating func section(_ key: String, none: inout Bool?, _ about: String, _ body: (inout Self) -> Void) {
    let outer = prefix
    prefix += key + "."
    body(&self)
    prefix = outer
  }

  mutating func variant(of selector: String, _ condition: String, isActive: Bool, _ body: (inout Self) -> Void) {
    body(&self)
  }

  func isGiven(_ key: String, current: Bool) -> Bool { current }

  mutating func inherited(_ body: (inout Self) -> Void) { body(&self) }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {}

  mutating func reject(at key: String, _ message: String, hint: String?) {}
}
