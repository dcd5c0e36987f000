import Foundation

/// How the hidden units' mean firing rates are distributed.
struct RatesFigure: Figure {
  private static let fileName = "rates.csv"

  func prepare(run: RunFolder, data: DataFolder) throws {
    try data.write(run.table("units.csv", columns: ["layer", "unit", "rate_hz"]), as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    let table = try data.table(Self.fileName, columns: ["layer", "unit", "rate_hz"])
    let rates = table.numbers("rate_hz").compactMap { $0 }
    guard let highest = rates.max() else { throw FigureUnavailable(note: "units.csv has no rates") }
    let layers = distinct(table.column("layer"))
    let silent = rates.filter { $0 == 0 }.count
    let multiple = layers.count > 1
    let width = Self.binWidth(highest: highest)
    let curves = layers.enumerated().map { index, layer in
      let colour = Script.colours[index % Script.colours.count]
      let title = multiple ? "layer \(layer)" : "\(rates.count) hidden units, \(silent) silent"
      return "rates using (strcol(\"layer\") eq \(Script.string(layer)) ? bin(column(\"rate_hz\")) : NaN):(1) "
        + "smooth frequency \\\n    with boxes linecolor rgb \"\(colour)\" "
        + "fillstyle \(multiple ? "transparent solid 0.5" : "solid 0.75") border linecolor rgb \"#FFFFFF\" title \(Script.string(title))"
    }
    return Script.preamble(
      kind: .rates,
      shows: ["Histogram of the hidden units' mean firing rates over the test set. Run \(data.runID)."],
      from: ["data/\(Self.fileName)"], width: 480, height: 360) + """
        rates = here . "data/\(Self.fileName)"
        bin_width = \(Script.number(width))
        bin(rate) = bin_width * (floor(rate / bin_width) + 0.5)
        stats rates using (column("rate_hz")) nooutput

        set boxwidth bin_width
        set xlabel "firing rate (Hz)"
        set ylabel "hidden units"
        set xrange [0:\(Script.number((highest / width).rounded(.down) * width + width))]
        set yrange [0:*]
        set grid noxtics
        set key outside top center horizontal reverse Left samplen 1.5
        set arrow 1 from first STATS_mean,graph 0 to first STATS_mean,graph 1 nohead front linewidth 1.6 dashtype (10,6) \\
          linecolor rgb "#000000"
        plot \(curves.joined(separator: ", \\\n  ")), \\
          keyentry with lines linewidth 1.6 dashtype (10,6) linecolor rgb "#000000" title sprintf("mean %.1f Hz", STATS_mean)

        """
  }

  /// 1, 2 or 5 times a power of ten, so that there are some twenty bins.
  private static func binWidth(highest: Double) -> Double {
    guard highest > 0 else { return 1 }
    let power = pow(10, floor(log10(highest / 25)))
    return [1, 2, 5, 10].map { $0 * power }.first { highest / $0 <= 25 } ?? highest
  }
}
