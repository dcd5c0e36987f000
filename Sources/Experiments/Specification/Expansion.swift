import SafeText

/// Turns a configuration with a sweep into runs.
struct Expansion {
  let root: SpecificationNode
  let sweep: Sweep
  private(set) var base = Configuration()
  private(set) var points: [SweepPoint] = []
  private(set) var diagnostics: DiagnosticList
  private var exclusions: [Exclusion] = []
  /// The tree of the first point.
  private var firstTree: SpecificationNode?
  /// The swept values in canonical form, by axis, value, key.
  private var texts: [[[String]]] = []
  /// Swept keys with an invalid value, whose canonical form is unknown.
  private var invalidKeys: Set<String> = []
  /// Axes on which two values have the same text, so that points may coincide.
  private var hasTwins = false
  private var seen: Set<[String]> = []
  private var surrogates: KeptSurrogates

  /// `replaced` holds the keys that the file sweeps and the command line sets; `file` is the tree before overrides.
  init(root: SpecificationNode, replaced: Set<String>, file: SpecificationNode) {
    self.root = root
    surrogates = KeptSurrogates(file: file)
    sweep = Sweep(root["sweep"], replaced: replaced)
    diagnostics = sweep.diagnostics
  }

  mutating func expand() {
    guard diagnostics.isEmpty else {
      return diagnostics.add(contentsOf: ConfigurationReader.read(root).reader.diagnostics)
    }
    if let excess = sweep.excess { return refuse(excess) }
    guard isReadable() else { return }
    findTexts()
    readExclusions()
    guard diagnostics.isEmpty, readPoints() else { return }
    if points.isEmpty, diagnostics.isEmpty, let site = sweep.exclusions.first?.site {
      diagnostics.add("sweep.exclude leaves no runs", at: site)
    }
    for exclusion in exclusions where !exclusion.isUsed { reject(exclusion) }
  }

  /// Each point reads the file's values; time is proportional to the product.
  private mutating func isReadable() -> Bool {
    let own = root.count - (root["sweep"]?.count ?? 0)
    let swept = sweep.axes.reduce(0) { $0 + ($1.values.map { $0.reduce(0) { $0 + $1.count } }.max() ?? 0) }
    let excluded = sweep.exclusions.reduce(0) { $0 + $1.entries.reduce(0) { $0 + $1.value.count } }
    let each = own + swept + excluded
    guard (sweep.count + sweep.exclusions.count) * each > Self.maximumReads else { return true }
    refuse(
      "the sweep has \(CountText.count(sweep.count, "point")) and "
        + "\(CountText.count(sweep.exclusions.count, "exclusion")), with \(CountText.count(each, "value")) from the file"
        + " to read for each: too many in total",
      hint: "at most \(Self.maximumReads) in total; shorten the lists, or sweep in parts")
    return false
  }

  /// What a reader of the results must know about how the file's values and those set by overrides and sweeps combine.
  var findings: [Finding] { surrogates.findings }

  private static let maximumReads = 20_000_000

  private mutating func findTexts() {
    for axis in sweep.axes {
      let rows = axis.values.map { row in
        zip(axis.keys, row).map { key, node in
          let (text, isValid) = KeyTexts.text(node, of: key)
          if !isValid { invalidKeys.insert(key) }
          return text
        }
      }
      hasTwins = hasTwins || Set(rows).count < rows.count
      texts.append(rows)
    }
  }

  /// An exclusion that excludes nothing is a mistake, unless the command line removed the values it was written for.
  private mutating func reject(_ exclusion: Exclusion) {
    let keys = exclusion.entries.map(\.key)
    guard sweep.replaced.isDisjoint(with: keys), invalidKeys.isDisjoint(with: keys) else { return }
    let strange = exclusion.entries.filter { !$0.occurs }
    for entry in strange {
      let values = sweptValues(of: entry.key)
      diagnostics.add(
        "sweep.exclude: \(entry.key) is never \(SafeText.excerpt(entry.text))", hint: values, at: entry.site)
    }
    if strange.isEmpty {
      diagnostics.add(
        "sweep.exclude: no point of the sweep has \(Self.list(exclusion.entries.map { ($0.key, $0.text) }))",
        hint: "the keys of a zip item change together", at: exclusion.site)
    }
  }

  /// The first ones, as written in the file.
  private func sweptValues(of key: String) -> String? {
    guard let (axis, column) = sweep.column(of: key) else { return nil }
    let values = sweep.axes[axis].values
    return "swept values: "
      + SafeText.list(values.lazy.map { $0[column].canonicalText }, most: Self.listedValues)
  }

  /// Limit on values of a key listed in a message.
  private static let listedValues = 12

  private static func list(_ values: [(key: String, value: String)]) -> String {
    values.map { "\($0.key): \(SafeText.excerpt($0.value))" }.joined(separator: ", ")
  }

  private mutating func refuse(_ message: String, hint: String? = nil) {
    diagnostics.add(message, hint: hint, at: root.entry("sweep")?.keySite ?? root.site)
  }

