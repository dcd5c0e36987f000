import KernelTable
import Networks
import Quantities
import SafeText

/// Reads the values of all keys from a tree and collects every error.
///
/// Created once for all points of a sweep: whatever is unchanged since the previous point is not read again.
struct ConfigurationReader: KeyVisitor {
  /// Errors of all trees read.
  private(set) var diagnostics = DiagnosticList()
  private var current: Frame
  private var outer: [Frame] = []
  /// Names of the keys of `current`, preceded by those of the enclosing mappings, as in the table.
  private var known: [String] = []
  /// Likewise, keys of variants that were not selected.
  private var foreign: [(key: String, variant: Variant)] = []
  /// Keys of any mapping whose value is invalid: what depends on them is not rejected.
  private var failedKeys: Set<String> = []
  /// The top-level section before which nothing changed.
  private var unchangedUntil: String?

  /// Keys that exist under a condition on another key.
  private struct Variant {
    var selector: String
    var condition: KeyCondition
  }

  /// A required key missing from the file.
  private struct MissingKey {
    var key: String
    var hint: String
    /// The key whose value makes it required, if any.
    var selector: String?
  }

  /// The mapping being read.
  private struct Frame {
    var key: String
    /// nil if the file omits the section.
    var node: SpecificationNode?
    /// Where to report a missing key.
    var site: Site
    var firstKnown = 0
    var firstForeign = 0
    /// Number of entries of `node` that the table requested.
    var found = 0
    var inactive: Variant?
    var missing: [MissingKey] = []
    /// The key that selected the variant being read.
    var selector: String?
    /// Keys with invalid values.
    var failed: [String] = []
    /// Keys that only provide defaults for nested keys of the same name, as positions in `known`, and which were used.
    var inherited = 0..<0
    var used: Set<String> = []
  }

  init(root: SpecificationNode) { current = Frame(key: "", node: root, site: root.site) }

  /// Reads a whole configuration; the result is meaningful only if there are no diagnostics.
  static func read(_ root: SpecificationNode) -> (configuration: Configuration, reader: ConfigurationReader) {
    var reader = ConfigurationReader(root: root)
    var configuration = Configuration()
    _ = reader.read(root, into: &configuration, from: nil)
    return (configuration, reader)
  }

  /// Reads `root` into a configuration that was read from a tree that differs from it only in the section `first` and
  /// after it; nil: anywhere. Returns whether there was no error.
  mutating func read(
    _ root: SpecificationNode, into configuration: inout Configuration, from first: String?
  ) -> Bool {
    let before = diagnostics.reports
    guard root.entries != nil else {
      diagnostics.add("an experiment file is a mapping of keys to values", at: root.site)
      return false
    }
    current = Frame(key: "", node: root, site: root.site)
    reset()
    unchangedUntil = first
    configuration.visit(&self)
    // Read by `Sweep`.
    if find("sweep") != nil { current.found += 1 }
    known.append("sweep")
    leave()
    return diagnostics.reports == before
  }

  private mutating func reset() {
    known.removeAll(keepingCapacity: true)
    foreign.removeAll(keepingCapacity: true)
    outer.removeAll(keepingCapacity: true)
    failedKeys.removeAll(keepingCapacity: true)
  }

  /// The dotted key of an entry of the current mapping; for an empty name, that of the mapping itself.
  private func path(_ key: String) -> String {
    (outer.map(\.key) + [current.key, key]).filter { !$0.isEmpty }.joined(separator: ".")
  }

  /// Registers that the key exists; false if it belongs to a variant that was not selected.
  private mutating func register(_ key: String) -> Bool {
    if let variant = current.inactive {
      foreign.append((key, variant))
      return false
    }
    known.append(key)
    return true
  }

  private func find(_ key: String) -> SpecificationNode.Entry? { current.node?.entry(key) }

