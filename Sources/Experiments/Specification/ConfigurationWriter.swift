import KernelTable
import Networks

/// Writes a configuration, including every default.
///
/// For a sweep, writes the configuration shared by all points: without the swept keys and those inheriting from them
/// (the readout's `tau_mem` if `network.tau_mem` is swept). Its values are then read from the file's tree, which knows
/// what was given.
struct ConfigurationWriter: KeyVisitor {
  /// nil: left out.
  private var lines: [String?] = []
  /// The lines of each key, and the line that gives its default, if that can be written.
  private var places: [String: (lines: Range<Int>, standard: String?)] = [:]
  private var indent = ""
  /// For a sweep: its keys, and the mapping being written in the first point's tree, if it exists there.
  private let swept: [String]
  private var isSweep: Bool
  private var node: SpecificationNode?
  /// The enclosing sections, each with a dot.
  private var prefix = ""
  /// Whether the network gives delays of recurrent spikes, and the sweep varies whether there are any.
  private var variesRecurrence = false
  private enum Part {
    case written
    /// Writes only what the file gives: a variant that the first point does not have.
    case given
    /// Writes only neuron parameters of which a part is swept.
    case partlySwept
    case skipped
  }
  private var part = Part.written
  /// Within keys that only provide defaults for others.
  private var isInherited = false

  /// For one run.
  init() { (swept, isSweep, node) = ([], false, nil) }

  /// - Parameters:
  ///   - swept: the swept keys.
  ///   - tree: tree of the first point.
  init(swept: [String], tree: SpecificationNode) { (self.swept, isSweep, node) = (swept, true, tree) }

  var text: String { lines.lazy.compactMap { $0.map { $0 + "\n" } }.joined() }

  /// Whether the current mapping is a layer.
  private var isLayer: Bool {
    prefix.hasPrefix("network.hidden[") && prefix.utf8.count { $0 == UInt8(ascii: ".") } == 2
  }

  /// The key that gives a layer's key its default: `network.delays.input` of `network.hidden[0].delays.input`.
  private func inherited(_ key: String) -> String? {
    guard key.hasPrefix("network.hidden["), let end = key.firstRange(of: "].") else { return nil }
    return "network." + key[end.upperBound...]
  }

  private func isSwept(_ key: String) -> Bool { swept.contains { key == $0 || key.hasPrefix($0 + ".") } }

