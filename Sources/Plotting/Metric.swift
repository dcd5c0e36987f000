/// A metric of `summary.csv` and `aggregate.csv`, as figures name it.
struct Metric {
  /// The column of `summary.csv`; `aggregate.csv` has `<name>_mean`, `<name>_std`, ...
  let name: String

  /// What the column's numbers are multiplied by: shares are shown as per cent.
  var factor: Double { isShare ? 100 : 1 }
  var isAccuracy: Bool { name.hasSuffix("accuracy") }
  private var isShare: Bool { isAccuracy || name.hasSuffix("fraction") }

  /// The metric with its unit.
  var label: String {
    var words = name, unit = isShare ? " (%)" : ""
    for (ending, symbol) in [("_hz", "Hz"), ("_seconds", "s"), ("_ms", "ms")] where name.hasSuffix(ending) {
      words = String(name.dropLast(ending.count))
      unit = " (\(symbol))"
    }
    if words == "hidden_rate" { words = "hidden_firing_rate" }
    return Script.label(words.replacing("_", with: " ")) + unit
  }

  /// A value (already multiplied by `factor`), as short as comparing it needs.
  var format: String { isShare ? "%.1f" : "%.3g" }
}
