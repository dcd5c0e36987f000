import SafeText

/// The `sweep` section: which keys take which values.
struct Sweep: Sendable {
  /// Keys that change together: a key of the grid, or an item of zip.
  struct Axis: Sendable {
    var keys: [String]
    /// The keys, split at the dots.
    var paths: [[String]]
    /// By value, then by key.
    var values: [[SpecificationNode]]
    var site: Site

    init(keys: [String], values: [[SpecificationNode]], site: Site) {
      self.keys = keys
      paths = keys.map { $0.split(separator: ".").map(String.init) }
      self.values = values
      self.site = site
    }
  }

  /// Grid axes come first.
  private(set) var axes: [Axis] = []
  /// Number of axes that are zip items.
  private(set) var zipped = 0
  private(set) var exclusions: [(entries: [SpecificationNode.Entry], site: Site)] = []
  /// Keys swept in the file but set on the command line; exclusions may name them.
  let replaced: Set<String>
  private(set) var diagnostics = DiagnosticList()
  /// Points before exclusion.
  private(set) var count = 1
  /// Set if a limit is exceeded; the axes are incomplete then.
  private(set) var excess: String?
  private var valueCount = 0

  private static let maximumValues = 1_000_000

  var keys: [String] { axes.flatMap(\.keys) }

  /// The axis of a swept key, and its position there.
  func column(of key: String) -> (axis: Int, column: Int)? {
    for (index, axis) in axes.enumerated() {
      if let column = axis.keys.firstIndex(of: key) { return (index, column) }
    }
    return nil
  }

  init(_ node: SpecificationNode?, replaced: Set<String>) {
    self.replaced = replaced
    guard let node, !node.isNull else { return }
    guard let entries = node.entries else {
      diagnostics.add("sweep: \(node.shown) is not a mapping", at: node.site)
      return
    }
    for entry in entries where !["grid", "zip", "exclude"].contains(entry.key) { rejectUnknown(entry) }
    readGrid(node["grid"])
    readZip(node["zip"])
    readExclude(node["exclude"])
  }

  private mutating func rejectUnknown(_ entry: SpecificationNode.Entry) {
    let key = SafeText.excerpt(entry.key)
    guard NearestName.nearest(to: entry.key, among: ["grid", "zip", "exclude"]) == nil,
      let path = KeyHelp.all.contains(entry.key) ? entry.key : KeyHelp.elsewhere(entry.key)
    else {
      return diagnostics.add(
        "unknown key sweep.\(key)",
        hint: NearestName.hint(for: entry.key, among: ["grid", "zip", "exclude"], listing: "keys here"),
        at: entry.keySite)
    }
    let nested = Self.leaves(entry.value, at: path).map { "\($0.path): \($0.value)" }
    diagnostics.add(
      "sweep.\(key): swept keys belong below grid",
      hint: nested.isEmpty ? "such as grid: {network.tau_mem: [5 ms, 10 ms]}" : "write grid: {\(Self.list(nested))}",
      at: entry.keySite)
  }

  /// Lists in nested mappings, each with its dotted key.
  private static func leaves(_ node: SpecificationNode, at path: String) -> [(path: String, value: String, site: Site)]
  {
    guard let entries = node.entries, !SweepRange.isRange(node) else {
      return [(path, SafeText.excerpt(node.canonicalText, limit: 40), node.site)]
    }
    return entries.prefix(4).flatMap { entry in
      Self.leaves(entry.value, at: path + "." + SafeText.excerpt(entry.key)).prefix(4).map {
        ($0.path, $0.value, $0.site)
      }
    }
  }

  private static func list(_ items: [String]) -> String { items.joined(separator: ", ") }

  /// A mapping in flow style, as shown in hints.
  private static func flow(_ node: SpecificationNode) -> String { SafeText.excerpt(node.canonicalText, limit: 120) }

  private mutating func readGrid(_ node: SpecificationNode?) {
    guard let node, !node.isNull else { return }
    guard let entries = node.entries else {
      let items = (node.items ?? []).flatMap { $0.entries ?? [] }
      return diagnostics.add(
        "sweep.grid: \(node.shown) is not a mapping of keys to lists",
        hint: items.isEmpty
          ? "such as grid: {network.tau_mem: [5 ms, 10 ms]}"
          : "write the keys without dashes: {\(Self.list(items.map { "\(SafeText.excerpt($0.key)): \(Self.flow($0.value))" }))}",
        at: node.site)
    }
    for entry in entries {
      guard let values = values(entry) else { continue }
      add(Axis(keys: [entry.key], values: values.map { [$0] }, site: entry.keySite))
    }
  }

