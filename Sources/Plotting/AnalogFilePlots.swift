import CSV
import Foundation

/// Figures of analog values: the traces of some samples' channels, and the mean trace of each class.
public struct AnalogFilePlots: Sendable {
  /// What is drawn in a panel.
  public struct Panel: Sendable {
    /// In parts.
    public var title: [String]
    /// `[steps, channels]`.
    public var values: [Double]

    public init(title: [String], values: [Double]) { (self.title, self.values) = (title, values) }
  }

  /// The name of the file, for the scripts' comments.
  public var file: String
  public var steps: Int
  /// Numbers of the channels that are drawn, at most ten.
  public var channels: [Int]
  /// What a trace is of.
  public var rowName: String
  public var samples: [Panel]
  public var classes: [Panel]

  public init(
    file: String, steps: Int, channels: [Int], rowName: String, samples: [Panel], classes: [Panel]
  ) {
    (self.file, self.steps, self.channels, self.rowName) = (file, steps, channels, rowName)
    (self.samples, self.classes) = (samples, classes)
  }

  /// Of fields; more could not be drawn in time.
  private static let mostFields = 1 << 22

  /// Writes `plots` into a folder and draws the figures, as `DataFigure.write` does.
  /// - Throws: `FileWriteError`; `CancellationError` if it was to stop.
  public func write(
    to folder: String, terminal: PlotTerminal, force: Bool, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> [DataFigure.Drawn] {
    try DataFigure.write(
      [
        figure("samples", samples, "Values of \(samples.count) samples of \(file).", separator: ", "),
        figure("classes", classes, "Mean values over the samples of each class of \(file).", separator: " "),
      ].compactMap { $0 }, to: folder, terminal: terminal, force: force, shouldStop: shouldStop)
  }

  private func figure(_ name: String, _ panels: [Panel], _ shows: String, separator: String) -> DataFigure? {
    guard !panels.isEmpty, panels.count * steps * (channels.count + 2) <= Self.mostFields else { return nil }
    return DataFigure(name: name, table: table(panels), script: { script(name, panels, shows, separator) })
  }

  private func table(_ panels: [Panel]) -> CSVTable {
    var rows: [[String]] = []
    for (index, panel) in panels.enumerated() {
      for step in 0..<steps {
        let values = panel.values[step * channels.count..<(step + 1) * channels.count]
        rows.append(["\(index + 1)", "\(step)"] + values.map(Script.number))
      }
    }
    return CSVTable(header: ["panel", "step"] + channels.map { "\(rowName)_\($0)" }, rows: rows)
  }

  private func script(_ name: String, _ panels: [Panel], _ shows: String, _ separator: String) -> String {
    let columns = panels.count <= 4 ? panels.count : [5, 6, 9].contains(panels.count) ? 3 : panels.count <= 16 ? 4 : 5
    let rows = (panels.count + columns - 1) / columns
    let font = Double(Script.font(width: Script.page))
    let values = panels.flatMap(\.values)
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = high > low ? 0.05 * (high - low) : max(1, 0.05 * abs(high))
    let step = Script.step(span: high - low + 2 * margin, most: 4)
    let numbers = [low, high].map { Script.number(($0 / step).rounded() * step) }
    let left = 2.6 * font + max(2 * font, numbers.map { TextWidth.of($0, font: font) }.max() ?? 0)
    let isDashed = channels.count > Script.mostSolid
    func dash(_ place: Int) -> String { isDashed ? Script.dashes[place] : "" }
    let grid = PanelGrid(
      titles: PanelGrid.titles(of: panels.map(\.title), columns: columns, separator: separator), columns: columns,
      panelHeight: rows == 1 ? 360 : max(100, 800 / Double(rows)),
      key: [.init(text: rowName + ":", style: .words)]
        + channels.enumerated().map {
          .init(text: "\($1)", colour: Script.colours[$0], dash: dash($0))
        }, left: left)
    let isNarrow = grid.panelWidth < 4 * PanelGrid.textWidth("\(steps)")
    let curves = channels.indices.map { place in
      // gnuplot's SVG takes up a dash only where the colour or the width changes.
      let pen = dash(place).isEmpty ? "linewidth 1.5" : "linewidth 1.52 dashtype \(dash(place))"
      return "traces using (column(\"panel\") == i ? column(\"step\") : NaN):(column(\(place + 3))) "
        + "with lines \(pen) linecolor rgb \"\(Script.colours[place])\""
    }
    return Script.preamble(
      name: name, shows: [shows], from: ["data/\(name).csv"], width: grid.width, height: grid.height,
      settings: grid.settings) + """
        traces = here . "data/\(name).csv"
        set xrange [0:\(max(1, steps - 1))]
        set xtics \(Script.timeTicks(duration: Double(max(1, steps - 1)), isNarrow: isNarrow))
        set yrange [\(Script.number(low - margin)):\(Script.number(high + margin))]
        set ytics \(Script.number(step))
        \(grid.opening(xLabel: "step", yLabel: "value"))
        do for [i = 1:\(grid.count)] {
        \(grid.panel)
          plot \(curves.joined(separator: ", \\\n    ")), NaN
        \(grid.afterPanel)
        }
        unset multiplot

        """
  }
}
