import Quantities

/// A metric of `summary.csv` and `aggregate.csv`, as figures name it.
struct Metric {
  /// The column of `summary.csv`; `aggregate.csv` has `<name>_mean`, `<name>_std`, ...
  let name: String

  /// What the column's numbers are multiplied by: shares are shown as per cent.
  var factor: Double { kind.isShare ? 100 : 1 }
  private var kind: MetricKind { MetricKind(column: name) }

  /// The metric with its unit.
  var label: String {
    var words = name
    // Rates are per second of the network's own clock, not of the stimulus.
    let unit = kind.unit.map { " (\($0 == "Hz" ? "Hz of network time" : $0))" } ?? ""
    // The unit says it.
    for ending in ["_hz", "_seconds"] where name.hasSuffix(ending) { words = String(name.dropLast(ending.count)) }
    if words == "hidden_rate" { words = "hidden_firing_rate" }
    return Script.label(words.replacing("_", with: " ")) + unit
  }

  /// A value (already multiplied by `factor`), as short as comparing it needs.
  var format: String { kind.isShare ? "%.1f" : "%.3g" }
}
