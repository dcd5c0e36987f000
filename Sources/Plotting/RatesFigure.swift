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
    let spiking = layers.filter { layer in zip(table.column("layer"), rates).contains { $0 == layer && ($1 ?? 0) > 0 } }
    let width = highest > 0 ? Script.step(span: highest, most: 25) : 1
    let last = (highest / width).rounded(.down) * width + width
    // Weights of one and zero, since smooth frequency starts anew after a point that is undefined.
    var curves = spiking.map { layer in
      let colour = Script.colours[(layers.firstIndex(of: layer) ?? 0) % Script.colours.count]
      let title = layers.count > 1 ? "layer \(layer)" : "\(finite.count - silent) that spike"
      return
        "rates using (bin(column(\"rate_hz\"))):(strcol(\"layer\") eq \(Script.string(layer)) && column(\"rate_hz\") > 0) "
        + "\\\n    smooth frequency with boxes linecolor rgb \"\(colour)\" fillstyle "
        + "\(layers.count > 1 ? "transparent solid 0.5" : "solid 0.75") border linecolor rgb \"#FFFFFF\" "
        + "title \(Script.string(title))"
    }
    if silent > 0 {
      curves.append(
        "rates using (-bin_width):(column(\"rate_hz\") == 0) smooth frequency with boxes \\\n    "
          + "linecolor rgb \"\(layers.count > 1 ? "#606060" : Script.vermillion)\" fillstyle solid 0.75 border linecolor rgb \"#FFFFFF\" "
          + "title \"\(silent) silent\"")
    }
    return Script.preamble(
      name: name,
      shows: [
        "Histogram of the hidden units' mean firing rates over the test set, in time of the network. Units without any",
        "spike stand apart, left of zero. Run \(data.shownRun).",
      ],
      from: ["data/\(Self.fileName)"], width: Script.column, height: 340,
      settings: "bin_width = \(Script.number(width))    # Hz\n") + """
        rates = here . "data/\(Self.fileName)"
        bin(rate) = bin_width * (floor(rate / bin_width) + 0.5)
        stats rates using (column("rate_hz")) nooutput

        set boxwidth bin_width
        set xlabel "firing rate (Hz)\(data.note)"
        set ylabel "number of hidden units"
        set xrange [\(silent > 0 ? "-1.8 * bin_width" : "0"):\(Script.number(last))]
        set xtics \(Script.number(Script.step(span: last, most: 6)))
        set yrange [0:*]
        set grid noxtics
        set key outside top center horizontal reverse Left samplen 1.2 width -2
        set arrow 1 from first STATS_mean,graph 0 to first STATS_mean,graph 1 nohead front linewidth 1.6 \\
          dashtype (10,6) linecolor rgb "#000000"
        plot \(curves.joined(separator: ", \\\n  ")), \\
          keyentry with lines linewidth 1.6 dashtype (10,6) linecolor rgb "#000000" \\
            title sprintf("mean %.0f Hz", STATS_mean)

        """
  }
}
