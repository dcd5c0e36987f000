import CSV
import Foundation

/// Hidden membranes over time, a panel for each sample, in which each layer has a strip of its own; a spike is a jump to
/// a fixed height, as in the tutorial. Models with an adaptation have it below, on an axis of its own; where it moves
/// the threshold, that is drawn as it moves.
struct MembraneFigure: Figure {
  var name: String { PlotKind.membrane.rawValue }
  private static let fileName = "membrane.csv"
  private static let columns = 5
  /// Units that are chosen among, the first ones.
  private static let mostUnits = 8
  /// More layers would not be legible on a page.
  private static let mostLayers = 6
  /// Strips of a column of panels.
  private static let mostStrips = 8
  /// Of the threshold.
  private static let spikeHeight = 5.0
  /// The deepest inhibition that is shown, of the threshold: with all of it spikes and threshold would shrink to a
  /// line.
  private static let lowest = -10.0

  // MARK: Data

  func prepare(run: RunFolder, data: DataFolder) throws {
    let recordings = try run.recordings()
    let samples = try RecordedSamples.prepare(run: run, data: data)
    let layers = Self.shown(of: recordings.units.count)
    let widths = layers.map { min(recordings.units[$0], Self.mostUnits) }, most = widths.max() ?? 0
    let thresholds = try layers.map { Float(try recordings.threshold(layer: $0)) }
    let adaptations = try layers.map { try recordings.adaptation(layer: $0) }
    var prefixes = ["membrane_", "spike_"]
    if adaptations.contains(where: \.isThere) { prefixes.append("adaptation_") }
    if adaptations.contains(where: { $0.strength != 0 }) { prefixes.append("threshold_") }
    var traces = WideTraces(
      columns: prefixes.flatMap { prefix in (0..<most).map { "\(prefix)\($0)" } } + ["threshold", "layer"])
    // Of units that a layer lacks, and of traces that its model lacks.
    let none = [Float](repeating: .nan, count: most)
    for (place, sample) in samples.panels.enumerated() {
      for (index, layer) in layers.enumerated() {
        let units = widths[index], (isAdaptive, strength) = adaptations[index]
        let membrane = try recordings.membrane(place, layer: layer, units: units)
        let spikes = try recordings.spikes(place, layer: layer, units: units)
        let adaptation = isAdaptive ? try recordings.adaptation(place, layer: layer, units: units) : []
        for step in 0..<recordings.timeBins {
          let row = step * units..<(step + 1) * units
          let values = prefixes.flatMap { prefix in
            let own: [Float] =
              switch prefix {
              case "membrane_": Array(membrane[row])
              case "spike_": Array(spikes[row])
              case "adaptation_": isAdaptive ? Array(adaptation[row]) : []
              default: strength == 0 ? [] : adaptation[row].map { thresholds[index] + Float(strength) * $0 }
              }
            return own + none.dropFirst(own.count)
          }
          try traces.add(
            sample: sample.id, time: samples.milliseconds(step), values + [thresholds[index], Float(layer)])
        }
      }
    }
    if layers.count < recordings.units.count {
      data.reader.remark("only \(layers.count) of \(recordings.units.count) layers are drawn")
    }
    try data.write(traces.table, as: Self.fileName)
  }

  /// The layers that are drawn: all, or some from the first to the last.
  private static func shown(of count: Int) -> [Int] {
    guard count > mostLayers else { return Array(0..<count) }
    return (0..<mostLayers).map { $0 * (count - 1) / (mostLayers - 1) }
  }

  // MARK: Script

  /// What is drawn of a layer.
  private struct Layer {
    let number: Int
    /// Of the names in the script: empty for the only layer.
    let suffix: String
    let units: [String]
    let coloured: String, others: [String]
    let threshold: Double
    /// Whether the adaptation moves the threshold.
    let isMoving: Bool
    let isAdaptive: Bool
    let lowest: Double, spikeHeight: Double
    let axis: Axis

