import Foundation

/// The readout's membranes over time, as in the SpyTorch tutorial: a panel for each sample, a line for each class.
struct ReadoutFigure: Figure {
  var name: String { PlotKind.readout.rawValue }
  private static let fileName = "readout.csv"
  private static let columns = 5
  /// Beyond so many classes only some of the others are drawn.
  private static let mostLines = 100

  private static let key = [
    PanelGrid.KeyEntry(text: "true class", colour: Script.blue),
    PanelGrid.KeyEntry(text: "predicted, if wrong", colour: Script.vermillion),
    PanelGrid.KeyEntry(text: "other classes", colour: Script.grey),
  ]

  func prepare(run: RunFolder, data: DataFolder) throws {
    let recordings = try run.recordings()
    let samples = try RecordedSamples.prepare(run: run, data: data)
    var traces = WideTraces(columns: (0..<recordings.classes).map { "class_\($0)" })
    for (place, sample) in samples.panels.enumerated() {
      let values = try recordings.readout(place)
      for step in 0...recordings.timeBins {
        try traces.add(
          sample: sample.id, time: samples.milliseconds(step),
          values[step * recordings.classes..<(step + 1) * recordings.classes])
      }
    }
    try data.write(traces.table, as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    let table = try data.drawnTable(Self.fileName, numbers: [("sample", NumberBound.samples)], columns: ["time_ms"])
    let classes = WideTraces.series(of: table, prefix: "class_", below: NumberBound.classes)
    let columns = classes.map { "class_\($0)" }, known = Set(columns)
    let samples = try RecordedSamples(data: data)
    let recorded = Set(table.column("sample"))
    let shown = samples.panels.filter { sample in
      recorded.contains(sample.id) && known.contains("class_" + sample.label)
        && (!sample.isWrong || known.contains("class_" + sample.predicted))
    }
    guard !shown.isEmpty else { throw FigureUnavailable(note: "no recorded sample has a readout trace") }
    let grid = PanelGrid(
      titles: PanelGrid.titles(of: shown, columns: Self.columns), columns: Self.columns, panelHeight: 140, key: Self.key
    )
    let values = columns.flatMap { table.drawable($0).compactMap { $0 } }
    let grey = stride(from: 0, to: columns.count, by: (columns.count + Self.mostLines - 1) / Self.mostLines)
      .map { columns[$0] }
    let low = values.min() ?? 0, high = values.max() ?? 1, margin = max(high - low, 1e-6) * 0.05
    let lastTime = table.drawable("time_ms").compactMap { $0 }.max() ?? 0

    return Script.preamble(
      name: name,
      shows: [
        "Membrane of every readout unit during a test sample, one panel per sample; arbitrary units.",
        "A wrong prediction follows the arrow. Run \(data.shownRun).",
      ],
      from: ["data/\(Self.fileName)"], width: grid.width, height: grid.height,
      settings: """
        \(Script.array("sample", of: shown.map(\.id)))
        \(Script.array("panel", ofLines: grid.titles))
        \(Script.array("label", of: shown.map { "class_" + $0.label }))
        \(Script.array("predicted", of: shown.map { "class_" + ($0.isWrong ? $0.predicted : $0.label) }))

        """) + """
        traces = here . "data/\(Self.fileName)"
        when(s) = strcol("sample") eq s ? column("time_ms") : NaN
        set xrange [0:\(Script.number(lastTime))]
        set xtics \(Script.timeTicks(duration: lastTime))
        set yrange [\(Script.number(low - margin)):\(Script.number(high + margin))]
        set ytics \(Script.number(Script.step(span: high - low, most: 4)))

        \(grid.opening(xLabel: "time of stimulus (ms)\(data.note)", yLabel: "readout membrane (a.u.)"))
        do for [i = 1:\(grid.count)] {
        \(grid.panel)
          plot for [c in "\(grey.joined(separator: " "))"] traces using (when(sample[i])):(column(c)) \\
              with lines linewidth 0.6 linecolor rgb "\(Script.grey)" notitle, \\
            traces using (predicted[i] eq label[i] ? NaN : when(sample[i])):(column(predicted[i])) \\
              with lines linewidth 2 linecolor rgb "\(Script.vermillion)" notitle, \\
            traces using (when(sample[i])):(column(label[i])) \\
              with lines linewidth 2 linecolor rgb "\(Script.blue)" notitle
        \(grid.afterPanel)
        }
        unset multiplot

        """
  }
}
