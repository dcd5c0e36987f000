import Foundation

/// A metric over two swept keys, mean and standard deviation over seeds written in each cell; with more swept keys a
/// page of such maps, one for each combination of the further keys' values.
struct HeatMap: Figure {
  let metric: String?

  var name: String { metric.map { "\(PlotKind.heatmap.rawValue)_\(Script.fileName($0))" } ?? PlotKind.heatmap.rawValue }

  private static let mostPanels = 24
  /// Of values on an axis: cells of more would be smaller than can be seen.
  private static let mostValues = 200
  /// Pixels of a panel and of a cell below which a map is no map.
  private static let leastPanel = 60.0, leastCell = 3.0
  /// Pixels that a cell should be wide for its numbers, in a column and on a page.
  private static let wishedCell = 62.0

  func script(data: DataFolder) throws -> String {
    let design = SweepDesign(data: data)
    guard design.axes.count > 1 else {
      throw FigureUnavailable(
        note: "it shows sweeps of two keys or more, this one has \(design.axes.count)", isExpected: true)
    }
    let results = try SweepResults(data: data, metric: metric)
    let (x, y, further) = (design.axes[0], design.axes[1], design.axes.dropFirst(2))
    let panels = distinct(design.points.compactMap { design.place(of: $0).map { Array($0.dropFirst(2)) } })
      .sorted { $0.lexicographicallyPrecedes($1) }
    guard panels.count <= Self.mostPanels else {
      throw FigureUnavailable(note: "\(panels.count) maps, one for each combination of the further keys, are too many")
    }
    guard max(x.values.count, y.values.count) <= Self.mostValues else {
      throw FigureUnavailable(
        note:
          "\(x.values.count) x \(y.values.count) cells are too many; at most \(Self.mostValues) values of a key are shown"
      )
    }
    try data.write(
      results.points(design, columns: ["panel", "x", "y"]) { place in
        panels.firstIndex(of: Array(place.dropFirst(2))).map { panel in
          [panel, place[0], place[1]].map { Double($0 + 1) }
        }
      }, as: "\(name).csv")

    // A column's width if its numbers can be read there.
    let narrow = Double(Script.font(width: Script.column))
    func left(_ font: Double, of width: Int) -> Double {
      let names = CategoryTicks(names: y.names, height: .infinity, font: font, longest: Self.longest(Double(width)))
      return 3 * font + names.overhang
    }
    let isNarrow =
      panels.count == 1
      && (Double(Script.column) - left(narrow, of: Script.column) - 60) / Double(x.values.count) >= Self.wishedCell
    let width = isNarrow ? Script.column : Script.page
    let font = Double(Script.font(width: width)), longest = Self.longest(Double(width))
    let ends = results.range, step = Script.step(span: ends.high - ends.low, most: 6)
    let numbers = [(ends.low / step).rounded(.up), (ends.high / step).rounded(.down)].map {
      TextWidth.of(Script.number($0 * step), font: font)
    }
    let right = 3 * font + numbers.max()!
    var room = Double(width) - left(font, of: width) - right
    let wish = isNarrow ? Self.wishedCell : 1.6 * Self.wishedCell
    let most = max(1, min(4, Int(room / (Double(x.values.count) * wish + 30))))
    let rows = (panels.count + most - 1) / most, columns = (panels.count + rows - 1) / rows
    func cellWidth() -> Double { (room - 1.5 * font * Double(columns - 1)) / Double(columns * x.values.count) }
    func ticks() -> CategoryTicks {
      CategoryTicks(
        names: x.names, places: x.names.indices.map { Double($0 + 1) }, spacing: cellWidth(), font: font,
        isNumeric: x.numbers != nil, longest: longest)
    }
    // Slanted labels reach beyond the axis.
    let overhang = max(0, ticks().overhang - cellWidth() / 2 - left(font, of: width) + 0.3 * font)
    room -= overhang
    let xTicks = ticks()
    let titles = panels.map { panel in panel.enumerated().map { design.title(axis: $0 + 2, value: $1) } }
    let mostHigh = PanelGrid.mostPanelHeight(
      rows: rows, titleLines: titles.map(\.count).max() ?? 0, keyRows: 2, tickDepth: xTicks.depth, font: font)
    let cell = Cell(
      results, width: cellWidth(), height: mostHigh / Double(y.values.count), font: font, smallest: isNarrow ? 10 : 16)
    let whole = "\(results.label): \(cell.caption)"
    let fits = PanelGrid.textWidth(whole, font: font) < Double(width) - 4 * font
    // At least as high as the label of y is long.
    let wished = max(
      cell.height * Double(y.values.count), rows == 1 ? PanelGrid.textWidth(y.label, font: font) - 2 * font : 0)
    let panelHeight = min(wished, max(mostHigh, Self.leastPanel, Self.leastCell * Double(y.values.count)))
    let grid = PanelGrid(
      titles: titles, columns: columns, width: width, panelHeight: panelHeight,
      key: (fits ? [whole] : [results.label, cell.caption]).map { .init(text: $0, style: .words) },
      left: left(font, of: width) + overhang, right: right, tickDepth: xTicks.depth)
    let yTicks = CategoryTicks(names: y.names, height: panelHeight, font: font, longest: longest)
    return Script.preamble(
      name: name,
      shows: [
        "\(results.label) over \(x.label) and \(y.label): \(cell.caption).",
        "Cells without a finished run are empty"
          + (further.isEmpty ? "." : "; a map for each value of \(further.map(\.label).joined(separator: ", "))."),
      ],
      from: ["data/\(name).csv, generated from ../aggregate.csv"], width: grid.width, height: grid.height,
      settings: """
        factor = \(Script.number(results.metric.factor))
        low = \(Script.number(ends.low))
        high = \(Script.number(ends.high))    # ends of the colour scale
        number_font = \(Script.number(cell.font))
        \(grid.settings)
        """) + """
        cells = here . "data/\(name).csv"
        x(i) = column("panel") == i ? column("x") : NaN
        y(i) = column("y")
        mean(i) = column("mean") * factor
        # Viridis is dark at its lower end.
        text_colour(i) = (mean(i) - low) / (high - low) > 0.55 ? 0x000000 : 0xFFFFFF
        unset grid
        set tics scale 0
        set border 15
        set xrange [0.5:\(x.values.count).5]
        set yrange [0.5:\(y.values.count).5]
        set palette defined (\(Script.viridis))
        set cbrange [low:high]
        set cbtics \(Script.number(step))
        set colorbox user origin \(grid.x(Double(width) - right + 0.7 * font)),\(grid.y(Double(grid.height) - grid.bottom)) \\
          size \(grid.x(0.9 * font)),screen \(String(format: "%.4g", (Double(grid.height) - grid.top - grid.bottom) / Double(grid.height)))

        \(grid.opening(xLabel: x.label, yLabel: y.label))
        do for [i = 1:\(grid.count)] {
        \(grid.panel)
          if (\(grid.isAtBottom)) { set xtics scale 0 \(xTicks.text) } else { unset xtics }
          if (\(grid.isAtLeft)) { set ytics scale 0 \(yTicks.text) } else { unset ytics }
        \(plot(cell))\(grid.afterPanel)
          unset colorbox
        }
        unset multiplot

        """
  }