    /// nil without a membrane.
    init?(_ number: Int, of table: CSVTable, isOnly: Bool) {
      self.number = number
      suffix = isOnly ? "" : "_\(number)"
      let units = WideTraces.series(of: table, prefix: "membrane_", below: NumberBound.units).map(String.init).filter {
        unit in
        table.position(of: "spike_" + unit) != nil
          && (isOnly || table.drawable("membrane_" + unit).contains { $0 != nil })
      }
      guard !units.isEmpty else { return nil }
      self.units = units
      let (coloured, others) = MembraneFigure.choice(of: units, in: table)
      (self.coloured, self.others) = (coloured, others)
      let drawn = [coloured] + others
      func numbers(_ prefix: String) -> [Double] { drawn.flatMap { table.drawable(prefix + $0).compactMap { $0 } } }
      threshold = table.drawable("threshold").first.flatMap { $0 }.flatMap { $0 > 0 ? $0 : nil } ?? 1
      let moving = table.drawable("threshold_" + coloured).compactMap { $0 }
      isMoving = !moving.isEmpty
      let adaptation = numbers("adaptation_")
      isAdaptive =
        isOnly ? drawn.allSatisfy { table.position(of: "adaptation_" + $0) != nil } : !adaptation.isEmpty
      axis = Axis(adaptation)
      lowest = min(
        max(MembraneFigure.lowest * threshold, (numbers("membrane_").min() ?? 0) * 1.05), -0.5 * threshold)
      spikeHeight = max(MembraneFigure.spikeHeight * threshold, 1.25 * (moving.max() ?? 0))
    }

    /// Settings that somebody may want to change, in gnuplot's language.
    var settings: String {
      """
      threshold\(suffix) = \(Script.number(threshold))
      spike_height\(suffix) = \(Script.number(spikeHeight))
      lowest\(suffix) = \(Script.number(lowest))
      coloured_unit\(suffix) = "\(coloured)"
      other_units\(suffix) = "\(others.joined(separator: " "))"    # of \(units.prefix(100).joined(separator: " "))

      """
    }

    /// The functions of the layer's traces.
    var functions: String {
      let own = suffix.isEmpty ? "" : " && column(\"layer\") == \(number)"
      return """
        when\(suffix)(s) = strcol("sample") eq s\(own) ? column("time_ms") : NaN
        membrane\(suffix)(u) = column("spike_" . u) > 0 ? spike_height\(suffix) : column("membrane_" . u)

        """
    }

    /// The membranes of panel `i`.
    var membranes: String {
      let when = "when\(suffix)(sample[i])"
      let level =
        isMoving
        ? "traces using (\(when)):(column(\"threshold_\" . coloured_unit\(suffix)))" : "threshold\(suffix)"
      return """
          set yrange [lowest\(suffix):spike_height\(suffix) * 1.05]
          set ytics \(Script.number(Script.step(span: spikeHeight - lowest, most: 4)))
          plot for [u in other_units\(suffix)] traces using (\(when)):(membrane\(suffix)(u)) \\
              with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
            \(level) with lines linewidth 0.8 dashtype (10,6) linecolor rgb "#404040" notitle, \\
            traces using (\(when)):(membrane\(suffix)(coloured_unit\(suffix))) \\
              with lines linewidth 1.6 linecolor rgb "\(Script.blue)" notitle
        """
    }

    /// The adaptation in panel `i`.
    var adaptation: String {
      """
        \(axis.text)
        plot for [u in other_units\(suffix)] traces using (when\(suffix)(sample[i])):(column("adaptation_" . u)) \\
            with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
          traces using (when\(suffix)(sample[i])):(column("adaptation_" . coloured_unit\(suffix))) \\
            with lines linewidth 1.6 linecolor rgb "\(Script.blue)" notitle
      """
    }
  }

