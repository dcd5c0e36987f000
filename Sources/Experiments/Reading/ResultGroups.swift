/// Runs with equal values of some keys, with the mean and standard deviation of their results.
public struct ResultGroup: Sendable {
  /// The values of the keys, in key order.
  public var values: [String]
  public var runs: [StoredRun]

  /// Runs included in the statistics.
  public var n: Int { runs.count { $0.counts } }
  /// Runs that failed or whose results are not finite.
  public var failed: Int { runs.count { $0.state == .failed || ($0.state == .done && $0.isNonFinite) } }

  /// Over the included runs; nil if none has the result.
  public func statistics(of column: String) -> Statistics? {
    Statistics(runs.filter(\.counts).compactMap { $0.number(column) })
  }
}

extension ResultsFolder {
  /// Keys that runs can be grouped by: the swept keys, `seed` and `state`.
  public var groupingKeys: [String] { sweptKeys + ["seed", "state"] }

  /// A run's value in a column common to all runs; nil if missing.
  public func field(_ column: String, of run: StoredRun) -> String? {
    switch column {
    case "run_id": run.id
    case "seed": run.seed.map { "\($0)" }
    case "state": run.shownState
    case "epochs": run.epochs.map { "\($0)" }
    default: run.value(of: column) ?? run.results[column]
    }
  }

  /// Groups of runs with equal values of `keys`, ordered by their first runs.
  public func groups(by keys: [String]) -> [ResultGroup] {
    var positions: [[String]: Int] = [:]
    var groups: [ResultGroup] = []
    for run in runs {
      let values = keys.map { field($0, of: run) ?? "" }
      if let position = positions[values] {
        groups[position].runs.append(run)
      } else {
        positions[values] = groups.count
        groups.append(ResultGroup(values: values, runs: [run]))
      }
    }
    return groups
  }
}

extension StoredRun {
  /// The state as shown in tables: a run with non-finite results is not called done.
  public var shownState: String { state == .done && isNonFinite ? "nan" : state.rawValue }
}
