import Networks

/// Takes the values of all keys from a tree and collects every error.
struct ConfigurationReader: KeyVisitor {
  private(set) var diagnostics: [Diagnostic] = []
  /// The values read, by dotted key, in canonical form.
  private(set) var canonical: [String: String] = [:]
  private var frames: [Frame]

  /// Keys that exist under a condition on another key.
  private struct Variant {
    var selector: String
    var condition: String
  }

  /// The mapping that is being read.
  private struct Frame {
    var path: String
    /// nil if the file leaves the section out.
    var node: SpecificationNode?
    /// Where to report a missing key.
    var site: Site
    var known: [String] = []
    /// Keys of variants that were not chosen.
    var foreign: [String: Variant] = [:]
    var inactive: Variant?
    /// Keys that are only defaults for those of the same name further inside, and which of them were used.
    var inherited: [String] = []
    var used: Set<String> = []
  }

  private init(root: SpecificationNode) {
    frames = [Frame(path: "", node: root, site: root.site)]
  }

  /// Reads a whole configuration; it is only meaningful if there are no diagnostics.
  static func read(_ root: SpecificationNode) -> (configuration: Configuration, reader: ConfigurationReader) {
    var reader = ConfigurationReader(root: root)
    var configuration = Configuration()
    guard root.entries != nil else {
      reader.diagnostics.append(Diagnostic("an experiment file is a mapping of keys to values", at: root.site))
      return (configuration, reader)
    }
    configuration.visit(&reader)
    // Read by `Sweep`.
    reader.frame.known.append("sweep")
    reader.leave()
    return (configuration, reader)
  }

  private var frame: Frame {
    get { frames[frames.count - 1] }
    set { frames[frames.count - 1] = newValue }
  }

  private func path(_ key: String) -> String { frame.path.isEmpty ? key : "\(frame.path).\(key)" }

  /// Notes that the key exists; false if it belongs to a variant that was not chosen.
  private mutating func register(_ key: String) -> Bool {
    if let variant = frame.inactive {
      frame.foreign[key] = variant
      return false
    }
    frame.known.append(key)
    return true
  }

  mutating func value<Value>(
    _ key: String, _ value: inout Value, _ type: ValueType<Value>, default: KeyDefault<Value>, affectsNumbers: Bool,
    _ about: String
  ) {
    guard register(key) else { return }
    if case .value(let fallback) = `default` { value = fallback }
    guard let node = frame.node?[key] else {
      use(key)
      if case .required(let hint) = `default` {
        diagnostics.append(Diagnostic("\(path(key)) is missing", hint: hint.isEmpty ? nil : hint, at: frame.site))
      }
      return
    }
    do {
      value = try type.read(node)
      canonical[path(key)] = type.text(value)
    } catch let problem as ValueProblem {
      diagnostics.append(Diagnostic("\(path(key)): \(problem.message)", hint: problem.hint, at: problem.site))
    } catch {
      diagnostics.append(Diagnostic("\(path(key)): \(error)", at: node.site))
    }
  }

  mutating func section(_ key: String, none: inout Bool?, _ about: String, _ body: (inout Self) -> Void) {
    guard register(key) else { return }
    use(key)
    let entry = frame.node?.entry(key)
    if none != nil {
      none = entry == nil || entry?.value.scalar == .string("none")
      if none == true { return }
    }
    var node = entry?.value
    if let value = node, value.entries == nil {
      // A section whose keys are all commented out is an empty one.
      if !value.isNull || none != nil {
        let expected = none == nil ? "a mapping of keys to values" : "none, or a mapping of keys to values"
        diagnostics.append(Diagnostic("\(path(key)): \(value.shown) is not \(expected)", at: value.site))
        return
      }
      node = nil
    }
    enter(path(key), node, site: entry?.keySite ?? frame.site)
    body(&self)
    leave()
  }

  mutating func variant(of selector: String, _ condition: String, isActive: Bool, _ body: (inout Self) -> Void) {
    if !isActive { frame.inactive = Variant(selector: selector, condition: condition) }
    body(&self)
    frame.inactive = nil
  }

  func isGiven(_ key: String, current: Bool) -> Bool { frame.node?[key] != nil }

  mutating func inherited(_ body: (inout Self) -> Void) {
    let before = frame.known.count
    body(&self)
    frame.inherited = Array(frame.known[before...])
  }

  /// The default of `key` counts: the keys of that name further outside have an effect.
  private mutating func use(_ key: String) {
    for index in frames.indices.dropLast() { frames[index].used.insert(key) }
  }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    guard register(key) else { return }
    layers = [template]
    guard let node = frame.node?[key] else {
      frame.used.formUnion(frame.inherited)
      return
    }
    let items = node.items ?? [node]
    guard (1...64).contains(items.count) else {
      diagnostics.append(Diagnostic("\(path(key)): \(items.count) layers is out of range: 1 to 64", at: node.site))
      return
    }
    layers = []
    for (index, item) in items.enumerated() {
      var layer = template
      let itemPath = node.items == nil ? path(key) : "\(path(key))[\(index)]"
      if item.entries != nil {
        enter(itemPath, item, site: item.site)
        body(&self, &layer)
        leave()
      } else {
        frame.used.formUnion(frame.inherited)
        do { layer.units = try ValueType<Int>.units.read(item) } catch let problem as ValueProblem {
          let hint = problem.hint.map { "\($0), or a mapping with units" }
          diagnostics.append(Diagnostic("\(itemPath): \(problem.message)", hint: hint, at: problem.site))
        } catch {}
      }
      layers.append(layer)
    }
  }

  mutating func reject(at key: String, _ message: String, hint: String?) {
    let site = frame.node?[key]?.site ?? frame.site
    diagnostics.append(Diagnostic("\(path(key)): \(message)", hint: hint, at: site))
  }

  private mutating func enter(_ path: String, _ node: SpecificationNode?, site: Site) {
    frames.append(Frame(path: path, node: node, site: site))
  }

  /// Ends a mapping: whatever it holds that no key of the table asked for is an error.
  private mutating func leave() {
    let frame = frames.removeLast()
    for entry in frame.node?.entries ?? [] where !frame.known.contains(entry.key) {
      let name = frame.path.isEmpty ? entry.key : "\(frame.path).\(entry.key)"
      if let variant = frame.foreign[entry.key] {
        let isReplaced = frame.node?[variant.selector]?.isSubstituted == true && !entry.value.isSubstituted
        if isReplaced { continue }
        diagnostics.append(Diagnostic("\(name) needs \(variant.condition)", at: entry.keySite))
      } else {
        let hint = NearestName.hint(for: entry.key, among: frame.known, listing: "keys here")
        diagnostics.append(Diagnostic("unknown key \(name)", hint: hint, at: entry.keySite))
      }
    }
    // A sweep or an override that changes nothing would look like a result.
    for key in frame.inherited where !frame.used.contains(key) {
      guard let entry = frame.node?.entry(key), entry.value.isSubstituted else { continue }
      let message = "\(frame.path).\(key) has no effect: every layer sets its own \(key)"
      diagnostics.append(Diagnostic(message, at: entry.value.site))
    }
  }
}