  func script(data: DataFolder) throws -> String {
    let table = try data.drawnTable(Self.fileName, numbers: [("sample", NumberBound.samples)], columns: ["time_ms"])
    let samples = try RecordedSamples(data: data)
    let recorded = Set(table.column("sample"))
    let layers = Self.layers(of: table), isOne = layers.count == 1
    let unavailable = FigureUnavailable(note: "no recorded sample has a membrane trace")
    guard !layers.isEmpty else { throw unavailable }
    let strips = Self.strips(layers)
    // With several layers as many samples as keep the figure on a page.
    let rows = isOne ? 3 : max(1, Self.mostStrips / strips.count)
    let shown = Array(
      samples.panels.filter { recorded.contains($0.id) }.prefix(isOne ? .max : rows * Self.columns))
    guard !shown.isEmpty else { throw unavailable }
    let isAdaptive = layers.contains(where: \.isAdaptive)
    let font = Double(Script.font(width: Script.page))
    let numbers = layers.filter(\.isAdaptive).map { $0.axis.numberWidth(font: font) }.max()
    let grid = PanelGrid(
      titles: PanelGrid.titles(of: shown, columns: Self.columns), columns: Self.columns,
      panelHeight: strips.last!.bottom, key: Self.key(layers),
      left: numbers.map { max(4.6 * font, 2.4 * font + $0) })
    let lastTime = table.drawable("time_ms").compactMap { $0 }.max() ?? 0
    let xLabel = "time of stimulus (ms)\(data.note)"
    var panels: String
    if strips.count == 1 {
      panels = """

        \(grid.opening(xLabel: xLabel, yLabel: "membrane (threshold = \(Script.number(layers[0].threshold)))"))
        do for [i = 1:\(grid.count)] {
        \(grid.panel)
        \(layers[0].membranes)
        \(grid.afterPanel)
        }
        """
    } else {
      let plots = layers.flatMap { $0.isAdaptive ? [$0.membranes, $0.adaptation] : [$0.membranes] }
      panels = "\n\(grid.opening(xLabel: xLabel, strips: strips))\ndo for [i = 1:\(grid.count)] {\n\(grid.panel)\n"
      for (index, plot) in plots.enumerated() {
        let format = index == plots.count - 1 ? "(\(grid.isAtBottom) ? \"%g\" : \"\")" : "\"\""
        panels += "\(grid.margins(strips[index]))\n"
        if index > 0 { panels += "  unset title\n" }
        panels += "  set format x \(format)\n\(plot)\n"
        if index == 0 { panels += "\(grid.afterPanel)\n" }
      }
      panels += "}"
    }
    let threshold = Script.number(layers[0].threshold), isMoving = layers.contains(where: \.isMoving)
    var shows = [
      "Membrane of hidden units during a test sample, one panel per sample; the threshold is "
        + (isOne ? threshold + (isMoving ? " and what the adaptation adds." : ".") : "dashed."),
      "Where a unit spikes its line jumps to spike_height. What is below lowest is not shown. Run \(data.shownRun).",
    ]
    if isAdaptive { shows.insert("Below each: the adaptation of the same units.", at: 1) }
    return Script.preamble(
      name: name, shows: shows, from: ["data/\(Self.fileName)"], width: grid.width, height: grid.height,
      settings: layers.map(\.settings).joined() + "\(Script.array("sample", of: shown.map(\.id)))\n\(grid.settings)")
        + """
        traces = here . "data/\(Self.fileName)"
        \(layers.map(\.functions).joined())set xrange [0:\(Script.number(lastTime))]
        set xtics \(Script.timeTicks(duration: lastTime))
        \(panels)
        unset multiplot

        """
  }

  /// Those of the table: tables of one layer may not number it.
  private static func layers(of table: CSVTable) -> [Layer] {
    var rows: [Int: [[String]]] = [:]
    let numbers = table.column("layer")
    for (index, row) in table.rows.enumerated() {
      let layer = numbers.isEmpty ? 0 : NumberBound.whole(numbers[index], below: NumberBound.layers)
      if let layer { rows[layer, default: []].append(row) }
    }
    return rows.keys.sorted().prefix(mostLayers).compactMap { layer in
      Layer(layer, of: CSVTable(header: table.header, rows: rows[layer]!), isOnly: rows.count == 1)
    }
  }

