import Foundation

/// A quantity per epoch, of all runs: lines are means over seeds, bands reach from the lowest to the highest seed.
///
/// Without a sweep a colour is a set (train, validation, test). With one a colour is a point of the sweep, while there
/// are few; else the points are spread over panels; and if those were too many too, all are grey but the best.
struct LearningCurve: Figure {
  let kind: PlotKind
  var name: String { kind.rawValue }

  /// As many points have colours of their own.
  private static var mostColours: Int { Script.colours.count }
  /// As many points of several keys stand in one panel.
  private static let mostTogether = 8
  private static let mostPanels = 12
  /// Beyond so many lines a panel has no lines of the training set.
  private static let mostTrainLines = 4
  /// Beyond so many lines those of the training set have no bands, which would hide the lines.
  private static let mostTrainBands = 2
  private static let mostHighlights = 6
  /// Of the points in grey: more make the picture larger and show nothing more.
  private static let mostGrey = 500
  /// Of the values, what is no outlier; fewer values than `leastValues` have none.
  private static let body = 0.98
  private static let leastValues = 25

  /// The columns of `history.csv`, each with its name in the key.
  private var sets: [(column: String, name: String)] {
    switch kind {
    case .loss: ["train", "validation", "test"].map { ("\($0)_loss", $0) }
    case .accuracy: ["train", "validation", "test"].map { ("\($0)_accuracy", $0) }
    case .silentFraction: [("silent_fraction", "training")]
    default: [("hidden_rate_hz", "training")]
    }
  }

  private var metric: Metric { Metric(name: kind == .firingRate ? "hidden_rate_hz" : kind.rawValue) }

  func script(data: DataFolder) throws -> String {
    let history = try data.histories()
    let design = SweepDesign(data: data)
    let curves = EpochCurves(history, keys: design.keys, columns: sets.map(\.column))
    let present = sets.indices.filter { set in curves.curves.contains { $0.set == set } }
    guard !present.isEmpty else { throw FigureUnavailable(note: "history.csv has no \(metric.label)") }
    let page = layout(design: design, curves: curves, present: present)
    try data.write(page.table(keys: design.keys, sets: sets.map(\.name)), as: "\(name).csv")
    return script(page)
  }

  // MARK: - Which line stands where

  private func layout(design: SweepDesign, curves: EpochCurves, present: [Int]) -> CurvePage {
    var page = CurvePage(seeds: curves.seeds)
    // A sweep point without any epoch so far has no lines, but keeps its colour.
    let places = design.points.compactMap { point in design.place(of: point).map { (point, $0) } }
      .sorted { $0.1.lexicographicallyPrecedes($1.1) }
    guard !design.axes.isEmpty, places.count > 1 else {
      let colours = [Script.blue, Script.green, Script.vermillion]
      page.key = present.map { .init(text: sets[$0].name, colour: colours[$0]) }
      page.shows = "Lines: mean over seeds."
      for set in present {
        for curve in curves.curves where curve.set == set {
          page.lines.append(.init(curve: curve, panel: 0, colour: colours[set]))
        }
      }
      if present.count == 1 { page.key = [] }
      page.yLabel = metric.label
      return page
    }
    // What was held out: the validation set where there is one.
    let heldOut = present.contains(1) ? 1 : present.last!
    let first = design.axes[0], rest = Array(design.axes.dropFirst())
    let panels = distinct(places.map { Array($0.1.dropFirst()) })
    var slots: [[String]: (panel: Int, colour: Int)] = [:]
    let lines: Int
    if places.count <= (rest.isEmpty ? Self.mostColours : Self.mostTogether) {
      for (index, place) in places.enumerated() { slots[place.0] = (0, index) }
      lines = places.count
      page.key = [.init(text: design.axes.map(\.label).joined(separator: ", ") + ":", style: .words)]
      page.key += places.enumerated().map { index, place in
        .init(
          text: zip(design.axes, place.1).map { $0.names[$1] }.joined(separator: ", "), colour: Script.colours[index],
          dash: Self.dash(index, of: lines))
      }
      page.shows = "One colour per sweep point; a line is the mean over seeds."
    } else if !rest.isEmpty, first.values.count <= Self.mostColours, panels.count <= Self.mostPanels {
      for place in places { slots[place.0] = (panels.firstIndex(of: Array(place.1.dropFirst()))!, place.1[0]) }
      lines = first.values.count
      page.panels = panels.map { panel in
        panel.enumerated().map { design.title(axis: $0 + 1, value: $1) }
      }
      page.key = [.init(text: first.label + ":", style: .words)]
      page.key += first.names.enumerated().map {
        .init(text: $1, colour: Script.colours[$0], dash: Self.dash($0, of: lines))
      }
      page.shows =
        "\(places.count) points of the sweep: a colour is a value of \(first.label), a panel one of "
        + rest.map(\.label).joined(separator: ", ") + "; a line is the mean over seeds."
    } else {
      return highlights(page, design: design, places: places, curves: curves, set: heldOut)
    }
    let showsTrain = heldOut != 0 && present.contains(0) && lines <= Self.mostTrainLines
    for curve in curves.curves where curve.set == heldOut || (showsTrain && curve.set == 0) {
      guard let (panel, colour) = slots[curve.point] else { continue }
      page.lines.append(
        .init(
          curve: curve, panel: panel, colour: Script.colours[colour], dash: Self.dash(colour, of: lines),
          isDashed: curve.set != heldOut, isBare: curve.set != heldOut && lines > Self.mostTrainBands))
    }
    page.lines.sort { ($0.panel, $0.isDashed ? 1 : 0) < ($1.panel, $1.isDashed ? 1 : 0) }
    if showsTrain {
      page.key += [
        .init(text: sets[heldOut].name, colour: "#404040"), .init(text: "train", colour: "#404040", style: .dashes),
      ]
    }
    page.yLabel = (sets.count > 1 && !showsTrain ? sets[heldOut].name + " " : "") + metric.label
    return page
  }