  /// Pixels of a label beside an axis.
  private static func longest(_ width: Double) -> Double { 0.34 * width }

  /// How a cell is written: as much as its width allows.
  private struct Cell {
    let font: Double
    let showsMean: Bool, showsSpread: Bool
    let height: Double
    /// Of its side; small cells have no gap, which would be uneven.
    let half: String
    let caption: String
    /// Of a number, for sprintf.
    let format: String

    init(_ results: SweepResults, width: Double, height room: Double, font base: Double, smallest: Double) {
      let hasSpread = results.seeds > 1, format = results.metric.format
      let digits = results.means.map { String(format: format, $0).count }.max() ?? 1
      func fitting(_ characters: Int, height: Double) -> Double {
        min(base * 0.87, width * 0.94 / (0.57 * Double(characters)), height)
      }
      // ± 10.1 (3)
      let forSpread = fitting(digits + 6, height: room / 2.6), forMean = fitting(digits, height: room / 1.3)
      showsSpread = hasSpread && forSpread >= smallest
      showsMean = forMean >= smallest
      let font = showsSpread ? forSpread : forMean
      self.font = font
      self.format = format
      height =
        showsMean
        ? min(room, max(showsSpread ? 3.6 * font : 2.2 * font, min(width, 3.8 * base)))
        : min(room, max(8, min(width, 1.4 * base)))
      half = min(width, room) < 20 ? "0.5" : "0.49"
      caption = showsSpread ? "mean ± sample std (number of seeds)" : hasSpread ? "mean over seeds" : "one seed each"
    }
  }

  /// The map of panel `i`.
  private func plot(_ cell: Cell) -> String {
    var curves = [
      """
      cells using (x(i)):(y(i)):(x(i) - \(cell.half)):(x(i) + \(cell.half)):(y(i) - \(cell.half)):(y(i) + \(cell.half)):(mean(i)) \\
            with boxxyerror palette fillstyle solid noborder
      """
    ]
    // Two lines where there are several seeds.
    if cell.showsMean {
      curves.append(
        """
        cells using (x(i)):(y(i)\(cell.showsSpread ? " + (column(\"n\") > 1 ? 0.17 : 0)" : "")):\\
              (sprintf("\(cell.format)", mean(i))):(text_colour(i)) \\
              with labels font font_size(number_font) textcolor rgb variable
        """)
      curves.append(
        """
        cells using (column("n") == 0 && column("n_failed") > 0 ? x(i) : NaN):(y(i)):("failed") \\
              with labels font font_size(number_font) textcolor rgb "#707070"
        """)
    }
    if cell.showsSpread {
      curves.append(
        """
        cells using (column("n") > 1 ? x(i) : NaN):(y(i) - 0.2):\\
              (sprintf("± \(cell.format) (%d)", column("std") * factor, column("n"))):(text_colour(i)) \\
              with labels font font_size(number_font) textcolor rgb variable
        """)
    }
    curves.append("NaN")  // so that a map without any cell is drawn too
    return "  plot " + curves.joined(separator: ", \\\n    ") + "\n"
  }
}
