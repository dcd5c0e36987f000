/// The run with the best value of a metric: the luckiest of several seeds.
public struct BestRun: Sendable {
  public var run: StoredRun
  public var metric: String
  public var value: Double
  /// Number of runs compared: finished, with finite results.
  public var compared: Int
  /// Number of other runs with the same value; the first in plan order wins.
  public var tied: Int
  /// The runs of the same sweep point, including the winner.
  public var point: ResultGroup

  /// Whether the choice used the test set: the metric is a test metric, or the run's weights come from the epoch that
  /// was best on it.
  public var isChosenOnTest: Bool { ResultColumn.isChosenOnTest(metric, [run]) }
}

extension ResultsFolder {
  /// The best run: smallest loss or largest accuracy. Failed runs and runs with non-finite results never win.
  ///
  /// - Parameter metric: nil for validation_accuracy; the test set is used only on request.
  /// - Throws: `InputError` if no run is done, or the metric does not exist.
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
