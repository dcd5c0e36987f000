import CSV
import Foundation

/// How the hidden units' mean firing rates are distributed.
struct RatesFigure: Figure {
  var name: String { PlotKind.rates.rawValue }
  private static let fileName = "rates.csv"
  private static let numbers =
    [("layer", NumberBound.layers), ("unit", NumberBound.units)]
    as [(name: String, below: Int)]

  func prepare(run: RunFolder, data: DataFolder) throws {
    let recordings = try run.recordings()
    let rows = try recordings.units.indices.flatMap { layer in
      try recordings.rates(layer: layer).enumerated().map { ["\(layer)", "\($0)", "\($1)"] }
    }
    try data.write(CSVTable(header: ["layer", "unit", "rate_hz"], rows: rows), as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    let table = try data.drawnTable(Self.fileName, numbers: Self.numbers, columns: ["rate_hz"])
    let rates = table.drawable("rate_hz")
    let finite = rates.compactMap { $0 }
    guard let highest = finite.max() else { throw FigureUnavailable(note: "plots/data/\(Self.fileName) has no rates") }
    let layers = distinct(table.column("layer"))
    let silent = finite.filter { $0 == 0 }.count
    let width = highest > 0 ? Script.step(span: highest, most: 25) : 1
    let last = (highest / width).rounded(.down) * width + width
    let mean = finite.reduce(0, +) / Double(finite.count)
    // Layers are stacked: a bar counts the units up to its layer and the next ones are drawn over it. Weights of one
    // and zero, since smooth frequency starts anew after a point that is undefined.
    let spiking = layers.filter { layer in zip(table.column("layer"), rates).contains { $0 == layer && ($1 ?? 0) > 0 } }
      .compactMap { Int($0) }.sorted()
    func colour(_ layer: Int) -> String { Script.colours[layer % Script.colours.count] }
    var curves = spiking.reversed().map { layer in
      "rates using (bin(column(\"rate_hz\"))):(column(\"layer\") <= \(layer) && column(\"rate_hz\") > 0) "
        + "\\\n    smooth frequency with boxes linecolor rgb \"\(colour(layer))\" fillstyle solid 1 border linecolor "
        + "rgb \"#FFFFFF\" notitle"
    }
    var key = spiking.map { layer in
      PanelGrid.KeyEntry(
        text: layers.count > 1 ? "layer \(layer)" : "\(finite.count - silent) that spike", colour: colour(layer),
        style: .box)
    }
    if silent > 0 {
      let colour = layers.count > 1 ? "#A0A0A0" : Script.vermillion
      curves.append(
        "rates using (-bin_width):(column(\"rate_hz\") == 0) smooth frequency with boxes \\\n    "
          + "linecolor rgb \"\(colour)\" fillstyle solid 1 border linecolor rgb \"#FFFFFF\" notitle")
      key.append(.init(text: "\(silent) silent", colour: colour, style: .box))
    }
    curves.append("NaN notitle")  // so that a figure without a rate is drawn too
    key.append(.init(text: String(format: "mean %.0f Hz", mean), style: .dashes))
    let grid = PanelGrid(titles: [[]], columns: 1, width: Script.column, panelHeight: 250, key: key)
    return Script.preamble(
      name: name,
      shows: [
        "Histogram of the hidden units' mean firing rates over the test set, in Hz of network time. Units without any",
        "spike stand apart, left of zero. Run \(data.shownRun).",
      ],
      from: ["data/\(Self.fileName)"], width: grid.width, height: grid.height,
      settings: "bin_width = \(Script.number(width))    # Hz\n") + """
        rates = here . "data/\(Self.fileName)"
        bin(rate) = bin_width * (floor(rate / bin_width) + 0.5)

        set boxwidth bin_width
        set xrange [\(silent > 0 ? "-1.8 * bin_width" : "0"):\(Script.number(last))]
        set xtics \(Script.number(Script.step(span: last, most: 6)))
        set yrange [0:*]
        set grid noxtics
        set arrow 1 from first \(Script.number(mean)),graph 0 to first \(Script.number(mean)),graph 1 nohead front linewidth 1.6 \\
          dashtype (8,5) linecolor rgb "#000000"
        \(grid.opening(xLabel: "firing rate (Hz of network time)\(data.note)", yLabel: "number of hidden units"))
        plot \(curves.joined(separator: ", \\\n  "))
        unset multiplot

        """
  }
}