  /// Whether some part of the key is swept.
  private func varies(_ key: String) -> Bool { swept.contains { Sweep.overlap($0, key) } }

  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    let given = isSweep ? node?[key] : nil
    if isSweep, let read = given.map({ try? type().read($0) }) ?? `default`.value { value = read }
    if isSwept(prefix + key) || !isWritten(given) { return }
    if given == nil, followsFromOthers(`default`) { return }
    line("\(key): \(type().yaml(value))")
    let standard = followsFromOthers(`default`) ? nil : `default`.value.map { "\(key): \(type().yaml($0))" }
    note(key, from: lines.count - 1, standard: standard)
  }

  private mutating func note(_ key: String, from first: Int, standard: String?) {
    let margin = lines[first].map { String($0.prefix { " -".contains($0) }) } ?? ""
    places[prefix + key] = (first..<lines.count, standard.map { margin + $0 })
  }

  /// A key without effect is an error when read again, unless the sweep varies what decides that: in the place of a
  /// value that is given for another choice, its default is written.
  mutating func reject(option key: String, of selectors: [String], _ message: String, hint: String?) {
    omit(key, unlessVaried: selectors.flatMap { [prefix + $0] + (inherited(prefix + $0).map { [$0] } ?? []) })
  }

  mutating func reject(option key: String, ofKeys selectors: [String], _ message: String, hint: String?) {
    omit(key, unlessVaried: selectors)
  }

  private mutating func omit(_ key: String, unlessVaried selectors: [String]) {
    let isGiven = isSweep && node?[key] != nil
    guard let place = places[prefix + key], !isGiven || !selectors.contains(where: varies) else { return }
    let first = lines[place.lines.lowerBound]
    for index in place.lines { lines[index] = nil }
    if isGiven, place.standard != first { lines[place.lines.lowerBound] = place.standard }
  }

  private func isWritten(_ given: SpecificationNode?) -> Bool {
    switch part {
    case .written: true
    case .given: given != nil
    case .partlySwept, .skipped: false
    }
  }

  /// Whether a default must not be written, since it differs between points or layers.
  private func followsFromOthers<Value>(_ fallback: KeyDefault<Value>) -> Bool {
    switch fallback {
    case .value, .required: false
    case .inherited(_, let from): varies(from) || varies(Self.model)
    case .dependent(_, let keys, _): isInherited || keys.contains { varies($0) || varies(prefix + $0) }
    }
  }

  /// The key that decides which keys layers have, and their defaults.
  private static let model = "network.neuron"

  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String
  ) {
    let given = isSweep ? node?[key] : nil
    let type = ValueType<ParameterKeys>.parameter(parameter, hasNone: hasNone)
    if isSweep {
      if given?.entries != nil {
        value = ParameterKeys()
      } else if let read = given.map({ try? type.read($0) }) ?? `default`.value {
        value = read
      }
    }
    let name = prefix + key
    let isPartlySwept = part == .partlySwept && varies(name)
    let isShown =
      (isWritten(given) || isPartlySwept) && !isSwept(name) && (given != nil || !followsFromOthers(`default`))
    if given?.entries == nil, value.isValue {
      if isShown { line("\(key): \(type.yaml(value))") }
      return
    }
    inside(key, given) { writer in
      guard isShown else { return writer.skipping { value.visit(&$0, of: parameter) } }
      let outer = (writer.part, writer.isSweep)
      // An inherited mapping is not in the tree here.
      (writer.part, writer.isSweep) = (.written, outer.1 && given != nil)
      writer.block(key) { value.visit(&$0, of: parameter) }
      (writer.part, writer.isSweep) = outer
    }
  }

  /// A mapping on lines of its own; one whose keys are all swept is omitted.
  private mutating func block(_ key: String, _ body: (inout Self) -> Void) {
    let before = indent
    line("\(key):")
    let (head, outer) = (lines.count, indent)
    indent = outer + "  "
    body(&self)
    indent = outer
    if lines.count == head {
      lines.removeLast()
      indent = before
    }
  }

  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void
  ) {
    section(key, isSweep ? node?[key] : nil, none: &none, unlessGiven: isNone, body)
  }

  mutating func section(_ key: String, selectedBy selector: String, _ about: String, _ body: (inout Self) -> Void) {
    var none: Bool?
    section(key, isSweep ? node?[key]?.mapping(of: selector) : nil, none: &none, unlessGiven: true, body)
  }

  private mutating func section(
    _ key: String, _ given: SpecificationNode?, none: inout Bool?, unlessGiven isNone: Bool,
    _ body: (inout Self) -> Void
  ) {
    if isSweep, none != nil { none = given.map { $0.scalar == .string("none") } ?? isNone }
    let name = prefix + key
    if name == "network.delays" { variesRecurrence = given?["recurrent"] != nil && varies("network.recurrent") }
    // What a layer inherits and the sweep varies is written where it comes from.
    let isVaried = isSweep && given == nil && none != nil && (inherited(name).map(isVariedSection) ?? false)
    let isPartlySwept = part == .partlySwept && none != nil && isVariedSection(name)
    let isShown = (isWritten(given) || isPartlySwept) && !isSwept(name) && !isVaried
    if none == true {
      if isShown { line("\(key): none") }
      return
    }
    var written: Int?
    inside(key, given) { writer in
      guard isShown else { return writer.skipping(body) }
      let (outer, begin) = (writer.part, writer.lines.count)
      if isPartlySwept { writer.part = .written }
      writer.block(key, body)
      writer.part = outer
      written = begin
    }
    if let written, written < lines.count { note(key, from: written, standard: isNone ? "\(key): none" : nil) }
  }

  /// Whether a part of the network's section varies, or whether layers inherit it.
  private func isVariedSection(_ name: String) -> Bool {
    varies(name) || (variesRecurrence && ["network.delays", "network.delays.recurrent"].contains(name))
  }

  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void) {
    let outer = part
    if !isActive, part == .written {
      let isVaried = varies(prefix + selector) || (isLayer && varies("network." + selector))
      part = isSweep && isVaried ? .given : .skipped
    }
    body(&self)
    part = outer
  }

  /// Values are read anyway: others may inherit from them.
  private mutating func skipping(_ body: (inout Self) -> Void) {
    let outer = part
    part = .skipped
    body(&self)
    part = outer
  }

  func isGiven(_ key: String, current: Bool) -> Bool { isSweep ? node?[key] != nil : current }

  mutating func inherited(_ body: (inout Self) -> Void) {
    // Layers list all of them, unless the layers or what their defaults depend on is swept.
    let isShown = isSwept("network.hidden") || varies(Self.model) || varies("network.surrogate.kind")
    let outer = (part, isInherited)
    (part, isInherited) = (isShown ? .written : .partlySwept, true)
    body(&self)
    (part, isInherited) = outer
  }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    guard !isSwept(prefix + key) else { return }
    let given = isSweep ? node?[key] : nil
    let items = given?.items ?? given.map { [$0] } ?? []
    if isSweep { layers = Array(repeating: template, count: max(1, items.count)) }
    line("\(key):")
    let outer = indent
    for index in layers.indices {
      var item = items.indices.contains(index) ? items[index] : nil
      if let units = item, units.entries == nil {
        let entry = SpecificationNode.Entry(key: "units", keySite: units.site, value: units)
        item = SpecificationNode(content: .mapping([entry]), site: units.site)
      }
      inside("\(key)[\(index)]", item) { writer in
        // The first key of an item follows its dash.
        writer.indent = outer + "  - "
        body(&writer, &layers[index])
      }
    }
    indent = outer
  }

  private mutating func inside(_ key: String, _ content: SpecificationNode?, _ body: (inout Self) -> Void) {
    let outer = (node, prefix)
    (node, prefix) = (content, prefix + key + ".")
    body(&self)
    (node, prefix) = outer
  }

  private mutating func line(_ content: String) {
    lines.append(indent + content)
    indent = indent.replacing("-", with: " ")
  }
}

extension RunSpecification {
  /// The resolved configuration with every default, as an experiment file for this one run.
  public func yaml(name: String, description: String) -> String {
    var configuration = Configuration(name: name, description: description, seeds: [seed], run: self)
    var writer = ConfigurationWriter()
    configuration.visit(&writer)
    return writer.text
  }
}

extension Experiment {
  /// The resolved configuration with every default, all seeds and the sweep: a file for the same runs.
  public var yaml: String { sweepText.yaml }
}
