/// The run with the best value of a metric.
public struct BestRun: Sendable {
  public var run: StoredRun
  public var metric: String
  public var value: Double
  /// Runs that were compared: done, with finite results.
  public var compared: Int
  /// Runs with the same value; the first in the plan's order is taken.
  public var tied: Int
  /// The runs of the same sweep point, with the winner.
  public var point: ResultGroup

  /// Whether the choice was made on the test set: the metric is a test metric, or the run's weights are those of the
  /// epoch that was best on it.
  public var isChosenOnTest: Bool {
    metric.hasPrefix("test_") || (run.results["selected_on"] ?? "").hasPrefix("test_")
  }
}

extension ResultsFolder {
  /// Results that have a better side: losses and accuracies.
  public var metrics: [String] { resultColumns.filter { ResultColumn.isMinimised($0) != nil } }

  /// The best run: smallest loss, largest accuracy. Failed runs and those with results that are not finite never win.
  ///
  /// - Parameter metric: nil for validation_accuracy; the test set is never taken unasked.
  /// - Throws: `InputError` if no run is done, or there is no such metric.
  public func best(metric: String?) throws -> BestRun {
    let candidates = runs.filter(\.counts)
    guard !candidates.isEmpty else {
      throw InputError("\(path): no run is done yet (of \(runs.count), \(count(.failed)) failed)")
    }
    let column: String
    if let metric {
      column = try ResultColumn.resolve(metric, among: metrics, title: "metrics")
    } else if metrics.contains("validation_accuracy") {
      column = "validation_accuracy"
    } else {
      throw InputError(
        "\(path): the runs have no validation_accuracy to choose by\n"
          + "  the run that is best on the test set is not chosen unasked: its test accuracy would look better than the "
          + "network is\n  hold samples out (data.validation: {fraction: 0.1}), or say what to choose by: --metric with one of "
          + metrics.joined(separator: ", "))
    }
    let minimise = ResultColumn.isMinimised(column) ?? false
    let valued = candidates.compactMap { run in run.number(column).map { (run: run, value: $0) } }
    guard
      let best = valued.reduce(
        nil,
        { (best: (run: StoredRun, value: Double)?, next) in
          guard let best else { return next }
          return (minimise ? next.value < best.value : next.value > best.value) ? next : best
        })
    else { throw InputError("\(path): no run that is done has \(column)") }
    let point = groups(by: sweptKeys).first { $0.runs.contains { $0.id == best.run.id } }
    return BestRun(
      run: best.run, metric: column, value: best.value, compared: valued.count,
      tied: valued.count { $0.value == best.value } - 1, point: point ?? ResultGroup(values: [], runs: [best.run]))
  }
}
