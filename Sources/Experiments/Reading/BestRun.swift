/// The run with the best value of a metric: of several seeds the luckiest.
public struct BestRun: Sendable {
  public var run: StoredRun
  public var metric: String
  public var value: Double
  /// Runs that were compared: done, with finite results.
  public var compared: Int
  /// Other runs with the same value; the first in the plan's order is taken.
  public var tied: Int
  /// The runs of the same sweep point, with the winner.
  public var point: ResultGroup

  /// Whether the choice was made on the test set: the metric is a test metric, or the run's weights are those of the
  /// epoch that was best on it.
  public var isChosenOnTest: Bool { ResultColumn.isChosenOnTest(metric, [run]) }
}

extension ResultsFolder {
  /// The best run: smallest loss, largest accuracy. Failed runs and those with results that are not finite never win.
  ///
  /// - Parameter metric: nil for validation_accuracy; the test set is never taken unasked.
  /// - Throws: `InputError` if no run is done, or there is no such metric.
  public func bestRun(metric: String?) throws -> BestRun {
    let metric = try comparableMetric(metric)
    let valued = runs.filter(\.counts).compactMap { run in run.number(metric).map { (run: run, value: $0) } }
    guard let best = ResultColumn.best(valued.map(\.value), of: metric).map({ valued[$0] }) else {
      throw InputError("\(path): no finished run has \(metric)")
    }
    let point = groups(by: sweptKeys).first { $0.runs.contains { $0.id == best.run.id } }
    return BestRun(
      run: best.run, metric: metric, value: best.value, compared: valued.count,
      tied: valued.count { $0.value == best.value } - 1, point: point ?? ResultGroup(values: [], runs: [best.run]))
  }
}