  private static func key(_ layers: [Layer]) -> [PanelGrid.KeyEntry] {
    let isOne = layers.count == 1, first = layers[0]
    func listed(_ units: (Layer) -> [String]) -> String {
      layers.map { "\(units($0).joined(separator: ", ")) of layer \($0.number)" }.joined(separator: "; ")
    }
    func plural(_ units: [String]) -> String { units.count == 1 ? "unit " : "units " }
    var key = [
      PanelGrid.KeyEntry(
        text: isOne
          ? "hidden unit \(first.coloured)"
          : layers.count <= 3 ? "unit " + listed { [$0.coloured] } : "a unit of each layer", colour: Script.blue)
    ]
    if layers.contains(where: { !$0.others.isEmpty }) {
      let text =
        isOne
        ? plural(first.others) + first.others.joined(separator: ", ")
        : layers.count <= 3 ? "units " + listed(\.others) : "other units of the layer"
      key.append(.init(text: text, colour: Script.grey))
    }
    let isMoving = layers.contains(where: \.isMoving)
    let whose = !isMoving ? "" : isOne ? " of unit \(first.coloured)" : " of the blue unit"
    key.append(.init(text: "threshold" + whose, colour: "#404040", style: .dashes))
    if let text = adaptation(layers) { key.append(.init(text: text, style: .words)) }
    return key
  }

  /// What the adaptation is, and the thresholds by which to judge it; nil where the axis says it.
  private static func adaptation(_ layers: [Layer]) -> String? {
    let values = layers.map { Script.number($0.threshold) }
    let adaptive = layers.filter(\.isAdaptive), moving = adaptive.filter(\.isMoving)
    if layers.count == 1 {
      if adaptive.isEmpty { return nil }
      return moving.isEmpty
        ? "adaptation: a current, threshold = \(values[0])"
        : "adaptation: w, which raises the threshold from \(values[0])"
    }
    let isSame = Set(values).count == 1
    let threshold = isSame ? "threshold = \(values[0])" : "thresholds \(values.joined(separator: ", "))"
    if adaptive.isEmpty { return threshold }
    if moving.isEmpty { return "adaptation: a current, \(threshold)" }
    let raises = "w, which raises the threshold from \(isSame ? values[0] : values.joined(separator: ", "))"
    if moving.count == adaptive.count { return "adaptation: \(raises)" }
    let which = moving.map { "\($0.number)" }.joined(separator: ", ")
    return "adaptation: a current; in layer \(which) \(raises)"
  }

  /// The membrane of each layer, and below it the adaptation if there is one; in pixels.
  private static func strips(_ layers: [Layer]) -> [PanelGrid.Strip] {
    let isOne = layers.count == 1
    var (strips, top): ([PanelGrid.Strip], Double) = ([], 0)
    func add(_ label: String, height: Double, gap: Double) {
      strips.append(.init(label: label, top: top, bottom: top + height))
      top += height + gap
    }
    for layer in layers {
      add(
        isOne ? "membrane" : "layer \(layer.number): membrane", height: isOne && !layer.isAdaptive ? 140 : 150,
        gap: layer.isAdaptive ? 16 : 24)
      if layer.isAdaptive { add("adaptation", height: 110, gap: 24) }
    }
    return strips
  }

  /// Of the adaptation: zero and all values.
  private struct Axis {
    let low: Double, high: Double, step: Double

    init(_ values: [Double]) {
      low = min(0, values.min() ?? 0)
      let most = max(0, values.max() ?? 0)
      high = most > low ? most : low + 1
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
  /// quartiles, in order of their numbers. More would hide each other.
  private static func choice(of units: [String], in table: CSVTable) -> (coloured: String, others: [String]) {
    let counts = units.map { unit in table.drawable("spike_" + unit).reduce(0) { $0 + ($1 ?? 0) } }
    var order = units.indices.filter { counts[$0] > 0 }.sorted { (counts[$0], $0) < (counts[$1], $1) }
    if order.isEmpty { order = Array(units.indices) }
    let coloured = order[order.count / 2]
    let others = distinct([order[order.count / 4], order[order.count * 3 / 4]]).filter { $0 != coloured }
    return (units[coloured], others.sorted().map { units[$0] })
  }
}
