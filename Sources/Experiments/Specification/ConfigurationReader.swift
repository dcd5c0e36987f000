import Networks

/// Takes the values of all keys from a tree and collects every error.
struct ConfigurationReader: KeyVisitor {
  private(set) var diagnostics: [Diagnostic] = []
  /// The values read, by dotted key, in canonical form.
  private(set) var canonical: [String: String] = [:]
  private var frames: [Frame]

  /// The mapping that is being read.
  private struct Frame {
    var path: String
    /// nil if the file leaves the section out.
    var node: SpecificationNode?
    /// Where to report a missing key.
    var site: Site
    var known: [String] = []
    /// Keys of variants that were not chosen, with the condition under which they exist.
    var foreign: [String: String] = [:]
    var inactive: String?
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
    if let condition = frame.inactive {
      frame.foreign[key] = condition
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

  mutating func variant(_ condition: String, isActive: Bool, _ body: (inout Self) -> Void) {
    if !isActive { frame.inactive = condition }
    body(&self)
    frame.inactive = nil
  }

  func isGiven(_ key: String, current: Bool) -> Bool { frame.node?[key] != nil }

  mutating func inherited(_ body: (inout Self) -> Void) { body(&self) }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    guard register(key) else { return }
    layers = [template]
    guard let node = frame.node?[key] else { return }
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
      if let condition = frame.foreign[entry.key] {
        diagnostics.append(Diagnostic("\(name) needs \(condition)", at: entry.keySite))
      } else {
        let hint = NearestName.hint(for: entry.key, among: frame.known, listing: "keys here")
        diagnostics.append(Diagnostic("unknown key \(name)", hint: hint, at: entry.keySite))
      }
    }
  }
}
