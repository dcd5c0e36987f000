import CSV
import SafeText

/// The tables of a sweep, and the metric that a figure shows of it.
struct SweepResults {
  /// `aggregate.csv`: a row for each sweep point.
  let aggregate: CSVTable
  /// `summary.csv`: a row for each run; empty if there is none yet.
  let summary: CSVTable
  let metric: Metric
  /// The metric's label, and how the epoch was chosen if that flatters.
  let label: String

  /// - Parameter wanted: a metric; nil for validation accuracy, or test accuracy where there is no validation set.
  /// - Throws: `FigureUnavailable` if no run is finished; `UnknownMetric`.
  init(data: DataFolder, metric wanted: String?) throws {
    let aggregate = try data.resultsTable("aggregate.csv", columns: ["n", "n_failed"])
    let summary = data.optionalTable("summary.csv") ?? CSVTable(header: [])
    (self.aggregate, self.summary) = (aggregate, summary)
    let ending = "_mean"
    let names = aggregate.header.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
    func hasValues(_ name: String) -> Bool {
      [aggregate.drawable(name + ending), summary.drawable(name)].contains { $0.contains { $0 != nil } }
    }
    if let wanted {
      guard names.contains(wanted) else { throw UnknownMetric(name: wanted, known: names) }
      guard hasValues(wanted) else { throw FigureUnavailable(note: "no finished run has \(wanted)") }
      metric = Metric(name: wanted)
    } else {
      guard let name = (["validation_accuracy", "test_accuracy"] + names).first(where: hasValues) else {
        throw FigureUnavailable(note: "no run is finished")
      }
      metric = Metric(name: name)
    }
    let selections = summary.column("selected_on") + aggregate.column("selected_on")
    label = metric.label + (selections.contains { $0.hasPrefix("test") } ? ", best on test" : "")
  }

  /// The metric of each sweep point, multiplied by its factor.
  var means: [Double] { aggregate.drawable(metric.name + "_mean").compactMap { $0.map { $0 * metric.factor } } }

  /// The sweep points as a table for a script: where each stands, `n`, `n_failed`, `mean`, `std`, and the swept values.
  func points(
    _ design: SweepDesign, columns: [String] = ["place"], place: ([Int]) -> [Double]?
  ) -> CSVTable {
    let values = ["n", "n_failed", metric.name + "_mean", metric.name + "_std"]
    return table(aggregate, values, design, header: columns + ["n", "n_failed", "mean", "std"], place: place)
  }

  /// The runs that have the metric.
  func runs(_ design: SweepDesign, place: ([Int]) -> [Double]?) -> CSVTable {
    table(summary, [metric.name], design, header: ["place", "value"], place: place)
  }

  private func table(
    _ source: CSVTable, _ columns: [String], _ design: SweepDesign, header: [String], place: ([Int]) -> [Double]?
  ) -> CSVTable {
    let keys = design.keys.map { source.column($0) }, values = columns.map { source.drawable($0) }
    guard keys.allSatisfy({ !$0.isEmpty }) else { return CSVTable(header: header + design.keys) }
    let rows = source.rows.indices.compactMap { row -> [String]? in
      let point = keys.map { $0[row] }
      guard let position = design.place(of: point).flatMap(place),
        values.contains(where: { !$0.isEmpty && $0[row] != nil })
      else {
        return nil
      }
      let fields = values.map { $0.isEmpty ? "" : $0[row].map(Script.number) ?? "" }
      return position.map(Script.number) + fields + point
    }
    return CSVTable(header: header + design.keys, rows: rows)
  }

  /// The lowest and the highest mean; one below and one above where all are the same.
  var range: (low: Double, high: Double) {
    let low = means.min() ?? 0, high = means.max() ?? 1
    return high - low > 1e-9 * max(abs(low), abs(high), 1e-9) ? (low, high) : (low - 1, high + 1)
  }

  /// The most seeds that a point has.
  var seeds: Int { aggregate.column("n").compactMap { NumberBound.whole($0, below: NumberBound.samples) }.max() ?? 0 }
}
