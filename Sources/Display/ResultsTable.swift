import Experiments
import JSON
import Quantities

/// The results of a folder as rows: one per run, or one per group with mean and standard deviation. Printed by `snnexp
/// table` and at the end of `snnexp run`.
public struct ResultsTable: Sendable {
  private enum Row: Sendable {
    case run(StoredRun)
    case group(ResultGroup)
  }

  private let folder: ResultsFolder
  /// nil: one row per run.
  private let keys: [String]?
  private var rows: [Row]

  /// One row per run.
  public init(_ folder: ResultsFolder) {
    self.folder = folder
    keys = nil
    rows = folder.runs.map(Row.run)
  }

  /// One row per combination of values.
  ///
  /// - Throws: `InputError` for a key that runs cannot be grouped by.
  public init(_ folder: ResultsFolder, groupedBy names: [String]) throws {
    self.folder = folder
    let keys = try names.map { try ResultColumn.resolve($0, among: folder.groupingKeys, title: "keys") }
    self.keys = keys
    rows = folder.groups(by: keys).map(Row.group)
  }

  /// Swept keys not grouped by, whose values are therefore pooled in each row.
  public var pooledKeys: [String] {
    keys.map { keys in folder.sweptKeys.filter { !keys.contains($0) } } ?? []
  }

  /// Result columns whose values are all numeric.
  private var numeric: [String] {
    folder.resultColumns.filter { column in
      folder.runs.allSatisfy { ($0.results[column] ?? "").isEmpty || $0.number(column) != nil }
    }
  }

  private static let statistics: [(suffix: String, value: @Sendable (Statistics) -> Double?)] = [
    ("_mean", { $0.mean }), ("_std", { $0.deviation }), ("_min", { $0.minimum }), ("_max", { $0.maximum }),
  ]
  /// Runs may lack some results.
  private static let countSuffix = "_n"

  /// The columns of the CSV form, by which rows can be sorted too.
  public var columns: [String] {
    guard let keys else {
      return ["run_id", "seed"] + folder.sweptKeys + ["state", "epochs"]
        + folder.resultColumns.filter { $0 != "epochs" } + ["error"]
    }
    return keys + ["n", "n_failed"]
      + numeric.flatMap { metric in (Self.statistics.map(\.suffix) + [Self.countSuffix]).map { metric + $0 } }
  }

  /// The field of a row in a column; nil if missing.
  private func field(_ column: String, of row: Row) -> String? {
    switch row {
    case .run(let run):
      return column == "error" ? run.error.map(firstLine) : folder.field(column, of: run)
    case .group(let group):
      if let position = keys?.firstIndex(of: column) { return group.values[position] }
      if column == "n" { return "\(group.n)" }
      if column == "n_failed" { return "\(group.failed)" }
      for statistic in Self.statistics where column.hasSuffix(statistic.suffix) {
        let metric = String(column.dropLast(statistic.suffix.count))
        guard let value = group.statistics(of: metric).flatMap(statistic.value) else { return nil }
        return "\(value)"
      }
      guard column.hasSuffix(Self.countSuffix) else { return nil }
      return "\(group.statistics(of: String(column.dropLast(Self.countSuffix.count)))?.n ?? 0)"
    }
  }

  /// Sorts by a column, descending if its name has a leading `-`. For groups, a metric's name means its mean.
  ///
  /// - Throws: `InputError` for an unknown column.
  public mutating func sort(by name: String) throws {
    let descending = name.hasPrefix("-")
    let wanted = descending ? String(name.dropFirst()) : name
    var column: String
    if keys != nil, numeric.contains(wanted) {
      column = wanted + "_mean"
    } else {
      let names = keys == nil ? columns : columns.filter { !$0.hasSuffix("_mean") } + numeric
      column = try ResultColumn.resolve(wanted, among: columns.contains(wanted) ? columns : names, title: "columns")
      if keys != nil, numeric.contains(column) { column += "_mean" }
    }
    let fields = rows.map { SortKey(field(column, of: $0)) }
    rows = SortKey.order(fields, descending: descending).map { rows[$0] }
  }

  /// Keeps the first `count` rows.
  public mutating func keepFirst(_ count: Int) { rows = Array(rows.prefix(count)) }

  /// Drops groups in which no run has finished or failed.
  ///
  /// - Returns: how many there were.
  public mutating func dropUnfinishedGroups() -> Int {
    let count = rows.count
    rows.removeAll {
      guard case .group(let group) = $0 else { return false }
      return group.n == 0 && group.failed == 0
    }
    return count - rows.count
  }

  /// CSV fields, header first: everything known, in full precision.
  public var csv: [[String]] {
    let columns = columns
    return [columns] + rows.map { row in columns.map { field($0, of: row) ?? "" } }
  }

