import Quantities

/// The sweep point with the best mean of a metric over its seeds.
public struct BestPoint: Sendable {
  public var metric: String
  /// The swept keys with their values at this point.
  public var swept: [(key: String, value: String)]
  /// All runs of the point; only the included ones are compared.
  public var point: ResultGroup
  /// Statistics of the metric over the included runs that have it.
  public var statistics: Statistics
  /// Number of points compared: those with an included run that has the metric.
  public var compared: Int
  /// Number of points in the sweep.
  public var points: Int
  /// Number of other points with the same mean; the first in plan order wins.
  public var tied: Int

  /// The point's runs included in the mean.
  public var countedRuns: [StoredRun] { point.runs.filter { $0.counts && $0.number(metric) != nil } }

  /// Seeds of all its runs, ascending.
  public var seeds: [UInt64] { point.runs.compactMap(\.seed).sorted() }

  /// Whether the choice used the test set: the metric is a test metric, or the weights come from the epoch that was
  /// best on it.
  public var isChosenOnTest: Bool { ResultColumn.isChosenOnTest(metric, countedRuns) }
}

extension ResultsFolder {
  /// Results that can be ranked: losses and accuracies.
  public var metrics: [String] { resultColumns.filter { MetricKind(column: $0).isMinimised != nil } }

  /// The best sweep point: smallest mean loss or largest mean accuracy over its finished runs with finite results.
  ///
  /// - Parameter metric: nil for validation_accuracy; the test set is used only on request.
  /// - Throws: `InputError` if no run is done, or the metric does not exist.
  public func bestPoint(metric: String?) throws -> BestPoint {
    let metric = try comparableMetric(metric)
    let groups = groups(by: sweptKeys)
    let valued = groups.compactMap { group in group.statistics(of: metric).map { (group: group, statistics: $0) } }
    let means = valued.map(\.statistics.mean)
    guard let top = ResultColumn.best(means, of: metric).map({ means[$0] }) else {
      throw InputError("\(path): no finished run has \(metric)")
    }
    // Means that are equal in exact arithmetic may differ by rounding.
    let equal = valued.filter { abs($0.statistics.mean - top) <= 1e-12 * abs(top) }
    let best = equal[0]
    return BestPoint(
      metric: metric, swept: zip(sweptKeys, best.group.values).map { ($0, $1) }, point: best.group,
      statistics: best.statistics, compared: valued.count, points: groups.count,
      tied: equal.count - 1)
  }

  /// The metric that a user means, if any run has it.
  func comparableMetric(_ name: String?) throws -> String {
    guard runs.contains(where: \.counts) else {
      throw InputError("\(path): no run has finished yet (\(runs.count) planned, \(count(.failed)) failed)")
    }
    if let name { return try ResultColumn.resolve(name, among: metrics, title: "metrics") }
    if metrics.contains("validation_accuracy") { return "validation_accuracy" }
    throw InputError(
      "\(path): the runs have no validation_accuracy to choose by\n"
        + "  the best on the test set is chosen only on request, since its test accuracy is optimistic\n"
        + "  hold out samples (data.validation: {fraction: 0.1}), or pass --metric with one of "
        + metrics.joined(separator: ", "))
  }
}

extension ResultColumn {
  /// The index of the best value of a metric, the first in a tie; nil without values.
  static func best(_ values: [Double], of metric: String) -> Int? {
    guard let best = MetricKind(column: metric).isMinimised == true ? values.min() : values.max() else { return nil }
    return values.firstIndex(of: best)
  }

  /// Whether a choice by this metric uses the test set, directly or through the epoch that was selected.
  static func isChosenOnTest(_ metric: String, _ runs: [StoredRun]) -> Bool {
    metric.hasPrefix("test_") || runs.contains { ($0.results["selected_on"] ?? "").hasPrefix("test_") }
  }
}
