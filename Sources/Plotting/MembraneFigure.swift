import Foundation

/// Hidden membranes over time, a panel for each sample; a spike is a jump to a fixed height, as in the tutorial.
struct MembraneFigure: Figure {
  private static let fileName = "membrane.csv"
  private static let spikeHeight = 5.0
  /// So many units besides the coloured one; more would hide each other.
  private static let otherUnits = 3

  func prepare(run: RunFolder, data: DataFolder) throws {
    let columns = ["sample", "layer", "bin", "unit", "membrane", "spike"]
    let table = try run.table("recordings/membrane.csv", columns: columns)
    let samples = try RecordedSamples.prepare(run: run, data: data)
    let shown = Set(PanelGrid(samples.all).samples.map(\.id))
    let layer = table.position(of: "layer")!
    let first = CSVTable(header: table.header, rows: table.rows.filter { $0[layer] == table.rows[0][layer] })
    let wide = WideTraces(
      first, keys: shown, series: "unit", values: [("membrane", "membrane_"), ("spike", "spike_")],
      time: samples.milliseconds)
    try data.write(wide.table, as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    let table = try data.table(Self.fileName, columns: ["sample", "time_ms"])
    let samples = try RecordedSamples(data: data)
    let recorded = Set(table.column("sample"))
    let grid = PanelGrid(samples.all.filter { recorded.contains($0.id) })
    let units = table.header.filter { $0.hasPrefix("membrane_") }.map { String($0.dropFirst("membrane_".count)) }
    guard !grid.samples.isEmpty, !units.isEmpty else {
      throw FigureUnavailable(note: "no recorded sample has a membrane trace")
    }
    // In colour: the unit with the median number of spikes among those that spike at all.
    let counts = units.map { unit in table.numbers("spike_" + unit).reduce(0) { $0 + ($1 ?? 0) } }
    let spiking = units.indices.filter { counts[$0] > 0 }.sorted { counts[$0] < counts[$1] }
    let coloured = spiking.isEmpty ? units[0] : units[spiking[spiking.count / 2]]
    let others = units.filter { $0 != coloured }.prefix(Self.otherUnits)
    // Below the lowest of the coloured unit nothing is shown: one silent unit far below would flatten all panels.
    let lowest = table.numbers("membrane_" + coloured).compactMap { $0 }.min() ?? 0
    var key = [PanelGrid.KeyEntry(text: "unit \(coloured)", colour: Script.blue)]
    if !others.isEmpty { key.append(.init(text: Self.name(of: Array(others)), colour: Script.grey)) }
    key.append(.init(text: "threshold", colour: "#606060", isDashed: true))
    let lastTime = table.numbers("time_ms").compactMap { $0 }.max() ?? 0

    return Script.preamble(
      kind: .membrane,
      shows: [
        "Membrane of hidden units while a test sample is heard, a panel for each sample. Where a unit spikes, its line",
        "jumps to spike_height. Run \(data.runID).",
      ],
      from: ["data/\(Self.fileName)"], width: grid.width, height: grid.height) + """
        traces = here . "data/\(Self.fileName)"
        \(Script.array("sample", of: grid.samples.map(\.id)))
        \(Script.array("name", of: grid.samples.map(\.title)))
        spike_height = \(Script.number(Self.spikeHeight))
        when(s) = strcol("sample") eq s ? column("time_ms") : NaN
        membrane(u) = column("spike_" . u) > 0 ? spike_height : column("membrane_" . u)

        set xrange [0:\(Script.number(lastTime))]
        set xtics \(Script.timeTicks(duration: lastTime))
        set yrange [\(Script.number(min(lowest * 1.05, -0.5))):spike_height * 1.05]
        \(grid.opening(yLabel: "hidden membrane", key: key))
        do for [i = 1:\(grid.samples.count)] {
        \(grid.panel)
          plot for [u in "\(others.joined(separator: " "))"] traces using (when(sample[i])):(membrane(u)) \\
              with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
            1 with lines linewidth 0.8 dashtype (10,6) linecolor rgb "#606060" notitle, \\
            traces using (when(sample[i])):(membrane("\(coloured)")) \\
              with lines linewidth 1.4 linecolor rgb "\(Script.blue)" notitle
        \(grid.afterPanel)
        }
        unset multiplot

        """
  }

  private static func name(of units: [String]) -> String {
    (units.count == 1 ? "unit " : "units ") + units.joined(separator: ", ")
  }
}
