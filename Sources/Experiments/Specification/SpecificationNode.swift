import KernelTable
import Quantities
import YAML

/// The tree of an experiment file with overrides and one sweep point merged in; each node knows its source text.
struct SpecificationNode: Sendable {
  indirect enum Content: Sendable {
    case scalar(String, isPlain: Bool)
    case sequence([SpecificationNode])
    case mapping([Entry])
  }

  struct Entry: Sendable {
    var key: String
    var keySite: Site
    var value: SpecificationNode
  }

  var content: Content
  var site: Site
  /// The value was set by a sweep or an override, so it must have an effect.
  var isSubstituted = false

  init(content: Content, site: Site) {
    self.content = content
    self.site = site
  }

  init(_ node: YAMLNode, in source: SourceText, columnOffset: Int = 0) {
    func site(_ mark: YAMLMark) -> Site {
      Site(source: source, line: mark.line, column: mark.column + (mark.line == 1 ? columnOffset : 0))
    }
    self.site = site(node.mark)
    switch node.content {
    case .scalar(let text, let isPlain): content = .scalar(text, isPlain: isPlain)
    case .sequence(let items):
      content = .sequence(items.map { SpecificationNode($0, in: source, columnOffset: columnOffset) })
    case .mapping(let entries):
      content = .mapping(
        entries.map {
          Entry(
            key: $0.key, keySite: site($0.keyMark),
            value: SpecificationNode($0.value, in: source, columnOffset: columnOffset))
        })
    }
  }

  /// Number of values in it, not counting keys.
  var count: Int {
    switch content {
    case .scalar: 1
    case .sequence(let items): items.reduce(1) { $0 + $1.count }
    case .mapping(let entries): entries.reduce(1) { $0 + $1.value.count }
    }
  }

  var scalar: YAMLScalar? {
    guard case .scalar(let text, let isPlain) = content else { return nil }
    return YAMLScalar(text, isPlain: isPlain)
  }

  /// A key without a value.
  var isNull: Bool { scalar == .null }

  var entries: [Entry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }

  var items: [SpecificationNode]? {
    guard case .sequence(let items) = content else { return nil }
    return items
  }

  /// As a mapping: a scalar is the value of its only key, `selector`.
  func mapping(of selector: String) -> SpecificationNode {
    guard case .scalar = content, !isNull else { return self }
    var node = self
    node.content = .mapping([Entry(key: selector, keySite: site, value: self)])
    return node
  }

  func entry(_ key: String) -> Entry? {
    guard case .mapping(let entries) = content else { return nil }
    for index in entries.indices where entries[index].key == key { return entries[index] }
    return nil
  }

  subscript(key: String) -> SpecificationNode? { entry(key)?.value }

  /// Replaces the value of `key`, if present.
  mutating func replace(_ key: String, with value: SpecificationNode) {
    guard case .mapping(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }) else { return }
    entries[index].value = value
    content = .mapping(entries)
  }

  /// The entry at a dotted path, or the nearest one above it.
  func nearestEntry(_ path: [String]) -> Entry? {
    var node = self
    var nearest: Entry?
    for key in path {
      guard let entry = node.entry(key) else { break }
      nearest = entry
      node = entry.value
    }
    return nearest
  }

  /// Sets `value` at a dotted path, creating mappings on the way; a scalar on the way (`validation: none`) is replaced,
  /// except that of a neuron parameter, which becomes its `init`, and of a schedule, which becomes its `kind`.
  ///
  /// Returns false if a list is on the way.
  mutating func set(_ path: ArraySlice<String>, to value: SpecificationNode, keySite: Site) -> Bool {
    guard let key = path.first else {
      self = value
      return true
    }
    var list: [Entry]
    switch content {
    case .mapping(let entries): list = entries
    case .scalar: list = []
    case .sequence: return false
    }
    var child = SpecificationNode(content: .mapping([]), site: keySite)
    let index = list.firstIndex { $0.key == key }
    if let index { child = list[index].value }
    if path.count > 1, let first = Self.firstKey(of: key), case .scalar = child.content, !child.isNull {
      child = child.mapping(of: first)
      child.isSubstituted = false
    }
    guard child.set(path.dropFirst(), to: value, keySite: keySite) else { return false }
    if let index {
      list[index].value = child
      if path.count == 1 { list[index].keySite = keySite }
    } else {
      list.append(Entry(key: key, keySite: keySite, value: child))
    }
    content = .mapping(list)
    return true
  }

  /// The key of a mapping that a scalar in its place means.
  private static func firstKey(of key: String) -> String? {
    NeuronParameter.mappings.contains(key) ? "init" : key == "schedule" ? "kind" : nil
  }

  /// The value in flow style, read identically by YAML 1.1 and 1.2 parsers; relative paths stay relative.
  var yaml: String {
    switch content {
    case .scalar(let text, let isPlain):
      switch YAMLScalar(text, isPlain: isPlain) {
      case .float(let value): return NumberText.yaml(value)
      case .integer, .boolean, .null: return canonicalText
      case .string(let text): return isPlain && Quantity(text)?.unit != nil ? canonicalText : NumberText.string(text)
      }
    case .sequence(let items): return "[" + items.map(\.yaml).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return "{" + entries.map { "\(NumberText.string($0.key)): \($0.value.yaml)" }.joined(separator: ", ") + "}"
    }
  }

  /// Canonical flow YAML: numbers in their shortest form, a space before the unit.
  var canonicalText: String {
    switch content {
    case .scalar(let text, let isPlain):
      switch YAMLScalar(text, isPlain: isPlain) {
      case .integer(let value): return String(value)
      case .float(let value): return NumberText.number(value)
      case .boolean(let value): return value ? "true" : "false"
      case .null: return "null"
      case .string(let text):
        if isPlain, let quantity = Quantity(text), let unit = quantity.unit {
          return "\(NumberText.number(quantity.value)) \(unit.rawValue)"
        }
        return text
      }
    case .sequence(let items): return "[" + items.map(\.canonicalText).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return "{" + entries.map { "\($0.key): \($0.value.canonicalText)" }.joined(separator: ", ") + "}"
    }
  }
}
