import CSV
import Foundation

/// How neuron parameters, biases, delays, and gains and biases of an encoder are distributed before and after training: a
/// panel for each layer and parameter, both histograms in the same bins. One value for all is an upright line.
struct ParametersFigure: Figure {
  var name: String { PlotKind.parameters.rawValue }
  private static let fileName = "parameters.csv", binsName = "parameters_bins.csv"
  var dataFiles: [String] { [Self.fileName, Self.binsName] }
  private static let columns = 3
  /// More would not be legible on a page.
  private static let mostPanels = 30
  private static let mostValues = 1 << 20
  private static let before = "#000000", fixed = "#9A9A9A"

  func prepare(run: RunFolder, data: DataFolder) throws {
    let recordings = try run.recordings()
    var rows: [[String]] = []
    for layer in recordings.units.indices {
      let encoder = layer == 0 ? try recordings.encoderParameters() : []
      for parameter in try encoder + recordings.parameters(layer: layer) {
        let factor = parameter.isTime ? 1000.0 : 1
        func text(_ value: Double?) -> String { value.map { Script.number($0 * factor) } ?? "" }
        guard rows.count + parameter.initial.count <= Self.mostValues else {
          throw FigureUnavailable(note: "more than \(Self.mostValues) values of parameters are too many to draw")
        }
        for (index, (initial, trained)) in zip(parameter.initial, parameter.trained).enumerated() {
          rows.append([
            "\(layer)", parameter.name + (parameter.isTime ? " (ms)" : ""), "\(index)", text(Double(initial)),
            text(Double(trained)), parameter.isTrained ? "1" : "0", text(parameter.lower), text(parameter.upper),
          ])
        }
      }
    }
    guard !rows.isEmpty else {
      throw FigureUnavailable(
        note: "run \(run.id) has no neuron parameters or biases that are trained or drawn, or its "
          + "\(Recordings.fileName) is from an earlier version", isExpected: true)
    }
    try data.write(
      CSVTable(
        header: ["layer", "parameter", "index", "initial", "trained", "is_trained", "lower", "upper"], rows: rows),
      as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    guard data.exists(Self.fileName) else {
      throw FigureUnavailable(note: "there is no plots/data/\(Self.fileName)", isExpected: true)
    }
    let table = try data.drawnTable(
      Self.fileName, numbers: [("layer", NumberBound.layers)], columns: ["parameter", "initial", "trained"])
    let panels = self.panels(of: table, data: data)
    guard !panels.isEmpty else {
      throw FigureUnavailable(note: "plots/data/\(Self.fileName) has no parameter that can be drawn")
    }
    let bins = panels.enumerated().flatMap { number, panel in
      panel.bins.map { ["\(number + 1)", Script.number($0.edge), "\($0.initial)", "\($0.trained)"] }
    }
    try data.write(CSVTable(header: ["panel", "edge", "initial", "trained"], rows: bins), as: Self.binsName)

    let font = Double(Script.font(width: Script.page)), columns = min(Self.columns, panels.count)
    let rows = (panels.count + columns - 1) / columns
    let left = 4.6 * font, gap = 3.6 * font, room = PanelGrid.panelWidth(columns: columns, left: left, gap: gap)
    let titles = Self.titles(panels, room: room)
    let titleHeight = PanelGrid.titleHeight(lines: Double(titles.map(\.count).max() ?? 1), font: font)
    let key = Self.key(panels)
    let most = PanelGrid.mostPanelHeight(
      rows: rows, titleLines: titles.map(\.count).max() ?? 1, keyRows: 2, tickDepth: 1.9 * font, font: font)
    let grid = PanelGrid(
      titles: titles, columns: columns, panelHeight: max(50, min(170, most - 2.5 * font)), key: key, left: left,
      gaps: (gap, titleHeight + 2.5 * font))
    func numbers(_ name: String, _ value: (Panel) -> Double?) -> String {
      Script.array(name, items: panels.map { value($0).map(Script.number) ?? "NaN" }) + "\n"
    }
    let settings =
      grid.settings + numbers("low", \.range.lowerBound) + numbers("high", \.range.upperBound)
      + numbers("x_step") { Self.tickStep($0.range, width: room, font: font) }
      + numbers("top") { Double(max($0.top, 1)) * 1.06 }
      + numbers("y_step") { max(1, Script.step(span: Double($0.top), most: 3)) }
      + "# One value for all units; NaN for a histogram.\n"
      + numbers("initial_line", \.initial.line) + numbers("trained_line", \.trained.line)
      + numbers("lower_bound", \.lower) + numbers("upper_bound", \.upper)
      + numbers("is_trained") { $0.isTrained ? 1 : 0 } + numbers("has_bins") { $0.bins.isEmpty ? 0 : 1 }
    let wide = "linewidth 2.4", bound = "linewidth 1.4 dashtype (4,4) linecolor rgb \"#606060\""
    return Script.preamble(
      name: name,
      shows: [
        "Neuron parameters, biases and delays of the hidden layers before and after training, both in the same bins;",
        "one value for all is an upright line. Run \(data.shownRun).",
      ],
      from: ["data/\(Self.binsName), generated from data/\(Self.fileName)"], width: grid.width, height: grid.height,
      settings: settings) + """
        bins = here . "data/\(Self.binsName)"
        edge(i) = column("panel") == i ? column("edge") : NaN
        fill(i) = is_trained[i] ? "\(Script.blue)" : "\(Self.fixed)"
        is_there(x) = x == x
        shows_initial(i) = is_trained[i] && !is_there(initial_line[i])
        set grid noxtics

        \(grid.opening(xLabel: "value of the parameter\(data.note)", yLabel: Self.counted(panels)))
        do for [i = 1:\(grid.count)] {
          set title panel[i] offset 0,-0.7
          set xrange [low[i]:high[i]]
          set xtics x_step[i] format "%g"
          set yrange [0:top[i]]
          if (has_bins[i]) { set ytics nomirror out scale tic_scale y_step[i] format "%g" } else { unset ytics }
          if (is_there(lower_bound[i])) { set arrow 1001 from lower_bound[i], graph 0 to lower_bound[i], graph 1 nohead front \(bound) }
          if (is_there(upper_bound[i])) { set arrow 1002 from upper_bound[i], graph 0 to upper_bound[i], graph 1 nohead front \(bound) }
          if (is_there(trained_line[i])) { set arrow 1003 from trained_line[i], graph 0 to trained_line[i], graph 1 nohead front \(wide) linecolor rgb fill(i) }
          if (is_there(initial_line[i]) && is_trained[i]) { set arrow 1004 from initial_line[i], graph 0 to initial_line[i], graph 1 nohead front linewidth 1.6 dashtype (10,5) linecolor rgb "\(Self.before)" }
          if (has_bins[i]) {
            plot bins using (edge(i)):(column("trained")) with fillsteps fillstyle solid 1 noborder linecolor rgb fill(i), \\
              bins using (shows_initial(i) ? edge(i) : NaN):(column("initial")) with steps linewidth 1.8 linecolor rgb "\(Self.before)", \\
              NaN
          } else {
            plot NaN
          }
        \(grid.afterPanel)
        }
        unset multiplot

        """
  }

  /// What is counted: delays of input belong to channels, or to the units below.
  private static func counted(_ panels: [Panel]) -> String {
    let delays = panels.count { $0.parameter.contains("_delay") }
    return delays == 0 ? "number of units" : delays == panels.count ? "number of delays" : "number of units or delays"
  }

  /// What is drawn of the values of one parameter at one time.
  private struct Values {
    let drawable: [Double]
    /// The value, if all units have the same to four digits.
    let line: Double?

    init(_ values: [Double?]) {
      drawable = values.compactMap { $0 }
      guard let low = drawable.min(), let high = drawable.max() else {
        line = nil
        return
      }
      line = high - low <= max(1e-4 * max(abs(low), abs(high)), 1e-9) ? low + (high - low) / 2 : nil
    }

    /// Values that make a histogram.
    var spread: [Double] { line == nil ? drawable : [] }
  }

  private struct Panel {
    let layer: String, parameter: String
    let isTrained: Bool
    let initial: Values, trained: Values
    /// Where the axis shows them.
    let lower: Double?, upper: Double?
    /// Whether there are bounds beyond the axis.
    let hasFarBounds: Bool
    /// Of the axis.
    let range: ClosedRange<Double>
    /// The first edge, each bin's left edge and how many units are in it, and the last right edge.
    let bins: [(edge: Double, initial: Int, trained: Int)]

    /// Units in the fullest bin.
    var top: Int { bins.map { max($0.initial, $0.trained) }.max() ?? 0 }

    /// Of a few values fewer: bins of one or two units would say nothing.
    private static func mostBins(of count: Int) -> Int { min(20, max(6, Int(2 * Double(count).squareRoot()))) }

    /// nil without a value that can be drawn.
    init?(
      layer: String, parameter: String, isTrained: Bool, initial: [Double?], trained: [Double?], bounds: [Double?]
    ) {
      (self.layer, self.parameter, self.isTrained) = (layer, parameter, isTrained)
      (self.initial, self.trained) = (Values(initial), Values(trained))
      let all = self.initial.drawable + self.trained.drawable
      guard let least = all.min(), let most = all.max() else { return nil }
      let reach = most - least
      // Bounds far away would press the values together.
      let near = bounds.map { bound in
        bound.flatMap { reach == 0 || abs($0 - min(max($0, least), most)) <= 1.5 * reach ? $0 : nil }
      }
      (lower, upper) = (near[0], near[1])
      hasFarBounds = zip(bounds, near).contains { $0 != nil && $1 == nil }
      let spread = self.initial.spread + self.trained.spread
      var width = Script.step(span: (spread.max() ?? 0) - (spread.min() ?? 0), most: Self.mostBins(of: initial.count))
      // Bins end at the bounds, beyond which there is nothing, unless the file's values do not keep to them.
      if let low = near[0], let high = near[1], width > 0, (high - low) / width > 2 {
        width = (high - low) / ((high - low) / width).rounded()
      }
      var ends = [least, most] + near.compactMap { $0 }
      if let low = spread.min(), let high = spread.max(), high > low {
        // A bin begins at the lower bound, below which there is nothing. A value on the last edge belongs to the last
        // bin.
        let origin = near[0].flatMap { $0 <= low && low - $0 <= reach ? $0 : nil } ?? 0
        let first = ((low - origin) / width + 1e-6).rounded(.down)
        let count = max(1, Int(((high - origin) / width - 1e-6).rounded(.up) - first))
        func counts(_ values: [Double]) -> [Int] {
          var counts = [Int](repeating: 0, count: count + 1)
          for value in values {
            counts[min(count - 1, max(0, Int(((value - origin) / width + 1e-6 - first).rounded(.down))))] += 1
          }
          return counts
        }
        func edge(_ bin: Int) -> Double { origin + (first + Double(bin)) * width }
        let (initial, trained) = (counts(self.initial.spread), counts(self.trained.spread))
        // From the axis up at the first edge, and down to it at the last.
        bins = [(edge(0), 0, 0)] + (0...count).map { (edge($0), initial[$0], trained[$0]) }
        ends += [bins[0].edge, bins[count + 1].edge]
      } else {
        bins = []
      }
      let (low, high) = (ends.min()!, ends.max()!)
      let margin = high - low > 1e-9 ? 0.05 * (high - low) : max(0.1 * abs(high), 1e-6)
      range = low - margin...high + margin
    }
  }

  private func panels(of table: CSVTable, data: DataFolder) -> [Panel] {
    let layers = table.column("layer"), parameters = table.column("parameter"), trained = table.column("is_trained")
    let columns = ["initial", "trained", "lower", "upper"].map { table.drawable($0) }
    var rows: [[String]: [Int]] = [:], order: [[String]] = []
    for row in table.rows.indices {
      let key = [layers[row], parameters[row]]
      if rows[key] == nil { order.append(key) }
      rows[key, default: []].append(row)
    }
    if order.count > Self.mostPanels {
      data.reader.remark("only the first \(Self.mostPanels) of \(order.count) parameters are drawn")
    }
    let omitted = table.rows.indices.count { columns[0][$0] == nil || columns[1][$0] == nil }
    if omitted > 0 {
      data.reader.remark(
        "plots/data/\(Self.fileName): \(omitted) of \(table.rows.count) rows have a value that can't be drawn, which is "
          + "left out")
    }
    return order.prefix(Self.mostPanels).compactMap { key in
      let own = rows[key]!
      func values(_ column: Int) -> [Double?] { columns[column].isEmpty ? [] : own.map { columns[column][$0] } }
      return Panel(
        layer: key[0], parameter: Script.label(key[1]), isTrained: trained.isEmpty || trained[own[0]] != "0",
        initial: values(0), trained: values(1), bounds: [2, 3].map { values($0).first.flatMap { $0 } })
    }
  }

  /// The parameters; with several layers their numbers too, above where there is no room beside.
  private static func titles(_ panels: [Panel], room: Double) -> [[String]] {
    guard Set(panels.map(\.layer)).count > 1 else { return panels.map { [$0.parameter] } }
    let joined = panels.map { ["layer \($0.layer): \($0.parameter)"] }
    return joined.allSatisfy { PanelGrid.textWidth($0[0]) < room }
      ? joined : panels.map { ["layer \($0.layer)", $0.parameter] }
  }

  private static func key(_ panels: [Panel]) -> [PanelGrid.KeyEntry] {
    var key: [PanelGrid.KeyEntry] = []
    let trained = panels.filter(\.isTrained)
    if trained.contains(where: { $0.initial.line == nil }) { key.append(.init(text: "initial", colour: before)) }
    if trained.contains(where: { $0.initial.line != nil }) {
      key.append(.init(text: "initial, same for all", colour: before, dash: "(4,2.5)"))
    }
    if !trained.isEmpty { key.append(.init(text: "trained", colour: Script.blue, style: .box)) }
    if trained.count < panels.count { key.append(.init(text: "drawn, not trained", colour: fixed, style: .box)) }
    if panels.contains(where: { $0.lower != nil || $0.upper != nil || $0.hasFarBounds }) {
      let note = panels.contains(where: \.hasFarBounds) ? "bounds, if on the axis" : "bounds"
      key.append(.init(text: note, colour: "#606060", dash: "(4,4)"))
    }
    return key
  }

  /// So many numbers that they do not touch.
  private static func tickStep(_ range: ClosedRange<Double>, width: Double, font: Double) -> Double {
    let span = range.upperBound - range.lowerBound
    for most in [4, 3, 2] {
      let step = Script.step(span: span, most: most)
      let widest = [range.lowerBound, range.upperBound]
        .map { TextWidth.of(Script.number(($0 / step).rounded() * step), font: font) }.max()!
      if widest + 0.6 * font < width * step / span { return step }
    }
    return Script.step(span: span, most: 2)
  }
}