  private mutating func readZip(_ node: SpecificationNode?) {
    guard let node, !node.isNull else { return }
    guard let items = node.items else {
      return diagnostics.add(
        "sweep.zip: \(node.shown) is not a list of mappings",
        hint: node.entries == nil
          ? "such as zip: [{network.tau_mem: [5 ms, 10 ms], network.tau_syn: [2 ms, 4 ms]}]"
          : "write zip: [\(Self.flow(node))]", at: node.site)
    }
    for item in items {
      guard let entries = item.entries, let first = entries.first else {
        diagnostics.add("sweep.zip: \(item.shown) is not a mapping of keys to lists", at: item.site)
        continue
      }
      var columns: [[SpecificationNode]] = []
      for entry in entries {
        guard let column = values(entry) else { continue }
        if let length = columns.first?.count, column.count != length {
          diagnostics.add(
            "sweep.zip: \(entry.key) has \(CountText.count(column.count, "value")), \(first.key) has \(length)",
            hint: "all keys of a zip item need the same number of values", at: entry.value.site)
        }
        columns.append(column)
      }
      guard columns.count == entries.count, Set(columns.map(\.count)).count == 1 else { continue }
      let rows = columns[0].indices.map { row in columns.map { $0[row] } }
      add(Axis(keys: entries.map(\.key), values: rows, site: item.site))
      zipped += 1
    }
  }

  private mutating func add(_ axis: Axis) {
    axes.append(axis)
    let product = count.multipliedReportingOverflow(by: axis.values.count)
    if product.overflow || product.partialValue > Experiment.maximumRuns { excess = Self.tooManyRuns }
    count = excess == nil ? product.partialValue : 1
  }

  static let tooManyRuns = "the sweep has more than \(Experiment.maximumRuns) runs"

  private mutating func readExclude(_ node: SpecificationNode?) {
    guard let node, !node.isNull else { return }
    guard let items = node.items else {
      return diagnostics.add(
        "sweep.exclude: \(node.shown) is not a list of mappings",
        hint: node.entries == nil
          ? "such as exclude: [{network.tau_mem: 5 ms, network.hidden: 64}]" : "write exclude: [\(Self.flow(node))]",
        at: node.site)
    }
    let keys = keys
    for item in items {
      guard let entries = item.entries, !entries.isEmpty else {
        diagnostics.add("sweep.exclude: \(item.shown) is not a mapping of keys to values", at: item.site)
        continue
      }
      let unknown = entries.filter { !keys.contains($0.key) && !replaced.contains($0.key) }
      for entry in unknown {
        diagnostics.add(
          "sweep.exclude: \(SafeText.excerpt(entry.key)) is not swept",
          hint: keys.isEmpty ? nil : KeyHelp.hint(forPath: entry.key, among: keys, listing: "swept keys"),
          at: entry.keySite)
      }
      if unknown.isEmpty { exclusions.append((entries, item.site)) }
    }
  }

  private mutating func values(_ entry: SpecificationNode.Entry) -> [SpecificationNode]? {
    let known = ExperimentSchema.keys
    guard known.contains(entry.key) else {
      let key = SafeText.excerpt(entry.key)
      diagnostics.add(
        "sweep: unknown key \(key)",
        hint: entry.key == "seeds"
          ? "seeds: belongs at the top of the file; every sweep point runs with each seed"
          : KeyHelp.hint(forPath: entry.key, among: known), at: entry.keySite)
      return nil
    }
    if entry.value.entries?.isEmpty == false, !SweepRange.isRange(entry.value) {
      for leaf in Self.leaves(entry.value, at: entry.key) where known.contains(leaf.path) {
        diagnostics.add("sweep: swept keys are not nested", hint: "write \(leaf.path): \(leaf.value)", at: leaf.site)
      }
      if Self.leaves(entry.value, at: entry.key).contains(where: { known.contains($0.path) }) { return nil }
    }
    guard !axes.contains(where: { $0.keys.contains { Self.overlap($0, entry.key) } }) else {
      diagnostics.add("sweep: \(entry.key) is swept twice", at: entry.keySite)
      return nil
    }
    guard excess == nil else { return nil }
    do throws(SweepRange.Failure) {
      let values = try SweepRange.values(entry.value, key: entry.key, room: Experiment.maximumRuns / count)
      valueCount += values.count
      if valueCount <= Self.maximumValues { return values }
      excess = "the sweep has more than \(Self.maximumValues) values"
    } catch {
      switch error {
      case .problem(let problem): diagnostics.add(problem)
      case .tooMany: excess = Self.tooManyRuns
      }
    }
    return nil
  }

  /// Whether the keys are equal or one contains the other.
  static func overlap(_ a: String, _ b: String) -> Bool { a == b || a.hasPrefix(b + ".") || b.hasPrefix(a + ".") }

  /// The value index on each axis at a point; the first axis varies slowest.
  func indices(ofPoint point: Int) -> [Int] {
    var rest = point
    var indices = axes.map { _ in 0 }
    for axis in axes.indices.reversed() {
      (rest, indices[axis]) = rest.quotientAndRemainder(dividingBy: axes[axis].values.count)
    }
    return indices
  }
}