  /// Expands the points in order; whatever is unchanged since the previous point is neither set nor read again. Returns
  /// false after a fatal error.
  private mutating func readPoints() -> Bool {
    var (tree, reader, configuration) = (root, ConfigurationReader(root: root), Configuration())
    var (last, isClean) = ([Int]?.none, true)
    defer { diagnostics.add(contentsOf: reader.diagnostics) }
    for point in 0..<sweep.count {
      let indices = sweep.indices(ofPoint: point)
      // All of them are checked, so that an exclusion that repeats another counts as used.
      let isExcluded = exclusions.indices.reduce(false) { exclusions[$1].matches(indices) || $0 }
      guard !isExcluded else { continue }
      var first: String?
      guard set(indices, after: last, in: &tree, first: &first) else { return false }
      firstTree = firstTree ?? tree
      isClean = reader.read(tree, into: &configuration, from: isClean && last != nil ? first : nil)
      last = indices
      guard !reader.diagnostics.isFull else { return false }
      surrogates.add(tree)
      add(configuration, at: indices)
      if points.count * configuration.seeds.count > Experiment.maximumRuns {
        refuse(Sweep.tooManyRuns)
        return false
      }
    }
    return true
  }

  /// Everything needed to write the sweep out again, with only the exclusions that exclude points and only their
  /// varying keys.
  var text: SweepText {
    SweepText(
      tree: firstTree ?? root, axes: sweep.axes, zipped: sweep.zipped,
      exclusions: zip(exclusions, sweep.exclusions).compactMap { exclusion, source in
        guard exclusion.isUsed else { return nil }
        return zip(exclusion.entries, source.entries).compactMap { $0.axis == nil ? nil : ($1.key, $1.value) }
      })
  }

  /// Sets the values that differ from the previous point in the tree, and finds the first section affected. Returns
  /// false if that is not possible.
  private mutating func set(
    _ indices: [Int], after last: [Int]?, in tree: inout SpecificationNode, first: inout String?
  ) -> Bool {
    for (position, index) in indices.enumerated() where last?[position] != index {
      let axis = sweep.axes[position]
      for column in axis.keys.indices {
        var node = axis.values[index][column]
        node.isSubstituted = true
        let path = axis.paths[column]
        guard tree.set(path[...], to: node, keySite: node.site) else {
          diagnostics.add("\(axis.keys[column]) is inside a list in the file", at: axis.site)
          return false
        }
        first = Self.sections.first { $0 == first || $0 == path.first }
      }
    }
    return true
  }

  /// In table order, in which a section may depend on earlier ones.
  private static let sections = ["data", "network", "training", "record"]

  private mutating func add(_ configuration: Configuration, at indices: [Int]) {
    var swept: [(key: String, value: String)] = []
    swept.reserveCapacity(sweep.axes.count)
    for (axis, index) in zip(sweep.axes.indices, indices) {
      for (key, text) in zip(sweep.axes[axis].keys, texts[axis][index]) { swept.append((key, text)) }
    }
    if hasTwins, !seen.insert(swept.map(\.value)).inserted, let axis = sweep.axes.last, let index = indices.last,
      let node = axis.values[index].last
    {
      let replaced = sweep.replaced.sorted().joined(separator: ", ")
      diagnostics.add(
        "the sweep has \(Self.list(swept)) twice",
        hint: replaced.isEmpty ? nil : "set on the command line: \(replaced)",
        at: node.site)
    }
    base = configuration
    points.append(SweepPoint(swept: swept, run: configuration.run, seeds: configuration.seeds))
  }

  /// Values are validated like swept ones, and those of an item together, since one may require another.
  private mutating func readExclusions() {
    var (reader, configuration) = (ConfigurationReader(root: root), Configuration())
    for (entries, site) in sweep.exclusions {
      exclusions.append(exclusion(entries, at: site))
      guard !reader.diagnostics.isFull else { continue }
      var tree = root
      for entry in entries {
        _ = tree.set(entry.key.split(separator: ".").map(String.init)[...], to: entry.value, keySite: entry.value.site)
      }
      _ = reader.read(tree, into: &configuration, from: nil)
    }
    for problem in reader.diagnostics.kept
    where sweep.exclusions.contains(where: { $0.entries.contains { problem.isAt($0.value.site) } }) {
      diagnostics.add(problem)
    }
  }

  private func exclusion(_ entries: [SpecificationNode.Entry], at site: Site) -> Exclusion {
    Exclusion(
      entries: entries.map {
        let text = KeyTexts.text($0.value, of: $0.key).text
        let (axis, isMatch) = matches(of: $0.key, text)
        return Exclusion.Entry(key: $0.key, text: text, site: $0.value.site, axis: axis, isMatch: isMatch)
      }, site: site)
  }

  /// Which values of a swept key have that text. For keys set on the command line, that value is used, so exclusions
  /// apply to it too.
  private func matches(of key: String, _ text: String) -> (axis: Int?, isMatch: [Bool]) {
    if let (axis, column) = sweep.column(of: key) { return (axis, texts[axis].map { $0[column] == text }) }
    let node = key.split(separator: ".").reduce(Optional(root)) { $0?[String($1)] }
    return (nil, [node.map { KeyTexts.text($0, of: key).text == text } ?? false])
  }
}
