import Foundation

/// The readout's membranes over time, as in the SpyTorch tutorial: a panel for each sample, a line for each class.
struct ReadoutFigure: Figure {
  private static let fileName = "readout.csv"

  private static let key = [
    PanelGrid.KeyEntry(text: "true class", colour: Script.blue),
    PanelGrid.KeyEntry(text: "predicted, if wrong", colour: Script.vermillion),
    PanelGrid.KeyEntry(text: "other classes", colour: Script.grey),
  ]

  func prepare(run: RunFolder, data: DataFolder) throws {
    let table = try run.table("recordings/readout.csv", columns: ["sample", "bin", "class", "membrane"])
    let samples = try RecordedSamples.prepare(run: run, data: data)
    let shown = Set(PanelGrid(samples.all).samples.map(\.id))
    let wide = WideTraces(
      table, keys: shown, series: "class", values: [("membrane", "class_")], time: samples.milliseconds)
    try data.write(wide.table, as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    let table = try data.table(Self.fileName, columns: ["sample", "time_ms", "class_0"])
    let samples = try RecordedSamples(data: data)
    let recorded = Set(table.column("sample"))
    let grid = PanelGrid(samples.all.filter { recorded.contains($0.id) })
    guard !grid.samples.isEmpty else { throw FigureUnavailable(note: "no recorded sample has a readout trace") }
    let classes = table.header.filter { $0.hasPrefix("class_") }
    let values = classes.flatMap { table.numbers($0).compactMap { $0 } }
    let low = values.min() ?? 0, high = values.max() ?? 1, margin = max(high - low, 1e-6) * 0.05
    let lastTime = table.numbers("time_ms").compactMap { $0 }.max() ?? 0

    return Script.preamble(
      kind: .readout,
      shows: [
        "Membrane of every readout unit while a test sample is heard, a panel for each sample.",
        "A wrong prediction follows the arrow. Run \(data.runID).",
      ],
      from: ["data/\(Self.fileName)"], width: grid.width, height: grid.height) + """
        traces = here . "data/\(Self.fileName)"
        \(Script.array("sample", of: grid.samples.map(\.id)))
        \(Script.array("name", of: grid.samples.map(\.title)))
        \(Script.array("label", of: grid.samples.map { "class_" + $0.label }))
        \(Script.array("predicted", of: grid.samples.map { "class_" + ($0.isWrong ? $0.predicted : $0.label) }))
        when(s) = strcol("sample") eq s ? column("time_ms") : NaN

        set xrange [0:\(Script.number(lastTime))]
        set xtics \(Script.timeTicks(duration: lastTime))
        set yrange [\(Script.number(low - margin)):\(Script.number(high + margin))]
        \(grid.opening(yLabel: "readout membrane", key: Self.key))
        do for [i = 1:\(grid.samples.count)] {
        \(grid.panel)
          plot for [c in "\(classes.joined(separator: " "))"] traces using (when(sample[i])):(column(c)) \\
              with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
            traces using (predicted[i] eq label[i] ? NaN : when(sample[i])):(column(predicted[i])) \\
              with lines linewidth 1.8 linecolor rgb "\(Script.vermillion)" notitle, \\
            traces using (when(sample[i])):(column(label[i])) \\
              with lines linewidth 1.8 linecolor rgb "\(Script.blue)" notitle
        \(grid.afterPanel)
        }
        unset multiplot

        """
  }
}