  /// Whether top-level `key` is unchanged; reading starts at the first changed one.
  private mutating func isUnchanged(_ key: String) -> Bool {
    guard let first = unchangedUntil, outer.isEmpty else { return false }
    if key == first {
      unchangedUntil = nil
      return false
    }
    if find(key) != nil { current.found += 1 }
    return true
  }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    guard register(key), !isUnchanged(key) else { return }
    if let fallback = `default`.value { value = fallback }
    guard let node = find(key)?.value else {
      use(key)
      if case .required(let hint) = `default` {
        current.missing.append(MissingKey(key: key, hint: hint, selector: current.selector))
      }
      return
    }
    current.found += 1
    do throws(ValueProblem) { value = try type().read(node) } catch {
      diagnostics.add(error, of: path(key))
      fail(key)
    }
  }

  private mutating func fail(_ key: String) {
    current.failed.append(key)
    failedKeys.insert(key)
  }

  func hasFailed(_ key: String) -> Bool { current.failed.contains(key) }

  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String
  ) {
    guard let entry = find(key), entry.value.entries != nil else {
      return self.value(key, &value, .parameter(parameter, hasNone: hasNone), default: `default`, about)
    }
    guard register(key) else { return }
    current.found += 1
    value = ParameterKeys()
    let before = diagnostics.reports
    enter(key, entry.value, site: entry.keySite)
    value.visit(&self, of: parameter)
    leave()
    if diagnostics.reports > before { fail(key) }
  }

  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void
  ) {
    section(key, find(key), none: &none, unlessGiven: isNone, about, body)
  }

  mutating func section(_ key: String, selectedBy selector: String, _ about: String, _ body: (inout Self) -> Void) {
    var (entry, none) = (find(key), Bool?.none)
    if let value = entry?.value { entry?.value = value.mapping(of: selector) }
    section(key, entry, none: &none, unlessGiven: true, about, body)
  }

  private mutating func section(
    _ key: String, _ entry: SpecificationNode.Entry?, none: inout Bool?, unlessGiven isNone: Bool, _ about: String,
    _ body: (inout Self) -> Void
  ) {
    guard register(key), !isUnchanged(key) else { return }
    use(key)
    if entry != nil { current.found += 1 }
    if none != nil {
      none = entry.map { $0.value.scalar == .string("none") } ?? isNone
      if none == true { return }
    }
    var node = entry?.value
    if let value = node, value.entries == nil {
      // A section whose keys are all commented out is empty.
      if !value.isNull || none != nil {
        let expected = none == nil ? "is not a mapping of keys to values" : "is neither none nor a mapping"
        let hint = sectionHint(path(key), value, hasNone: none != nil, about)
        return diagnostics.add("\(path(key)): \(value.shown) \(expected)", hint: hint, at: value.site)
      }
      node = nil
    }
    enter(key, node, site: entry?.keySite ?? current.site)
    body(&self)
    leave()
  }

  /// How to write what a value in place of a mapping probably meant.
  private func sectionHint(_ path: String, _ value: SpecificationNode, hasNone: Bool, _ about: String) -> String? {
    if case .scalar(let text, _) = value.content, value.scalar != .null {
      if hasNone, ["none", "null", "off", "no", "false"].contains(text.lowercased()) { return "write none" }
      if KeyHelp.all.contains(path + ".kind"), value.scalar == .string(text), !text.contains(".") {
        return "write {kind: \(SafeText.excerpt(text))}"
      }
    }
    return about.contains("{") ? about : nil
  }

  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void) {
    let outer = (current.inactive, current.selector)
    // Within a variant that was not selected, there is none that is.
    if current.inactive == nil {
      if isActive {
        current.selector = selector
      } else {
        current.inactive = Variant(selector: selector, condition: condition)
      }
    }
    body(&self)
    (current.inactive, current.selector) = outer
  }

  func isGiven(_ key: String, current isCurrent: Bool) -> Bool { find(key) != nil }

  mutating func inherited(_ body: (inout Self) -> Void) {
    let before = known.count
    body(&self)
    current.inherited = before..<known.count
  }

  /// The default of `key` is used, so outer keys of that name have an effect.
  private mutating func use(_ key: String) {
    for index in outer.indices where known[outer[index].inherited].contains(key) { outer[index].used.insert(key) }
  }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    guard register(key) else { return }
    layers = [template]
    guard let node = find(key)?.value else { return useInherited() }
    current.found += 1
    let items = node.items ?? [node]
    guard (1...64).contains(items.count) else {
      return diagnostics.add("\(path(key)): \(items.count) layers; a network has 1 to 64", at: node.site)
    }
    layers = []
    for (index, item) in items.enumerated() {
      var layer = template
      let itemKey = node.items == nil ? key : "\(key)[\(index)]"
      if item.entries != nil {
        enter(itemKey, item, site: item.site)
        body(&self, &layer)
        leave()
      } else {
        useInherited()
        do throws(ValueProblem) { layer.units = try ValueType<Int>.units.read(item) } catch {
          var problem = error
          problem.hint = problem.hint.map { "\($0), or a mapping with units" }
          diagnostics.add(problem, of: path(itemKey))
        }
      }
      layers.append(layer)
    }
  }

  private mutating func useInherited() { current.used.formUnion(known[current.inherited]) }

  mutating func reject(at key: String, _ message: String, hint: String?) {
    diagnostics.add("\(path(key)): \(message)", hint: hint, at: find(key)?.value.site ?? current.site)
  }

  mutating func reject(option key: String, of selectors: [String], _ message: String, hint: String?) {
    // One message is enough.
    current.used.insert(key)
    guard let entry = find(key), !failedKeys.contains(where: selectors.contains) else { return }
    guard !isReplaced(entry, by: selectors) else { return }
    reject(option: entry, message, hint)
  }

  mutating func reject(option key: String, ofKeys selectors: [String], _ message: String, hint: String?) {
    current.used.insert(key)
    guard let entry = find(key) else { return }
    guard Self.isSubstituted(entry.value) || !selectors.contains(where: isSubstituted) else { return }
    reject(option: entry, message, hint)
  }

  private mutating func reject(option entry: SpecificationNode.Entry, _ message: String, _ hint: String?) {
    let site = Self.substitutedPart(entry.value) ?? entry.keySite
    diagnostics.add("\(path(entry.key)): \(message)", hint: hint, at: site)
  }

  mutating func reject(unused names: [String], _ message: String) {
    guard let node = names.reduce(current.node, { $0?[$1] }), Self.isSubstituted(node) else { return }
    diagnostics.add("\(path(names.joined(separator: "."))) \(message)", at: node.site)
  }

  /// Where a part of a mapping was set by an override or a sweep.
  private static func substitutedPart(_ node: SpecificationNode) -> Site? {
    node.entries?.lazy.compactMap { $0.value.isSubstituted ? $0.value.site : substitutedPart($0.value) }.first
  }

  /// Whether an override or a sweep sets a selector, but not the entry, which was written for the file's own choice.
  private func isReplaced(_ entry: SpecificationNode.Entry, by selectors: [String]) -> Bool {
    guard !Self.isSubstituted(entry.value) else { return false }
    return selectors.contains { selector in
      if let own = current.node?[selector] { return own.isSubstituted }
      // A layer inherits its selectors, also those of its sections, and may itself be substituted.
      guard let place = outer.lastIndex(where: { !$0.inherited.isEmpty }), let network = outer[place].node else {
        return false
      }
      let path = (outer[(place + 1)...].map(\.key) + [current.key]).dropFirst() + [selector]
      guard let first = path.first, known[outer[place].inherited].contains(first) else { return false }
      let node = path.reduce(Optional(network)) { $0?[$1] }
      return node?.isSubstituted == true && network["hidden"]?.isSubstituted != true
    }
  }

  /// Whether an override or a sweep sets the value of a dotted key, a part of it, or what it is a part of.
  private func isSubstituted(_ key: String) -> Bool {
    var node = outer.first?.node ?? current.node
    for part in key.split(separator: ".") {
      node = node?[String(part)]
      if node?.isSubstituted == true { return true }
    }
    return node.map(Self.isSubstituted) ?? false
  }

  /// The value, or a part of it, was set by an override or a sweep.
  private static func isSubstituted(_ node: SpecificationNode) -> Bool {
    node.isSubstituted || node.entries?.contains { isSubstituted($0.value) } == true
  }

  private mutating func enter(_ key: String, _ node: SpecificationNode?, site: Site) {
    outer.append(current)
    current = Frame(key: key, node: node, site: site, firstKnown: known.count, firstForeign: foreign.count)
  }

  /// Ends a mapping: every entry that no key of the table requested is an error.
  private mutating func leave() {
    var meant: Set<String> = []
    if let entries = current.node?.entries {
      if entries.count > current.found { meant = rejectUnknown(entries) }
      rejectUnused(entries)
    }
    for missing in current.missing where !meant.contains(missing.key) {
      if let selector = missing.selector, current.failed.contains(selector) { continue }
      let hint = missing.hint.isEmpty ? nil : missing.hint
      diagnostics.add("\(path(missing.key)) is missing", hint: hint, at: current.site)
    }
    known.removeLast(known.count - current.firstKnown)
    foreign.removeLast(foreign.count - current.firstForeign)
    if let last = outer.popLast() { current = last }
  }

  /// Returns the keys of this mapping that typos probably mean, and the alternatives that these make unnecessary.
  private mutating func rejectUnknown(_ entries: [SpecificationNode.Entry]) -> Set<String> {
    let names = Array(known[current.firstKnown...])
    let others = foreign[current.firstForeign...]
    let alternatives = others.filter { if case .without = $0.variant.condition { true } else { false } }
    let sections = outer.isEmpty ? entries.filter { names.contains($0.key) && $0.value.isNull } : []
    var meant: Set<String> = []
    for entry in entries where !names.contains(entry.key) {
      let name = path(SafeText.excerpt(entry.key))
      let variants = others.filter { $0.key == entry.key }.map(\.variant)
      // Within the selected variant, an alternative to the key is given.
      let alternative = variants.last { if case .without = $0.condition { true } else { false } }
      if let variant = alternative ?? variants.last {
        let isUncertain = if case .models = variant.condition { failedKeys.contains(variant.selector) } else { false }
        if !isUncertain, !isReplaced(entry, by: [variant.selector]) {
          reject(entry, name, variant.condition, among: variants.map(\.condition))
        }
        continue
      }
      if !current.missing.isEmpty,
        let near = NearestName.nearest(to: entry.key, among: names + alternatives.map(\.key))
      {
        meant.insert(near)
        // {speaker: [3]} does not lack a fraction.
        for other in alternatives where other.key == near {
          if case .without(let keys) = other.variant.condition { meant.formUnion(keys) }
        }
      }
      if entry.value.isNull, let quantity = Quantity(entry.key) {
        diagnostics.add(
          "\(SafeText.excerpt(entry.key)) is not a key",
          hint:
            "a comma ends a value; use a decimal point, such as 0.5\(quantity.unit.map { " \($0.rawValue)" } ?? "")",
          at: entry.keySite)
        continue
      }
      diagnostics.add(
        "unknown key \(name)",
        hint: Self.outdentHint(entry, sections)
          ?? KeyHelp.hint(for: entry.key, among: names + alternatives.map(\.key)), at: entry.keySite)
    }
    return meant
  }

  /// For a top-level key that belongs to the empty section above it.
  private static func outdentHint(
    _ entry: SpecificationNode.Entry, _ sections: [SpecificationNode.Entry]
  ) -> String? {
    guard let section = sections.last(where: { $0.keySite.line < entry.keySite.line }),
      KeyHelp.all.contains("\(section.key).\(entry.key)")
    else { return nil }
    return "indent it to belong to \(SafeText.excerpt(section.key)), line \(section.keySite.line)"
  }

  /// - Parameter all: the conditions of all variants that have the key.
  private mutating func reject(
    _ entry: SpecificationNode.Entry, _ name: String, _ condition: KeyCondition, among all: [KeyCondition]
  ) {
    switch condition {
    case .with:
      var values: [String] = []
      for case .with(let value) in all where !values.contains(value) { values.append(value) }
      diagnostics.add("\(name) needs \(KeyCondition.list(values, last: "or"))", at: entry.keySite)
    case .without(let others):
      let other = others.first { current.node?[$0] != nil } ?? others[0]
      diagnostics.add("\(path("")): give \(other) or \(entry.key), not both", at: entry.keySite)
    case .models(let model, let option):
      let problem = option.problem(of: [model])
      diagnostics.add("\(name): \(problem.message)", hint: problem.hint, at: entry.keySite)
    }
  }

  /// A sweep or override without effect would look like a result.
  private mutating func rejectUnused(_ entries: [SpecificationNode.Entry]) {
    for key in known[current.inherited] where !current.used.contains(key) {
      guard let entry = entries.first(where: { $0.key == key }), Self.isSubstituted(entry.value) else { continue }
      diagnostics.add("\(path(key)) has no effect: every layer sets its own \(key)", at: entry.value.site)
    }
  }
}
