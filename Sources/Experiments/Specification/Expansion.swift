/// Turns a configuration with a sweep into runs.
struct Expansion {
  let root: SpecificationNode
  let sweep: Sweep
  private(set) var base = Configuration()
  private(set) var points: [SweepPoint] = []
  private(set) var diagnostics: [Diagnostic]

  init(root: SpecificationNode) {
    self.root = root
    sweep = Sweep(root["sweep"])
    diagnostics = sweep.diagnostics
  }

  mutating func expand() {
    guard diagnostics.isEmpty, !sweep.axes.isEmpty else {
      let (configuration, reader) = ConfigurationReader.read(root)
      base = configuration
      diagnostics += reader.diagnostics
      points = [SweepPoint(swept: [], runs: runs(configuration, swept: []))]
      return
    }
    guard let count = sweep.count, count <= Experiment.maximumRuns else {
      return tooMany()
    }
    let exclusions = sweep.exclusions.map { item in
      item.entries.map { (key: $0.key, text: canonical($0.value, for: $0.key)) }
    }
    guard diagnostics.isEmpty else { return }
    var seen: Set<[String]> = []
    for point in 0..<count {
      read(sweep.indices(ofPoint: point), exclusions: exclusions, seen: &seen)
      if points.count * base.seeds.count > Experiment.maximumRuns { return tooMany() }
    }
    if points.isEmpty, diagnostics.isEmpty, let site = sweep.exclusions.first?.site {
      diagnostics.append(Diagnostic("sweep.exclude leaves no run", at: site))
    }
  }

  private mutating func tooMany() {
    let site = root.entry("sweep")?.keySite ?? root.site
    diagnostics.append(Diagnostic("the sweep has more than \(Experiment.maximumRuns) runs", at: site))
  }

  private mutating func read(
    _ indices: [Int], exclusions: [[(key: String, text: String)]], seen: inout Set<[String]>
  ) {
    var tree = root
    var values: [(key: String, node: SpecificationNode)] = []
    for (axis, index) in zip(sweep.axes, indices) {
      for (key, node) in zip(axis.keys, axis.values[index]) {
        values.append((key, node))
        var node = node
        node.isSubstituted = true
        guard tree.set(key.split(separator: ".").map(String.init)[...], to: node, keySite: node.site) else {
          return diagnostics.append(Diagnostic("\(key) is inside a list of the file", at: axis.site))
        }
      }
    }
    let (configuration, reader) = ConfigurationReader.read(tree)
    let swept = values.map { (key: $0.key, value: Self.text($0.node, $0.key, reader)) }
    let texts = Dictionary(swept.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    if exclusions.contains(where: { item in item.allSatisfy { texts[$0.key] == $0.text } }) {
      // Keeps name and seeds if all points are excluded.
      if points.isEmpty { base = configuration }
      return
    }
    diagnostics += reader.diagnostics
    if !seen.insert(swept.map(\.value)).inserted, let last = values.last {
      let list = swept.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
      diagnostics.append(Diagnostic("the sweep has \(list) twice", at: last.node.site))
    }
    base = configuration
    points.append(SweepPoint(swept: swept, runs: runs(configuration, swept: swept)))
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

  /// The canonical form of an excluded value, after the same validation as that of a swept one.
  private mutating func canonical(_ node: SpecificationNode, for key: String) -> String {
    var tree = root
    _ = tree.set(key.split(separator: ".").map(String.init)[...], to: node, keySite: node.site)
    let reader = ConfigurationReader.read(tree).reader
    diagnostics += reader.diagnostics.filter {
      $0.file == node.site.source.name && $0.line == node.site.line && $0.column == node.site.column
    }
    return Self.text(node, key, reader)
  }
}