  /// All points in grey, and the best ones in colour.
  private func highlights(
    _ start: CurvePage, design: SweepDesign, places: [([String], [Int])], curves: EpochCurves, set: Int
  ) -> CurvePage {
    var page = start
    let best = SweepScores(curves.history, keys: design.keys)
    let drawn = Set(curves.curves.filter { $0.set == set }.map(\.point))
    let chosen = best.ranked.lazy.filter(drawn.contains).prefix(Self.mostHighlights).map { $0 }
    let others = curves.curves.filter { $0.set == set && !chosen.contains($0.point) }
    // Evenly spread over the sweep.
    let shown = min(others.count, Self.mostGrey)
    for index in 0..<shown {
      page.lines.append(
        .init(curve: others[index * others.count / shown], panel: 0, colour: Script.grey, isGrey: true))
    }
    let part = shown < others.count ? "\(shown) of " : ""
    page.key = [.init(text: design.axes.map(\.label).joined(separator: ", ") + ":", style: .words)]
    for (rank, point) in chosen.enumerated() {
      let names = zip(design.axes, design.place(of: point) ?? []).map { $0.names[$1] }.joined(separator: ", ")
      page.key.append(.init(text: names, colour: Script.colours[rank], dash: Self.dash(rank, of: chosen.count)))
      // A band for each would hide the lines.
      for curve in curves.curves where curve.set == set && curve.point == point {
        page.lines.append(
          .init(
            curve: curve, panel: 0, colour: Script.colours[rank], dash: Self.dash(rank, of: chosen.count), isBare: true)
        )
      }
    }
    page.key.append(.init(text: "\(part)the other \(places.count - chosen.count) points", colour: Script.grey))
    if let judge = best.set { page.key.append(.init(text: "in colour: best on \(judge)", style: .words)) }
    let quality = best.set.map { "the \(chosen.count) with the highest \($0) accuracy at their last epoch in colour" }
    page.shows =
      "\(places.count) points of the sweep, \(quality ?? "all in grey")\(part.isEmpty ? "" : " (of the others \(shown) are drawn)"); a line is the mean over seeds."
    page.yLabel = (sets.count > 1 ? sets[set].name + " " : "") + metric.label
    return page
  }

  private static func dash(_ index: Int, of count: Int) -> String {
    count > Script.mostSolid ? Script.dashes[index] : ""
  }

  // MARK: - The range of the axis

  /// The axis of y, and what it leaves out.
  private struct Range {
    var low = 0.0, high = 1.0
    var isLog = false
    /// Points of lines that are above `high`, and the highest of them.
    var omitted = 0, highest = 0.0

    /// What the figure says about it, nil if everything is there.
    var note: String? {
      omitted == 0
        ? nil
        : "\(omitted) point\(omitted == 1 ? "" : "s") above \(LearningCurve.short(high)) not shown, up to "
          + LearningCurve.short(highest)
    }
  }

  private static func short(_ value: Double) -> String { String(format: "%.3g", value) }

