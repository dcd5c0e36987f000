import CSV
import Foundation

/// How the time of training grows with hidden units, time bins, events and samples: a panel each, both axes
/// logarithmic, a line for each phase and for the total.
///
/// Draws from `growth.csv` of `snnexp bench --growth`, a row for each point and phase, those of a line one after the
/// other: `quantity` (`hidden`, `steps`, `events`, `samples`), its `value`, `threads`, `kernels`, `phase` (one of the
/// engine's, or `total`), `seconds_per_sample` (wall time; of a phase the mean over threads), `slope` (the exponent of
/// growth since the point before: of an epoch's time against `samples`, of a sample's otherwise), `events_per_sample`
/// and `spikes_per_unit_and_step`.
public struct GrowthFigure: Sendable {
  private let folder: String
  private let searchPath: String?

  /// The growth of the measurements in a folder.
  public init(folder: String, searchPath: String? = ProcessInfo.processInfo.environment["PATH"]) {
    self.folder = folder
    self.searchPath = searchPath
  }

  /// The columns of `growth.csv`.
  public static let columns = [
    "quantity", "value", "threads", "kernels", "phase", "seconds_per_sample", "slope", "events_per_sample",
    "spikes_per_unit_and_step",
  ]
  /// The name of the sum of all phases, with whatever is between them.
  public static let total = "total"

  private struct Panel {
    var quantity: String
    var label: String
    var timeLabel = "µs per sample"
    /// What makes the seconds of a sample a number of `timeLabel`, in gnuplot's language.
    var scale = "1e6"
  }

  private static let panels = [
    Panel(quantity: "hidden", label: "hidden units"), Panel(quantity: "steps", label: "time bins"),
    Panel(quantity: "events", label: "input events per sample"),
    Panel(quantity: "samples", label: "samples", timeLabel: "ms per epoch", scale: "1e3 * column(\"value\")"),
  ]

  /// Writes `plots/growth.gp`, and draws it if gnuplot is there.
  ///
  /// - Throws: when a file can't be read or written, or lacks a column or rows.
  public func write(terminal: PlotTerminal = .svg) throws -> FigureFiles {
    try FigureFiles(script: script(), name: "growth", folder: folder, terminal: terminal, searchPath: searchPath)
  }

  func script() throws -> String {
    let table = try TableReader().table(folder + "/growth.csv", called: "growth.csv", columns: Self.columns)
    let threads = distinct(table.column("threads")).joined(separator: ", ")
    let kernels = distinct(table.column("kernels")).joined(separator: ", ")
    // The total comes last, so that it is drawn over the others.
    let lines = distinct(table.column("phase")).filter { $0 != Self.total } + [Self.total]
    guard lines.count <= Self.mostPhases else {
      throw FigureUnavailable(note: "growth.csv has \(lines.count) phases; at most \(Self.mostPhases) are drawn")
    }
    let colours = lines.indices.map { Self.colours[$0 % Self.colours.count] }.dropLast() + ["#000000"]
    let font = Double(Script.font(width: Script.page))
    let key = zip(lines, colours).map { phase, colour in
      PanelGrid.KeyEntry(text: phase.replacingOccurrences(of: "_", with: " "), colour: colour)
    }
    let grid = PanelGrid(
      titles: Self.panels.map { _ in [] }, columns: 2, panelHeight: 280,
      key: key + [PanelGrid.KeyEntry(text: "slope 1", colour: Self.guide, style: .dashes)], left: 5.7 * font,
      tickDepth: 2.8 * font,
      gaps: (5.7 * font, 4.6 * font))
    let drawn = try Self.panels.map { try panel($0, table) }
    return Script.preamble(
      name: "growth",
      shows: [
        "Time of training against one quantity at a time, by phase (\(threads) threads, \(kernels) kernels)."
      ], from: ["../growth.csv"], width: grid.width, height: grid.height,
      settings: Script.array("phases", of: lines) + "\n" + Script.array("colours", of: Array(colours)) + "\n") + """
        growth = here . "../growth.csv"
        is_of(quantity, phase) = strcol("quantity") eq quantity && strcol("phase") eq phase
        value_of(quantity, phase) = is_of(quantity, phase) ? column("value") : NaN
        set logscale xy
        set format "%g"
        \(grid.opening(xLabel: "", yLabel: ""))
        \(drawn.joined(separator: grid.afterPanel + "\n"))
        unset multiplot

        """
  }

  private func panel(_ panel: Panel, _ table: CSVTable) throws -> String {
    let points = zip(table.column("quantity"), zip(table.drawable("value"), table.drawable("seconds_per_sample")))
      .compactMap { quantity, point -> (value: Double, seconds: Double)? in
        guard quantity == panel.quantity, let value = point.0, let seconds = point.1, value > 0, seconds > 0 else {
          return nil
        }
        return (value, panel.quantity == "samples" ? 1e3 * value * seconds : 1e6 * seconds)
      }
    let values = distinct(points.map(\.value)).sorted(), times = points.map(\.seconds).sorted()
    guard values.count > 1 else {
      throw FigureUnavailable(note: "growth.csv has no two values of \(panel.quantity)")
    }
    let (left, right) = (values[0], values[values.count - 1]), (low, high) = (times[0], times[times.count - 1])
    return """
      # ---- \(panel.label)
      set xlabel "\(panel.label)" offset 0,0.2
      set ylabel "\(panel.timeLabel)" offset 0.5,0
      set xrange [\(Script.number(left / 1.15)):\(Script.number(right * 1.15))]
      set yrange [\(Script.number(low / 1.5)):\(Script.number(high * 1.5))]
      set xtics (\(Self.tics(values)))
      plot \(Script.number(high / right / 2)) * x with lines linewidth 1.6 dashtype (8,5) linecolor rgb "\(Self.guide)", \\
        for [i=1:|phases|] growth using (value_of("\(panel.quantity)", phases[i])):(column("seconds_per_sample") * \(panel.scale)) \\
        with linespoints pointtype 7 pointsize 0.5 linewidth (i == |phases| ? 3 : 1.8) linecolor rgb colours[i]

      """
  }

  private static let colours = Script.colours.filter { $0 != "#000000" } + ["#7F7F7F"]
  private static let mostPhases = 40
  private static let guide = "#A0A0A0"

  /// Numbers at the values themselves, not at all of many; at 1, 2 and 5 times powers of ten where values are no whole
  /// numbers, as those that were measured.
  private static func tics(_ values: [Double]) -> String {
    var tics = values
    if values.contains(where: { $0.rounded() != $0 }) {
      let range = values[0] / 1.15...values[values.count - 1] * 1.15
      let decades = (0..<12).map { pow(10, Double($0)) }
      tics = decades.flatMap { [$0, 2 * $0, 5 * $0] }.filter(range.contains)
    }
    let every = tics.count > 5 ? max(2, tics.count / 10) : 1
    return tics.enumerated().map { index, value in
      "\(Script.string(index % every == 0 ? Script.number(value) : "")) \(Script.number(value))"
    }.joined(separator: ", ")
  }
}