  /// A list with one object per row.
  public var json: JSONValue {
    .list(
      rows.map { row in
        switch row {
        case .run:
          return .object(
            columns.map { column in
              let text = field(column, of: row)
              return (column, ["run_id", "state", "error"].contains(column) ? JSONValue(text) : JSONValue(field: text))
            })
        case .group(let group):
          let values = zip(keys ?? [], group.values).map { ($0, JSONValue(field: $1)) }
          let metrics = numeric.map { metric -> (key: String, value: JSONValue) in
            guard let statistics = group.statistics(of: metric) else { return (metric, .null) }
            return (
              metric,
              .object(
                Self.statistics.map { (String($0.suffix.dropFirst()), JSONValue($0.value(statistics))) }
                  + [("n", .integer(statistics.n))])
            )
          }
          return .object(values + [("n", .integer(group.n)), ("n_failed", .integer(group.failed))] + metrics)
        }
      })
  }

  /// The results shown if the width allows, and the order in which columns are dropped.
  private static let shown: [(column: String, rank: Int)] = [
    ("selected_epoch", 6), ("train_loss", 4), ("train_accuracy", 3), ("validation_loss", 5), ("validation_accuracy", 0),
    ("test_loss", 2), ("test_accuracy", 0), ("hidden_rate_hz", 7), ("silent_fraction", 8),
  ]

  /// The human-readable table: rounded, fitted to `width`.
  public func text(width: Int?) -> (lines: [String], omitted: [String]) {
    let results = folder.resultColumns
    // Selecting the last epoch is not worth a column.
    let isSelected = folder.runs.contains { !["", "last"].contains($0.results["selected_on"] ?? "") }
    let shown = Self.shown.filter { results.contains($0.column) && ($0.column != "selected_epoch" || isSelected) }
    guard let keys else {
      let full = runTable(shown, fullIdentities: true).lines(width: width)
      return full.omitted.isEmpty ? full : runTable(shown, fullIdentities: false).lines(width: width)
    }
    let groups = rows.compactMap { row -> ResultGroup? in
      guard case .group(let group) = row else { return nil }
      return group
    }
    // A column of zeros is not worth its room.
    let hasFailed = groups.contains { $0.failed > 0 }
    var table = TextTable(
      columns: keys.map { TextTable.Column(ResultColumn.title($0)) }
        + shown.map { TextTable.Column($0.column, rank: $0.rank) } + (hasFailed ? [TextTable.Column("n_failed")] : []))
    for (group, values) in zip(groups, ShortMappings.ofColumns(groups.map(\.values))) {
      table.rows.append(
        values + shown.map { Self.cell(group, $0.column) } + (hasFailed ? ["\(group.failed)"] : []))
    }
    return table.lines(width: width)
  }

  private func runTable(_ shown: [(column: String, rank: Int)], fullIdentities: Bool) -> TextTable {
    let described = folder.sweptKeys + ["seed", "state", "epochs"]
    var table = TextTable(
      columns: [TextTable.Column("run", isText: true)]
        + described.map { TextTable.Column(ResultColumn.title($0), rank: $0 == "epochs" ? 1 : 0) }
        + shown.map { TextTable.Column($0.column, rank: $0.rank) })
    let values = ShortMappings.ofColumns(rows.map { row in described.map { field($0, of: row) ?? "-" } })
    for (row, values) in zip(rows, values) {
      guard case .run(let run) = row else { continue }
      // The end of an identity, which a shell can expand: results/x/runs/*1a2b3c4d
      let identity = fullIdentities ? run.id : "*" + run.id.suffix(8)
      table.rows.append(
        [identity] + values + shown.map { Self.text(run.number($0.column), $0.column) })
    }
    return table
  }

  /// A human-readable result.
  public static func text(_ value: Double?, _ column: String) -> String {
    guard let value else { return "-" }
    guard value.isFinite else { return "\(value)" }
    let kind = MetricKind(column: column)
    return kind.isShare ? Format.percent(value) : Format.decimals(value, kind.decimals)
  }

  /// What `+-` is.
  public static let deviationNote = "note: +- is the sample standard deviation (n - 1) over runs"

  /// Whether any row has a standard deviation over several runs.
  public var hasDeviations: Bool {
    rows.contains { if case .group(let group) = $0 { group.n > 1 } else { false } }
  }

  /// `84.3 +- 1.2 %`: mean and standard deviation, if defined.
  public static func text(_ statistics: Statistics?, _ column: String) -> String {
    guard let statistics else { return "-" }
    let kind = MetricKind(column: column)
    let scale = kind.isShare ? 100.0 : 1
    let deviation = statistics.deviation.map { " +- " + Format.decimals($0 * scale, kind.decimals) } ?? ""
    return Format.decimals(statistics.mean * scale, kind.decimals) + deviation + (kind.isShare ? " %" : "")
  }

  /// `84.3 +- 1.2 % (3)`: with the number of runs.
  private static func cell(_ group: ResultGroup, _ column: String) -> String {
    let statistics = group.statistics(of: column)
    return text(statistics, column) + " (\(statistics?.n ?? 0))"
  }
}

/// The first line of a text.
public func firstLine(_ text: String) -> String {
  text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
}