  /// The range of quantities without a natural one. A few values far above all others, which would flatten the rest
  /// even on a logarithmic axis, are left out and counted.
  private func range(_ page: CurvePage) -> Range {
    let points = page.lines.flatMap { line in
      line.curve.epochs.map { epoch in
        (
          low: (line.hasBand ? epoch.low : epoch.mean) * metric.factor,
          high: (line.hasBand ? epoch.high : epoch.mean) * metric.factor
        )
      }
    }
    var range = Range()
    let low = points.map(\.low).min() ?? 0, tops = points.map(\.high).sorted()
    var high = tops.last ?? 1
    if tops.count >= Self.leastValues {
      let bound = 1.5 * tops[Int(Double(tops.count - 1) * Self.body)]
      let isFlattened = low > 0 ? log(high / low) > 2.5 * log(bound / low) : bound > 0 && high > 5 * bound
      if isFlattened, high > 3 * bound, let most = tops.last(where: { $0 <= bound }) {
        (range.omitted, range.highest) = (tops.count { $0 > bound }, high)
        high = most
      }
    }
    range.isLog = kind == .loss && low > 0 && high / low > 10
    (range.low, range.high) =
      range.isLog ? (low / 1.1, high * 1.1) : (min(0, low * 1.05), high > 0 ? high * 1.05 : 1)
    return range
  }

  // MARK: - The scripts

  private func settings(_ page: CurvePage) -> String {
    var text = "factor = \(Script.number(metric.factor))\n# The lines of each panel, by the column line of the data.\n"
    for (index, pen) in page.pens.enumerated() {
      text += list("lines_\(index + 1)", page, pen.draws) + "    # \(pen.style)\n"
    }
    if page.hasBands { text += list("banded", page) { $0.hasBand } + "\n" }
    text += "# The colour of each line.\n" + Script.array("colour", of: page.numbered.map(\.line.colour)) + "\n"
    return text
  }

  private func list(_ name: String, _ page: CurvePage, _ isIn: (CurvePage.Line) -> Bool) -> String {
    Script.array(
      name,
      of: page.panels.indices.map { panel in
        page.numbered.filter { $0.line.panel == panel && isIn($0.line) }.map { "\($0.number)" }.joined(separator: " ")
      })
  }

  /// The axes, and the numbers that stand beside that of y.
  private func axes(_ page: CurvePage, _ range: Range) -> (text: String, numbers: [String], top: Double) {
    let epochs = page.lines.flatMap { $0.curve.epochs.map(\.epoch) }
    let lastEpoch = epochs.max() ?? 1
    var text = """
      curves = here . "data/\(name).csv"
      line(list, k) = k > words(list) ? 1 : int(word(list, k))
      of(list, k) = column("line") == line(list, k) ? column("epoch") : NaN
      # Lines leave the panel at its top; far above it terminals have no numbers.
      below(y, most) = y > most ? most : y
      drawn(name) = below(column(name) * factor, 2 * top)
      band(name) = below(column(name) * factor, top)
      set xrange [\(lastEpoch < 3 ? "0:\(Script.number(lastEpoch + 1))" : "1:\(Script.number(lastEpoch))")]
      set xtics \(Script.number(max(1, Script.step(span: lastEpoch, most: page.panels.count > 1 ? 4 : 6))))

      """
    let most = page.panels.count > 1 ? 4 : 6
    if metric.factor == 100 {
      // All of it, so that a dead network is seen at a glance; a part for accuracies that are all low.
      let high =
        page.lines.flatMap { line in line.curve.epochs.map { (line.hasBand ? $0.high : $0.mean) * 100 } }.max() ?? 1
      let top: Double = kind == .accuracy ? [20, 40].first { high < $0 * 0.9 } ?? 100 : 100
      let step = top / (top == 100 && page.panels.count == 1 ? 5 : 4)
      text += "set yrange [0:top]\nset ytics \(Script.number(step))\n"
      return (text, [Script.number(top)], top)
    }
    let step =
      range.isLog
      ? Script.logTicks(low: range.low, high: range.high)
      : Script.number(Script.step(span: range.high - range.low, most: most))
    text += """
      \(range.isLog ? "set logscale y\n" : "")set yrange [\(Script.number(range.low)):top]
      set ytics \(step)

      """
    // The widest of the numbers are those at the ends, or the smallest steps.
    let powers =
      (Int(log10(max(range.low, 1e-12)))...max(Int(log10(max(range.low, 1e-12))), Int(log10(max(range.high, 1e-12)))))
      .map { Script.number(pow(10, Double($0))) }
    let unit = Script.step(span: range.high - range.low, most: most)
    let multiples = (0...most).map { Script.number(unit * ((range.low / unit).rounded(.up) + Double($0))) }
    return (text, range.isLog ? powers : multiples, range.high)
  }

