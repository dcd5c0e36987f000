/// Turns a configuration with a sweep into runs.
struct Expansion {
  let root: SpecificationNode
  let sweep: Sweep
  private(set) var base = Configuration()
  private(set) var points: [SweepPoint] = []
  private(set) var diagnostics: [Diagnostic]
  private var exclusions: [Exclusion] = []
  /// Swept keys with an invalid value: what it would be in canonical form is not known.
  private var invalidKeys: Set<String> = []

  /// An item of `sweep.exclude`.
  private struct Exclusion {
    struct Entry {
      var key: String
      /// The value in canonical form.
      var text: String
      var site: Site
      /// A point of the sweep has this value.
      var occurs = false
    }

    var entries: [Entry]
    var site: Site
    /// A point of the sweep has all the values.
    var isUsed = false

    mutating func matches(_ texts: [String: String]) -> Bool {
      var isMatch = true
      for index in entries.indices {
        if texts[entries[index].key] == entries[index].text { entries[index].occurs = true } else { isMatch = false }
      }
      isUsed = isUsed || isMatch
      return isMatch
    }
  }

  /// `replaced` are the keys that the file sweeps and the command line sets.
  init(root: SpecificationNode, replaced: Set<String>) {
    self.root = root
    sweep = Sweep(root["sweep"], replaced: replaced)
    diagnostics = sweep.diagnostics
  }

  mutating func expand() {
    guard diagnostics.isEmpty else {
      let (configuration, reader) = ConfigurationReader.read(root)
      base = configuration
      diagnostics += reader.diagnostics
      points = [SweepPoint(swept: [], runs: runs(configuration, swept: []))]
      return
    }
    guard let count = sweep.count, count <= Experiment.maximumRuns else {
      return tooMany()
    }
    exclusions = sweep.exclusions.map { exclusion($0.entries, at: $0.site) }
    guard diagnostics.isEmpty else { return }
    var seen: Set<[String]> = []
    for point in 0..<count {
      read(sweep.indices(ofPoint: point), seen: &seen)
      if points.count * base.seeds.count > Experiment.maximumRuns { return tooMany() }
    }
    if points.isEmpty, diagnostics.isEmpty, let site = sweep.exclusions.first?.site {
      diagnostics.append(Diagnostic("sweep.exclude leaves no run", at: site))
    }
    for exclusion in exclusions where !exclusion.isUsed { reject(exclusion) }
  }

  /// An exclusion that excludes nothing is a slip, unless the command line took the values away that it was written for.
  private mutating func reject(_ exclusion: Exclusion) {
    let keys = exclusion.entries.map(\.key)
    guard sweep.replaced.isDisjoint(with: keys), invalidKeys.isDisjoint(with: keys) else { return }
    let strange = exclusion.entries.filter { !$0.occurs }
    for entry in strange {
      let values = sweep.values(of: entry.key)
      var shown = values.prefix(Self.listedValues).map(\.canonicalText)
      if shown.count < values.count { shown.append("...") }
      diagnostics.append(
        Diagnostic(
          "sweep.exclude: \(entry.key) is never \(entry.text)", hint: "swept values: \(shown.joined(separator: ", "))",
          at: entry.site))
    }
    if strange.isEmpty {
      let list = exclusion.entries.map { "\($0.key): \($0.text)" }.joined(separator: ", ")
      diagnostics.append(
        Diagnostic(
          "sweep.exclude: no point of the sweep has \(list)", hint: "keys of one zip item change together",
          at: exclusion.site))
    }
  }

  /// More values of a key are not listed in a message.
  private static let listedValues = 12

  private mutating func tooMany() {
    let site = root.entry("sweep")?.keySite ?? root.site
    diagnostics.append(Diagnostic("the sweep has more than \(Experiment.maximumRuns) runs", at: site))
  }

  private mutating func read(_ indices: [Int], seen: inout Set<[String]>) {
    var tree = root
    var values: [(key: String, node: SpecificationNode)] = []
    for (axis, index) in zip(sweep.axes, indices) {
      for (key, node) in zip(axis.keys, axis.values[index]) {
        values.append((key, node))
        var node = node
        node.isSubstituted = true
        guard tree.set(key.split(separator: ".").map(String.init)[...], to: node, keySite: node.site) else {
          invalidKeys.insert(key)
          return diagnostics.append(Diagnostic("\(key) is inside a list of the file", at: axis.site))
        }
      }
    }
    let (configuration, reader) = ConfigurationReader.read(tree)
    for (key, node) in values where reader.diagnostics.contains(where: { $0.isAt(node.site) }) {
      invalidKeys.insert(key)
    }
    let swept = values.map { (key: $0.key, value: Self.text($0.node, $0.key, reader)) }
    if isExcluded(swept, reader) {
      // Keeps name and seeds if all points are excluded.
      if points.isEmpty { base = configuration }
      return
    }
    diagnostics += reader.diagnostics
    if !seen.insert(swept.map(\.value)).inserted, let last = values.last {
      let list = swept.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
      let hint =
        sweep.replaced.isEmpty ? nil : "set on the command line: \(sweep.replaced.sorted().joined(separator: ", "))"
      diagnostics.append(Diagnostic("the sweep has \(list) twice", hint: hint, at: last.node.site))
    }
    base = configuration
    points.append(SweepPoint(swept: swept, runs: runs(configuration, swept: swept)))
  }

  /// Of the keys that the command line sets, their value counts: an exclusion holds for it too.
  private mutating func isExcluded(_ swept: [(key: String, value: String)], _ reader: ConfigurationReader) -> Bool {
    guard !exclusions.isEmpty else { return false }
    var texts = Dictionary(swept.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for key in sweep.replaced where texts[key] == nil {
      let node = key.split(separator: ".").reduce(Optional(root)) { $0?[String($1)] }
      texts[key] = node.map { Self.text($0, key, reader) }
    }
    // All of them are asked, so that one that repeats another counts as used.
    return exclusions.indices.reduce(false) { isExcluded, index in
      exclusions[index].matches(texts) || isExcluded
    }
  }

  private func runs(_ configuration: Configuration, swept: [(key: String, value: String)]) -> [RunSpecification] {
    configuration.seeds.map { seed in
      var run = configuration.run
      run.seed = seed
      run.swept = swept
      return run
    }
  }

  /// The value as its key would show it; paths stay as the user wrote them.
  private static func text(_ node: SpecificationNode, _ key: String, _ reader: ConfigurationReader) -> String {
    if ["data.train", "data.test", "network.init.file"].contains(key) { return node.canonicalText }
    return reader.canonical[key] ?? node.canonicalText
  }

  /// The values are validated as swept ones are, those of an item together: one may be what another needs.
  private mutating func exclusion(_ entries: [SpecificationNode.Entry], at site: Site) -> Exclusion {
    var tree = root
    for entry in entries {
      _ = tree.set(entry.key.split(separator: ".").map(String.init)[...], to: entry.value, keySite: entry.value.site)
    }
    let reader = ConfigurationReader.read(tree).reader
    diagnostics += reader.diagnostics.filter { problem in entries.contains { problem.isAt($0.value.site) } }
    return Exclusion(
      entries: entries.map {
        Exclusion.Entry(key: $0.key, text: Self.text($0.value, $0.key, reader), site: $0.value.site)
      }, site: site)
  }
}
