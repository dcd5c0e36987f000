import CSV
import Foundation

/// A metric against the values of one swept key: mean and standard deviation over seeds, and each seed as a faint point.
struct SweepFigure: Figure {
  let metric: String?

  var name: String { metric.map { "\(PlotKind.sweep.rawValue)_\(Script.fileName($0))" } ?? PlotKind.sweep.rawValue }

  var dataFiles: [String] { ["\(name).csv", "\(name)_seeds.csv"] }

  /// Beyond this many values the axis has ticks of its own instead of one at each value.
  private static let mostTicks = 8
  /// Of words, of which some are left out if there are more.
  private static let mostWords = 60

  func script(data: DataFolder) throws -> String {
    let design = SweepDesign(data: data)
    guard design.axes.count == 1 else {
      throw FigureUnavailable(note: "it shows sweeps of one key, this one has \(design.axes.count)", isExpected: true)
    }
    let results = try SweepResults(data: data, metric: metric)
    let axis = design.axes[0], metric = results.metric
    let places = axis.numbers ?? axis.values.indices.map { Double($0 + 1) }
    let (points, runs) = (
      results.points(design, place: { [places[$0[0]]] }), results.runs(design, place: { [places[$0[0]]] })
    )
    try data.write(points, as: "\(name).csv")
    try data.write(runs, as: "\(name)_seeds.csv")

    let isLog = axis.isGeometric
    let low = places.min()!, high = places.max()!
    let margin = isLog ? pow(high / low, 0.08) : (high - low) * 0.08
    let range =
      isLog ? (low / margin, high * margin) : axis.numbers == nil ? (0.5, high + 0.5) : (low - margin, high + margin)
    let ticks =
      axis.numbers == nil || places.count <= Self.mostTicks
      ? "("
        + stride(from: 0, to: places.count, by: (places.count + Self.mostWords - 1) / Self.mostWords)
        .map { "\(Script.tickLabel(axis.names[$0])) \(Script.number(places[$0]))" }.joined(separator: ", ") + ")"
      : "autofreq"
    let isCrowded = ticks != "autofreq" && (axis.names.map(\.count).max() ?? 0) * 9 * places.count > 380
    let (bottom, top) = Self.ends(points: points, runs: runs, metric: metric)
    let seeds = results.seeds
    // Seeds stand a little left of the mean, where its bar does not hide them.
    let shift =
      isLog
      ? "place / \(Script.number(pow(range.1 / range.0, 0.02)))"
      : "place - \(Script.number((range.1 - range.0) * 0.02))"
    var curves: [String] = []
    // The option unique puts the points in order.
    if axis.numbers != nil {
      curves.append(
        "points using (column(\"place\")):(column(\"mean\") * factor) smooth unique \\\n"
          + "    with lines linewidth 1.6 linecolor rgb \"\(Script.blue)\" notitle")
    }
    if seeds > 1 && !runs.rows.isEmpty {
      curves.append(
        "seeds using (beside(column(\"place\"))):(column(\"value\") * factor) with points pointtype 7 pointsize 0.5 \\\n"
          + "    linecolor rgb \"#8CBBDA\" title \"each seed\"")
    }
    curves.append(
      "points using (column(\"place\")):(column(\"mean\") * factor):(spread(column(\"n\"))) with yerrorbars \\\n"
        + "    pointtype 7 pointsize 0.8 linewidth 1.6 linecolor rgb \"\(Script.blue)\" "
        + (seeds > 1 ? "title \"mean ± sample std (\(seeds) seeds)\"" : "notitle"))
    return Script.preamble(
      name: name,
      shows: [
        "\(results.label) against \(axis.label): mean and standard deviation of the sample (n - 1) over \(seeds) seeds, each seed a faint point."
      ],
      from: ["data/\(name).csv and data/\(name)_seeds.csv, made of ../aggregate.csv and ../summary.csv"],
      width: Script.column, height: isCrowded ? 380 : 340,
      settings: """
        factor = \(Script.number(metric.factor))
        beside(place) = \(shift)    # where the seeds stand

        """) + """
        points = here . "data/\(name).csv"
        seeds = here . "data/\(name)_seeds.csv"
        spread(n) = n > 1 ? column("std") * factor : 0

        set xlabel \(Script.string(axis.label))
        set ylabel \(Script.string(results.label))
        \(isLog ? "set logscale x\n" : "")set xrange [\(Script.number(range.0)):\(Script.number(range.1))]
        set yrange [\(Script.number(bottom)):\(Script.number(top))]
        set xtics \(isCrowded ? "rotate by 30 right " : "")\(ticks)
        set ytics \(Script.number(Script.step(span: top - bottom, most: 6)))
        \(isLog && ticks != "autofreq" ? "unset mxtics\n" : "")set errorbars small
        \(seeds > 1 ? "set key outside top center horizontal reverse Left samplen 1 width -2" : "unset key")
        plot \(curves.joined(separator: ", \\\n  "))

        """
  }

  /// Ends of the axis: means with their deviations and seeds have to fit; shares are never beyond 0 and 100 %.
  private static func ends(points: CSVTable, runs: CSVTable, metric: Metric) -> (Double, Double) {
    var values = runs.numbers("value").compactMap { $0 }
    for (mean, deviation) in zip(points.numbers("mean"), points.numbers("std")) {
      if let mean { values += [mean - (deviation ?? 0), mean + (deviation ?? 0)] }
    }
    values = values.map { $0 * metric.factor }
    let low = values.min() ?? 0, high = values.max() ?? 1
    let margin = max((high - low) * 0.1, abs(high) * 1e-3, 1e-9)
    return metric.factor == 100 ? (max(0, low - margin), min(100, high + margin)) : (low - margin, high + margin)
  }
}
