/// The `sweep` section: which keys take which values.
struct Sweep {
  /// A set of keys that change together: one of the grid, or an item of zip.
  struct Axis {
    var keys: [String]
    /// By value, then by key.
    var values: [[SpecificationNode]]
    var site: Site
  }

  var axes: [Axis] = []
  var exclusions: [(entries: [SpecificationNode.Entry], site: Site)] = []
  /// Keys that the file sweeps and the command line sets; exclusions may name them.
  let replaced: Set<String>
  var diagnostics: [Diagnostic] = []
  private let known = ExperimentSchema.keys

  var keys: [String] { axes.flatMap(\.keys) }

  /// The values of a swept key as the file or the command line has them.
  func values(of key: String) -> [SpecificationNode] {
    for axis in axes {
      if let column = axis.keys.firstIndex(of: key) { return axis.values.map { $0[column] } }
    }
    return []
  }

  /// Points before exclusion; nil if there are too many to count.
  var count: Int? {
    axes.reduce(Optional(1)) { product, axis in
      guard let product else { return nil }
      let (result, overflow) = product.multipliedReportingOverflow(by: axis.values.count)
      return overflow ? nil : result
    }
  }

  init(_ node: SpecificationNode?, replaced: Set<String>) {
    self.replaced = replaced
    guard let node, !node.isNull else { return }
    guard let entries = node.entries else {
      diagnostics.append(Diagnostic("sweep: \(node.shown) is not a mapping", at: node.site))
      return
    }
    for entry in entries where !["grid", "zip", "exclude"].contains(entry.key) {
      let hint =
        known.contains(entry.key)
        ? "keys to sweep go under sweep.grid"
        : NearestName.hint(for: entry.key, among: ["grid", "zip", "exclude"], listing: "keys here")
      diagnostics.append(Diagnostic("unknown key sweep.\(entry.key)", hint: hint, at: entry.keySite))
    }
    readGrid(node["grid"])
    readZip(node["zip"])
    readExclude(node["exclude"])
  }

  private mutating func readGrid(_ node: SpecificationNode?) {
    guard let node, !node.isNull else { return }
    guard let entries = node.entries else {
      return diagnostics.append(
        Diagnostic("sweep.grid: \(node.shown) is not a mapping of keys to lists", at: node.site))
    }
    for entry in entries {
      guard let values = values(entry) else { continue }
      axes.append(Axis(keys: [entry.key], values: values.map { [$0] }, site: entry.keySite))
    }
  }

  private mutating func readZip(_ node: SpecificationNode?) {
    guard let node, !node.isNull else { return }
    guard let items = node.items else {
      return diagnostics.append(Diagnostic("sweep.zip: \(node.shown) is not a list of mappings", at: node.site))
    }
    for item in items {
      guard let entries = item.entries, let first = entries.first else {
        diagnostics.append(Diagnostic("sweep.zip: \(item.shown) is not a mapping of keys to lists", at: item.site))
        continue
      }
      var columns: [[SpecificationNode]] = []
      for entry in entries {
        guard let column = values(entry) else { continue }
        if let length = columns.first?.count, column.count != length {
          diagnostics.append(
            Diagnostic(
              "sweep.zip: \(entry.key) has \(column.count) values, \(first.key) has \(length)",
              hint: "keys of one zip item need equally many values", at: entry.value.site))
        }
        columns.append(column)
      }
      guard columns.count == entries.count, Set(columns.map(\.count)).count == 1 else { continue }
      let rows = columns[0].indices.map { row in columns.map { $0[row] } }
      axes.append(Axis(keys: entries.map(\.key), values: rows, site: item.site))
    }
  }

  private mutating func readExclude(_ node: SpecificationNode?) {
    guard let node, !node.isNull else { return }
    guard let items = node.items else {
      return diagnostics.append(Diagnostic("sweep.exclude: \(node.shown) is not a list of mappings", at: node.site))
    }
    for item in items {
      guard let entries = item.entries, !entries.isEmpty else {
        diagnostics.append(Diagnostic("sweep.exclude: \(item.shown) is not a mapping of keys to values", at: item.site))
        continue
      }
      let unknown = entries.filter { !keys.contains($0.key) && !replaced.contains($0.key) }
      for entry in unknown {
        let hint = keys.isEmpty ? nil : NearestName.hint(for: entry.key, among: keys, listing: "swept keys")
        diagnostics.append(Diagnostic("sweep.exclude: \(entry.key) is not swept", hint: hint, at: entry.keySite))
      }
      if unknown.isEmpty { exclusions.append((entries, item.site)) }
    }
  }

  private mutating func values(_ entry: SpecificationNode.Entry) -> [SpecificationNode]? {
    guard known.contains(entry.key) else {
      let hint =
        entry.key == "seeds"
        ? "seeds: at the top of the file; always crossed with the sweep"
        : NearestName.hint(for: entry.key, among: known, listing: "keys")
      diagnostics.append(Diagnostic("sweep: unknown key \(entry.key)", hint: hint, at: entry.keySite))
      return nil
    }
    guard !keys.contains(where: { Self.overlap($0, entry.key) }) else {
      diagnostics.append(Diagnostic("sweep: \(entry.key) is swept twice", at: entry.keySite))
      return nil
    }
    do { return try SweepRange.values(entry.value, key: entry.key) } catch let problem as ValueProblem {
      diagnostics.append(Diagnostic(problem.message, hint: problem.hint, at: problem.site))
    } catch {}
    return nil
  }

  /// Equal, or one is inside the other.
  static func overlap(_ a: String, _ b: String) -> Bool { a == b || a.hasPrefix(b + ".") || b.hasPrefix(a + ".") }

  /// The indices of the axes' values at a point; the first axis is the slowest.
  func indices(ofPoint point: Int) -> [Int] {
    var rest = point
    return axes.reversed().map { axis in
      defer { rest /= axis.values.count }
      return rest % axis.values.count
    }.reversed()
  }
}
