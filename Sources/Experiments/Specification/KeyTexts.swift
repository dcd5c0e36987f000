import KernelTable
import Networks

/// The canonical form of key values, independent of the rest of the file.
struct KeyTexts: KeyVisitor {
  private struct Texts {
    /// nil if the value is not valid.
    let canonical: (SpecificationNode) -> String?
    let yaml: (SpecificationNode) -> String?
  }

  private var texts: [String: Texts] = [:]
  /// The keys of the mappings of neuron parameters, in table order.
  private var parameters: [String: [String]] = [:]
  private var prefix = ""
  /// Keys of the current mapping.
  private var names: [String] = []

  // Only pure functions, though their types do not express it.
  nonisolated(unsafe) private static let all: KeyTexts = {
    var texts = KeyTexts()
    var configuration = Configuration()
    configuration.visit(&texts)
    return texts
  }()

  /// The value as its key would show it; paths, lists of layers and sections stay as the user wrote them. `isValid` is
  /// false if the value is never valid there.
  static func text(_ node: SpecificationNode, of key: String) -> (text: String, isValid: Bool) {
    if let entries = node.entries, let keys = all.parameters[key] {
      return mapping(entries, of: key, keys)
    }
    guard let texts = all.texts[key] else { return (node.canonicalText, true) }
    guard let text = texts.canonical(node) else { return (node.canonicalText, false) }
    return (["data.train", "data.test", "network.init.file"].contains(key) ? node.canonicalText : text, true)
  }

  /// A neuron parameter's mapping, whatever the order of its keys.
  private static func mapping(
    _ entries: [SpecificationNode.Entry], of key: String, _ keys: [String]
  ) -> (text: String, isValid: Bool) {
    var (parts, isValid) = ([String](), true)
    let order = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($0.element, $0.offset) })
    for entry in entries.sorted(by: { order[$0.key, default: keys.count] < order[$1.key, default: keys.count] }) {
      let part = text(entry.value, of: key + "." + entry.key)
      isValid = isValid && part.isValid && order[entry.key] != nil
      parts.append("\(entry.key): \(part.text)")
    }
    return ("{" + parts.joined(separator: ", ") + "}", isValid)
  }

  /// The value as it can appear in a file anywhere: in flow style, with absolute paths.
  static func yaml(_ node: SpecificationNode, of key: String) -> String {
    if let text = all.texts[key]?.yaml(node) { return text }
    guard let entries = node.entries else { return node.yaml }
    return "{" + entries.map { "\($0.key): \(yaml($0.value, of: key + "." + $0.key))" }.joined(separator: ", ") + "}"
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    let type = type()
    names.append(key)
    texts[prefix + key] = Texts(
      canonical: { node in (try? type.read(node)).map(type.text) },
      yaml: { node in (try? type.read(node)).map(type.yaml) })
  }

  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String
  ) {
    self.value(key, &value, .parameter(parameter, hasNone: hasNone), default: `default`, about)
    let outer = (prefix, names)
    prefix += key + "."
    names = []
    var keys = value
    keys.visit(&self, of: parameter)
    parameters[outer.0 + key] = names
    (prefix, names) = outer
  }

  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void
  ) {
    let outer = prefix
    prefix += key + "."
    body(&self)
    prefix = outer
  }

  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void) {
    body(&self)
  }

  func isGiven(_ key: String, current: Bool) -> Bool { current }

  mutating func inherited(_ body: (inout Self) -> Void) { body(&self) }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {}
}