  /// The curves of panel `i`.
  private func plot(_ page: CurvePage) -> String {
    let isShort = Set(page.lines.flatMap { $0.curve.epochs.map(\.epoch) }).count < 3
    let style = isShort ? "linespoints pointtype 7 pointsize 0.6" : "lines"
    func lines(_ list: String, _ pen: String) -> String {
      """
      for [k = 1:words(\(list)[i])] curves using (of(\(list)[i], k)):(drawn("mean")) \\
            with \(style) \(pen) linecolor rgb colour[line(\(list)[i], k)]
      """
    }
    var curves: [String] = []
    if page.lines.contains(where: \.isGrey) {
      curves.append(
        """
        curves using (of("0", 1)):(drawn("mean")) \\
              with \(style) linewidth \(page.lines.count { $0.isGrey } > 100 ? "0.3" : "0.6") linecolor rgb "\(Script.grey)"
        """)
    }
    if page.hasBands {
      curves.append(
        """
        for [k = 1:words(banded[i])] curves using (of(banded[i], k)):(band("min")):(band("max")) \\
              with filledcurves linecolor rgb colour[line(banded[i], k)] fillstyle transparent solid 0.2 noborder
        """)
    }
    for (index, pen) in page.pens.enumerated() { curves.append(lines("lines_\(index + 1)", pen.style)) }
    curves.append("NaN")  // so that a panel without any run yet is drawn too
    return "  plot " + curves.joined(separator: ", \\\n    ") + "\n"
  }

  private func script(_ page: CurvePage) -> String {
    let count = page.panels.count
    // As many beside each other as their titles allow.
    let columns =
      ([5, 6, 9].contains(count) ? [3, 2] : count == 4 ? [4, 2] : [4, 3, 2]).first { columns in
        let room = PanelGrid.titleRoom(columns: min(columns, count))
        return page.panels.allSatisfy { $0.allSatisfy { PanelGrid.textWidth($0) < room } }
      } ?? 2
    let room = PanelGrid.titleRoom(columns: min(columns, count))
    let joined = page.panels.map { [$0.joined(separator: ", ")] }
    let titles = joined.allSatisfy { PanelGrid.textWidth($0[0]) < room } ? joined : page.panels
    let range = range(page)
    var key = page.key
    if page.hasBands { key.append(.init(text: page.bandText, colour: "#404040", style: .band)) }
    if metric.factor != 100, let note = range.note { key.append(.init(text: note, style: .words)) }
    let width = count == 1 ? Script.column : Script.page, font = Double(Script.font(width: width))
    let axes = axes(page, range)
    let left = max(4.6 * font, 2.6 * font + (axes.numbers.map { TextWidth.of($0, font: font) }.max() ?? 0))
    // The last epoch's number stands at the edge.
    let lastEpoch = page.lines.flatMap { $0.curve.epochs.map(\.epoch) }.max() ?? 1
    let right = max(font, 0.5 * TextWidth.of(Script.number(lastEpoch), font: font) + 0.3 * font)
    let grid = PanelGrid(
      titles: count == 1 ? [[]] : titles, columns: columns, width: width, panelHeight: count == 1 ? 240 : 200, key: key,
      left: left, right: right)
    var shows = ["\(page.yLabel.prefix(1).uppercased())\(page.yLabel.dropFirst()) per epoch. \(page.shows)"]
    if page.hasBands { shows.append("Bands reach from the lowest to the highest of up to \(page.seeds) seeds.") }
    if metric.factor != 100, let note = range.note { shows.append("The axis leaves outliers out: \(note).") }
    let top = "top = \(Script.number(axes.top))    # end of the axis of y\n"
    return Script.preamble(
      name: name, shows: shows, from: ["data/\(name).csv, generated from ../history.csv"], width: grid.width,
      height: grid.height, settings: top + settings(page) + grid.settings) + axes.text + """

        \(grid.opening(xLabel: "epoch", yLabel: page.yLabel))
        do for [i = 1:\(count)] {
        \(grid.panel)
        \(plot(page))\(grid.afterPanel)
        }
        unset multiplot

        """
  }
}
