import CSV
import Foundation

/// Hidden membranes over time, a panel for each sample; a spike is a jump to a fixed height, as in the tutorial. Models
/// with an adaptation have it below, on an axis of its own; where it moves the threshold, that is drawn as it moves.
struct MembraneFigure: Figure {
  var name: String { PlotKind.membrane.rawValue }
  private static let fileName = "membrane.csv"
  private static let columns = 5
  /// Units that are chosen among, the first ones.
  private static let mostUnits = 8
  /// Of the threshold.
  private static let spikeHeight = 5.0
  /// The deepest inhibition that is shown, of the threshold: with all of it spikes and threshold would shrink to a
  /// line.
  private static let lowest = -10.0

  func prepare(run: RunFolder, data: DataFolder) throws {
    let recordings = try run.recordings()
    let samples = try RecordedSamples.prepare(run: run, data: data)
    let units = min(recordings.units[0], Self.mostUnits)
    let threshold = Float(try recordings.threshold(layer: 0))
    let (isAdaptive, strength) = try recordings.adaptation(layer: 0)
    let isMoving = strength != 0
    let prefixes = ["membrane_", "spike_"] + (isAdaptive ? ["adaptation_"] : []) + (isMoving ? ["threshold_"] : [])
    var traces = WideTraces(
      columns: prefixes.flatMap { prefix in (0..<units).map { "\(prefix)\($0)" } } + ["threshold"])
    for (place, sample) in samples.panels.enumerated() {
      let membrane = try recordings.membrane(place, layer: 0, units: units)
      let spikes = try recordings.spikes(place, layer: 0, units: units)
      let adaptation = isAdaptive ? try recordings.adaptation(place, layer: 0, units: units) : []
      for step in 0..<recordings.timeBins {
        let row = step * units..<(step + 1) * units
        var values = Array(membrane[row]) + spikes[row]
        if isAdaptive { values += adaptation[row] }
        if isMoving { values += adaptation[row].map { threshold + Float(strength) * $0 } }
        values.append(threshold)
        try traces.add(sample: sample.id, time: samples.milliseconds(step), values)
      }
    }
    try data.write(traces.table, as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    let table = try data.drawnTable(Self.fileName, numbers: [("sample", NumberBound.samples)], columns: ["time_ms"])
    let samples = try RecordedSamples(data: data)
    let recorded = Set(table.column("sample"))
    let shown = samples.panels.filter { recorded.contains($0.id) }
    let units = WideTraces.series(of: table, prefix: "membrane_", below: NumberBound.units).map(String.init)
      .filter { table.position(of: "spike_" + $0) != nil }
    guard !shown.isEmpty, !units.isEmpty else {
      throw FigureUnavailable(note: "no recorded sample has a membrane trace")
    }
    let (coloured, others) = Self.choice(of: units, in: table)
    let drawn = [coloured] + others
    func numbers(_ prefix: String) -> [Double] { drawn.flatMap { table.drawable(prefix + $0).compactMap { $0 } } }
    func has(_ prefix: String) -> Bool { drawn.allSatisfy { table.position(of: prefix + $0) != nil } }
    let threshold = table.drawable("threshold").first.flatMap { $0 }.flatMap { $0 > 0 ? $0 : nil } ?? 1
    let moving = table.drawable("threshold_" + coloured).compactMap { $0 }
    let isAdaptive = has("adaptation_")
    let lowest = max(Self.lowest * threshold, (numbers("membrane_").min() ?? 0) * 1.05)
    let spikeHeight = max(Self.spikeHeight * threshold, 1.25 * (moving.max() ?? 0))

    var key = [PanelGrid.KeyEntry(text: "hidden unit \(coloured)", colour: Script.blue)]
    if !others.isEmpty {
      let names = (others.count == 1 ? "unit " : "units ") + others.joined(separator: ", ")
      key.append(.init(text: names, colour: Script.grey))
    }
    let value = Script.number(threshold)
    key.append(
      .init(
        text: moving.isEmpty ? "threshold" : "threshold of unit \(coloured)", colour: "#404040", style: .dashes))
    if isAdaptive {
      key.append(
        .init(
          text: moving.isEmpty
            ? "adaptation: a current, threshold = \(value)" : "adaptation: w, which raises the threshold from \(value)",
          style: .words))
    }
    let strips = Self.strips(isAdaptive: isAdaptive), axis = Axis(numbers("adaptation_"))
    let font = Double(Script.font(width: Script.page))
    let grid = PanelGrid(
      titles: PanelGrid.titles(of: shown, columns: Self.columns), columns: Self.columns,
      panelHeight: strips.last!.bottom, key: key,
      left: isAdaptive ? max(4.6 * font, 2.4 * font + axis.numberWidth(font: font)) : nil)
    let lastTime = table.drawable("time_ms").compactMap { $0 }.max() ?? 0

    let settings = """
      threshold = \(value)
      spike_height = \(Script.number(spikeHeight))
      lowest = \(Script.number(min(lowest, -0.5 * threshold)))
      coloured_unit = "\(coloured)"
      other_units = "\(others.joined(separator: " "))"    # of \(units.prefix(100).joined(separator: " "))
      \(Script.array("sample", of: shown.map(\.id)))
      \(grid.settings)
      """
    let level = moving.isEmpty ? "threshold" : "traces using (when(sample[i])):(column(\"threshold_\" . coloured_unit))"
    let membranes = """
        plot for [u in other_units] traces using (when(sample[i])):(membrane(u)) \\
            with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
          \(level) with lines linewidth 0.8 dashtype (10,6) linecolor rgb "#404040" notitle, \\
          traces using (when(sample[i])):(membrane(coloured_unit)) \\
            with lines linewidth 1.6 linecolor rgb "\(Script.blue)" notitle
      """
    let yAxis = """
      set yrange [lowest:spike_height * 1.05]
      set ytics \(Script.number(Script.step(span: spikeHeight, most: 1)))
      """
    let xLabel = "time of stimulus (ms)\(data.note)", yLabel = "membrane (threshold = \(value))"
    let panels =
      isAdaptive
      ? """

      \(grid.opening(xLabel: xLabel, strips: strips))
      do for [i = 1:\(grid.count)] {
      \(grid.panel)
      \(grid.margins(strips[0]))
        set format x ""
        \(yAxis.replacing("\n", with: "\n  "))
      \(membranes)
      \(grid.afterPanel)
      \(grid.margins(strips[1]))
        unset title
        set format x (\(grid.isAtBottom) ? "%g" : "")
        \(axis.text)
        plot for [u in other_units] traces using (when(sample[i])):(column("adaptation_" . u)) \\
            with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
          traces using (when(sample[i])):(column("adaptation_" . coloured_unit)) \\
            with lines linewidth 1.6 linecolor rgb "\(Script.blue)" notitle
      }
      """
      : """
      \(yAxis)

      \(grid.opening(xLabel: xLabel, yLabel: yLabel))
      do for [i = 1:\(grid.count)] {
      \(grid.panel)
      \(membranes)
      \(grid.afterPanel)
      }
      """
    var shows = [
      "Membrane of hidden units during a test sample, one panel per sample; the threshold is \(value)"
        + (moving.isEmpty ? "." : " and what the adaptation adds."),
      "Where a unit spikes its line jumps to spike_height. What is below lowest is not shown. Run \(data.shownRun).",
    ]
    if isAdaptive { shows.insert("Below each: the adaptation of the same units.", at: 1) }
    return Script.preamble(
      name: name, shows: shows, from: ["data/\(Self.fileName)"], width: grid.width, height: grid.height,
      settings: settings) + """
        traces = here . "data/\(Self.fileName)"
        when(s) = strcol("sample") eq s ? column("time_ms") : NaN
        membrane(u) = column("spike_" . u) > 0 ? spike_height : column("membrane_" . u)
        set xrange [0:\(Script.number(lastTime))]
        set xtics \(Script.timeTicks(duration: lastTime))
        \(panels)
        unset multiplot

        """
  }

  /// The membrane, and below it the adaptation if there is one; in pixels.
  private static func strips(isAdaptive: Bool) -> [PanelGrid.Strip] {
    guard isAdaptive else { return [.init(label: "membrane", top: 0, bottom: 140)] }
    return [
      .init(label: "membrane", top: 0, bottom: 150), .init(label: "adaptation", top: 166, bottom: 276),
    ]
  }

  /// Of the adaptation: zero and all values.
  private struct Axis {
    let low: Double, high: Double, step: Double

    init(_ values: [Double]) {
      low = min(0, values.min() ?? 0)
      high = max(values.max() ?? 0, low + 1e-6)
      step = Script.step(span: high - low, most: 3)
    }

    func numberWidth(font: Double) -> Double {
      [(low / step).rounded(.up), (high / step).rounded(.down)]
        .map { TextWidth.of(Script.number($0 * step), font: font) }.max()!
    }

    /// In gnuplot's language.
    var text: String {
      let margin = (high - low) * 0.06
      return "set yrange [\(Script.number(low - margin)):\(Script.number(high + margin))]\n  set ytics "
        + Script.number(step)
    }
  }

  /// In colour the unit with the median number of spikes among those that spike at all; besides, in grey, those at the
  /// quartiles. More would hide each other.
  private static func choice(of units: [String], in table: CSVTable) -> (coloured: String, others: [String]) {
    let counts = units.map { unit in table.drawable("spike_" + unit).reduce(0) { $0 + ($1 ?? 0) } }
    var order = units.indices.filter { counts[$0] > 0 }.sorted { (counts[$0], $0) < (counts[$1], $1) }
    if order.isEmpty { order = Array(units.indices) }
    let coloured = order[order.count / 2]
    let others = distinct([order[order.count / 4], order[order.count * 3 / 4]]).filter { $0 != coloured }
    return (units[coloured], others.map { units[$0] })
  }
}
