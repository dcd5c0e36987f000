import CSV
import Foundation

/// Hidden membranes over time, a panel for each sample; a spike is a jump to a fixed height, as in the tutorial.
struct MembraneFigure: Figure {
  var name: String { PlotKind.membrane.rawValue }
  private static let fileName = "membrane.csv"
  private static let columns = 5
  /// Units that are chosen among, the first ones.
  private static let mostUnits = 8
  private static let spikeHeight = 5.0
  /// The deepest inhibition that is shown: with all of it spikes and threshold would shrink to a line.
  private static let lowest = -10.0

  func prepare(run: RunFolder, data: DataFolder) throws {
    let recordings = try run.recordings()
    let samples = try RecordedSamples.prepare(run: run, data: data)
    let units = min(recordings.units[0], Self.mostUnits)
    var traces = WideTraces(
      columns: ["membrane_", "spike_"].flatMap { prefix in (0..<units).map { "\(prefix)\($0)" } })
    for (place, sample) in samples.panels.enumerated() {
      let membrane = try recordings.membrane(place, layer: 0, units: units)
      let spikes = try recordings.spikes(place, layer: 0, units: units)
      for step in 0..<recordings.timeBins {
        let row = step * units..<(step + 1) * units
        try traces.add(sample: sample.id, time: samples.milliseconds(step), membrane[row] + spikes[row])
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
    let values = ([coloured] + others).flatMap { table.drawable("membrane_" + $0).compactMap { $0 } }
    let lowest = max(Self.lowest, (values.min() ?? 0) * 1.05)
    var key = [PanelGrid.KeyEntry(text: "hidden unit \(coloured)", colour: Script.blue)]
    if !others.isEmpty {
      let names = (others.count == 1 ? "unit " : "units ") + others.joined(separator: ", ")
      key.append(.init(text: names, colour: Script.grey))
    }
    key.append(.init(text: "threshold", colour: "#404040", style: .dashes))
    let grid = PanelGrid(
      titles: PanelGrid.titles(of: shown, columns: Self.columns), columns: Self.columns, panelHeight: 140, key: key)
    let lastTime = table.drawable("time_ms").compactMap { $0 }.max() ?? 0

    return Script.preamble(
      name: name,
      shows: [
        "Membrane of hidden units during a test sample, one panel per sample, in units of the threshold.",
        "Where a unit spikes its line jumps to spike_height. What is below lowest is not shown. Run \(data.shownRun).",
      ],
      from: ["data/\(Self.fileName)"], width: grid.width, height: grid.height,
      settings: """
        spike_height = \(Script.number(Self.spikeHeight))
        lowest = \(Script.number(min(lowest, -0.5)))
        coloured_unit = "\(coloured)"
        other_units = "\(others.joined(separator: " "))"    # of \(units.prefix(100).joined(separator: " "))
        \(Script.array("sample", of: shown.map(\.id)))
        \(grid.settings)
        """) + """
        traces = here . "data/\(Self.fileName)"
        when(s) = strcol("sample") eq s ? column("time_ms") : NaN
        membrane(u) = column("spike_" . u) > 0 ? spike_height : column("membrane_" . u)
        set xrange [0:\(Script.number(lastTime))]
        set xtics \(Script.timeTicks(duration: lastTime))
        set yrange [lowest:spike_height * 1.05]
        set ytics 5

        \(grid.opening(xLabel: "time of stimulus (ms)\(data.note)", yLabel: "hidden membrane (threshold = 1)"))
        do for [i = 1:\(grid.count)] {
        \(grid.panel)
          plot for [u in other_units] traces using (when(sample[i])):(membrane(u)) \\
              with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
            1 with lines linewidth 0.8 dashtype (10,6) linecolor rgb "#404040" notitle, \\
            traces using (when(sample[i])):(membrane(coloured_unit)) \\
              with lines linewidth 1.6 linecolor rgb "\(Script.blue)" notitle
        \(grid.afterPanel)
        }
        unset multiplot

        """
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
