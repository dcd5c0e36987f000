import CSV
import Foundation

/// A metric against the values of one swept key: mean and standard deviation over seeds, and each seed as a faint
/// point.
struct SweepFigure: Figure {
  let metric: String?

  var name: String { metric.map { "\(PlotKind.sweep.rawValue)_\(Script.fileName($0))" } ?? PlotKind.sweep.rawValue }

  var dataFiles: [String] { ["\(name).csv", "\(name)_seeds.csv"] }

  /// Beyond this many values the axis has ticks of its own instead of one at each value.
  private static let mostTicks = 8
  private static let pale = "#8CBBDA"

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
    let (bottom, top) = Self.ends(points: points, runs: runs, metric: metric)
    let step = Script.step(span: top - bottom, most: 6)
    let font = Double(Script.font(width: Script.column))
    let numbers = [bottom, top].map { TextWidth.of(Script.number(($0 / step).rounded() * step), font: font) }.max()!
    let room = Double(Script.column) - 5.6 * font
    func position(_ place: Double) -> Double {
      isLog ? log(place / range.0) / log(range.1 / range.0) : (place - range.0) / (range.1 - range.0)
    }
    let spacing = room * (zip(places.dropFirst(), places).map { position($0) - position($1) }.min() ?? 1)
    let labels =
      axis.numbers == nil || (places.count <= Self.mostTicks && spacing > 1.2 * font)
      ? CategoryTicks(
        names: axis.names, places: places, spacing: spacing, font: font, isNumeric: axis.numbers != nil, longest: 190)
      : nil
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
          + "    linecolor rgb \"\(Self.pale)\" notitle")
    }
    curves.append(
      "points using (column(\"place\")):(column(\"mean\") * factor):(spread(column(\"n\"))) with yerrorbars \\\n"
        + "    pointtype 7 pointsize 0.8 linewidth 1.6 linecolor rgb \"\(Script.blue)\" "
        + "notitle")
    let key: [PanelGrid.KeyEntry] =
      seeds > 1
      ? [
        .init(text: "each seed", colour: Self.pale, style: .point),
        .init(text: "mean ± sample std (\(seeds) seeds)", colour: Script.blue, style: .point),
      ] : []
    let grid = PanelGrid(
      titles: [[]], columns: 1, width: Script.column, panelHeight: 250, key: key,
      left: max(4.6 * font, 2.6 * font + numbers, (labels?.overhang ?? 0) - room * position(places[0]) + 0.5 * font),
      tickDepth: labels?.depth)
    return Script.preamble(
      name: name,
      shows: [
        "\(results.label) against \(axis.label): mean and sample standard deviation (n - 1) over \(seeds) seeds, each seed a faint point."
      ],
      from: ["data/\(name).csv and data/\(name)_seeds.csv, generated from ../aggregate.csv and ../summary.csv"],
      width: grid.width, height: grid.height,
      settings: """
        factor = \(Script.number(metric.factor))
        beside(place) = \(shift)    # where the seeds stand

        """) + """
        points = here . "data/\(name).csv"
        seeds = here . "data/\(name)_seeds.csv"
        spread(n) = n > 1 ? column("std") * factor : 0

        \(isLog ? "set logscale x\n" : "")set xrange [\(Script.number(range.0)):\(Script.number(range.1))]
        set yrange [\(Script.number(bottom)):\(Script.number(top))]
        set xtics \(labels?.text ?? "autofreq")
        set ytics \(Script.number(step))
        \(isLog && labels != nil ? "unset mxtics\n" : "")set errorbars small
        \(grid.opening(xLabel: axis.label, yLabel: results.label))
        plot \(curves.joined(separator: ", \\\n  "))
        unset multiplot

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
