import Networks
import SafeText

/// Takes the values of all keys from a tree and collects every error.
///
/// Made once and used for all points of a sweep: what did not change since the point before is not read again.
struct ConfigurationReader: KeyVisitor {
  /// Of all trees read.
  private(set) var diagnostics = DiagnosticList()
  private var current: Frame
  private var outer: [Frame] = []
  /// Names of the keys of `current` and, before them, of the mappings around it, as the table has them.
  private var known: [String] = []
  /// Likewise keys of variants that were not chosen.
  private var foreign: [(key: String, variant: Variant)] = []
  /// Sections at the top before which nothing changed.
  private var unchangedUntil: String?

  /// Keys that exist under a condition on another key.
  private struct Variant {
    var selector: String
    var condition: String
  }

  /// The mapping that is being read.
  private struct Frame {
    var key: String
    /// nil if the file leaves the section out.
    var node: SpecificationNode?
    /// Where to report a missing key.
    var site: Site
    var firstKnown = 0
    var firstForeign = 0
    /// How many entries of `node` the table has asked for.
    var found = 0
    var inactive: Variant?
    /// Keys that are only defaults for those of the same name further inside, as positions in `known`, and which of
    /// them were used.
    var inherited = 0..<0
    var used: Set<String> = []
  }

  init(root: SpecificationNode) { current = Frame(key: "", node: root, site: root.site) }

  /// Reads a whole configuration; it is only meaningful if there are no diagnostics.
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
  }

  /// The dotted key of an entry of the current mapping.
  private func path(_ key: String) -> String {
    (outer.map(\.key) + [current.key, key]).filter { !$0.isEmpty }.joined(separator: ".")
  }

  /// Notes that the key exists; false if it belongs to a variant that was not chosen.
  private mutating func register(_ key: String) -> Bool {
    if let variant = current.inactive {
      foreign.append((key, variant))
      return false
    }
    known.append(key)
    return true
  }

  private func find(_ key: String) -> SpecificationNode.Entry? { current.node?.entry(key) }

  /// Whether `key` of the top is as it was; the first that is not is where reading begins.
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
        diagnostics.add("\(path(key)) is missing", hint: hint.isEmpty ? nil : hint, at: current.site)
      }
      return
    }
    current.found += 1
    do throws(ValueProblem) { value = try type().read(node) } catch { diagnostics.add(error, of: path(key)) }
  }

  mutating func section(_ key: String, none: inout Bool?, _ about: String, _ body: (inout Self) -> Void) {
    guard register(key), !isUnchanged(key) else { return }
    use(key)
    let entry = find(key)
    if entry != nil { current.found += 1 }
    if none != nil {
      none = entry == nil || entry?.value.scalar == .string("none")
      if none == true { return }
    }
    var node = entry?.value
    if let value = node, value.entries == nil {
      // A section whose keys are all commented out is an empty one.
      if !value.isNull || none != nil {
        let expected = none == nil ? "a mapping of keys to values" : "none, or a mapping of keys to values"
        return diagnostics.add("\(path(key)): \(value.shown) is not \(expected)", at: value.site)
      }
      node = nil
    }
    enter(key, node, site: entry?.keySite ?? current.site)
    body(&self)
    leave()
  }

  mutating func variant(of selector: String, _ condition: String, isActive: Bool, _ body: (inout Self) -> Void) {
    if !isActive { current.inactive = Variant(selector: selector, condition: condition) }
    body(&self)
    current.inactive = nil
  }

  func isGiven(_ key: String, current isCurrent: Bool) -> Bool { find(key) != nil }

  mutating func inherited(_ body: (inout Self) -> Void) {
    let before = known.count
    body(&self)
    current.inherited = before..<known.count
  }

  /// The default of `key` counts: the keys of that name further outside have an effect.
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
      return diagnostics.add("\(path(key)): \(items.count) layers is out of range: 1 to 64", at: node.site)
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

  private mutating func enter(_ key: String, _ node: SpecificationNode?, site: Site) {
    outer.append(current)
    current = Frame(key: key, node: node, site: site, firstKnown: known.count, firstForeign: foreign.count)
  }

  /// Ends a mapping: whatever it holds that no key of the table asked for is an error.
  private mutating func leave() {
    if let entries = current.node?.entries {
      if entries.count > current.found { rejectUnknown(entries) }
      rejectUnused(entries)
    }
    known.removeLast(known.count - current.firstKnown)
    foreign.removeLast(foreign.count - current.firstForeign)
    if let last = outer.popLast() { current = last }
  }

  private mutating func rejectUnknown(_ entries: [SpecificationNode.Entry]) {
    let names = Array(known[current.firstKnown...])
    for entry in entries where !names.contains(entry.key) {
      let name = path(SafeText.excerpt(entry.key))
      if let variant = foreign[current.firstForeign...].last(where: { $0.key == entry.key })?.variant {
        let isReplaced = current.node?[variant.selector]?.isSubstituted == true && !entry.value.isSubstituted
        if !isReplaced { diagnostics.add("\(name) needs \(variant.condition)", at: entry.keySite) }
      } else {
        diagnostics.add(
          "unknown key \(name)", hint: NearestName.hint(for: entry.key, among: names, listing: "keys here"),
          at: entry.keySite)
      }
    }
  }

  /// A sweep or an override that changes nothing would look like a result.
  private mutating func rejectUnused(_ entries: [SpecificationNode.Entry]) {
    for key in known[current.inherited] where !current.used.contains(key) {
      guard let entry = entries.first(where: { $0.key == key }), entry.value.isSubstituted else { continue }
      diagnostics.add("\(path(key)) has no effect: every layer sets its own \(key)", at: entry.value.site)
    }
  }
}
