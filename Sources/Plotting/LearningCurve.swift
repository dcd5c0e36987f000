import Foundation

/// Loss or accuracy per epoch, of all runs: a thin line for each run, a thick one for the mean over seeds.
struct LearningCurve: Figure {
  /// `loss` or `accuracy`: also the end of the columns' names.
  let kind: PlotKind

  /// Beyond this many runs thin lines would only smear.
  private static let mostThinLines = 64
  private static let mostKeyEntries = 14

  func script(data: DataFolder) throws -> String {
    let history = try availableTable(
      data.results + "/history.csv", called: "history.csv", columns: ["run_id", "epoch"])
    let sets = ["train", "validation", "test"].filter { set in
      history.numbers("\(set)_\(kind.rawValue)").contains { $0 != nil }
    }
    guard !sets.isEmpty else { throw FigureUnavailable(note: "history.csv has no \(kind.rawValue)") }
    let seedPosition = history.position(of: "seed") ?? 0
    let epochPosition = history.position(of: "epoch")!
    let keys = Array(history.header[min(seedPosition + 1, epochPosition)..<epochPosition])
    let points = distinct(
      history.rows.map { row in keys.map { row[history.position(of: $0)!] } })
    let runs = distinct(history.column("run_id"))
    let epochs = Set(history.numbers("epoch").compactMap { $0 }).count

    let isSweep = points.count > 1
    let wideKey = points.count > Script.colours.count
    var text = Script.preamble(
      kind: kind,
      shows: [
        "\(kind.rawValue.capitalized) per epoch. "
          + (isSweep
            ? "A colour is a point of the sweep, a line its mean over seeds."
            : "Thin: each run. Thick: mean over seeds.")
      ],
      from: ["../history.csv"], width: wideKey ? 680 : 480, height: 360)
    text += """
      history = here . "../history.csv"
      epoch(is_drawn) = is_drawn ? column("epoch") : NaN

      set xlabel "epoch"
      set ylabel "\(kind.rawValue)"
      set xrange [0:\(epochs < 3 ? "\(epochs + 1)" : "*")]
      set xtics \(epochs < 6 ? "1" : "autofreq")

      """
    text += range(sets)
    // The style of a line: points as well while there are too few epochs to make a line.
    let style = epochs < 3 ? "linespoints pointtype 7 pointsize 0.6" : "lines"
    text +=
      isSweep
      ? sweepPlot(keys: keys, points: points, sets: sets, style: style, wideKey: wideKey)
      : seedsPlot(runs: runs, sets: sets, style: style)
    return text
  }

  /// The range of y: accuracy is 0 to 1; loss is logarithmic when it spans more than a decade.
  private func range(_ sets: [String]) -> String {
    guard kind == .loss else { return "set yrange [0:1]\n\n" }
    var text = "low = 1e300\nhigh = -1e300\n"
    for set in sets {
      text += """
        stats history using (column("\(set)_loss")) nooutput
        low = STATS_min < low ? STATS_min : low
        high = STATS_max > high ? STATS_max : high

        """
    }
    return text + """
      if (low > 0 && high / low > 10) {
        set logscale y
        set yrange [low / 1.1:high * 1.1]
      } else {
        set yrange [0:*]
      }


      """
  }

  /// Without a sweep: a colour for each set, thin lines for the runs.
  private func seedsPlot(runs: [String], sets: [String], style: String) -> String {
    let colours = ["train": Script.blue, "validation": Script.green, "test": Script.vermillion]
    let showsRuns = runs.count > 1 && runs.count <= Self.mostThinLines
    var curves: [String] = []
    if showsRuns {
      for set in sets {
        let light = "#A0" + colours[set]!.dropFirst()
        curves.append(
          "for [run in runs] history using (epoch(strcol(\"run_id\") eq run)):(column(\"\(set)_\(kind.rawValue)\")) \\\n"
            + "    with lines linewidth 0.8 linecolor rgb \"\(light)\" notitle")
      }
    }
    for set in sets {
      // The option unique averages what has the same epoch.
      curves.append(
        "history using (column(\"epoch\")):(column(\"\(set)_\(kind.rawValue)\")) smooth unique \\\n"
          + "    with \(style) linewidth 2.2 linecolor rgb \"\(colours[set]!)\" title \"\(set)\"")
    }
    let title =
      runs.count > 1 ? " title \"\(showsRuns ? "thin: each run; thick: " : "")mean of \(runs.count) runs\"" : ""
    return "set key outside top center horizontal reverse Left samplen 2\(title)\n"
      + (showsRuns ? "runs = \(Script.string(runs.joined(separator: " ")))\n" : "")
      + "plot " + curves.joined(separator: ", \\\n  ") + "\n"
  }

  /// With a sweep: a colour for each point, solid for what was held out and dashed for training.
  private func sweepPlot(
    keys: [String], points: [[String]], sets: [String], style: String, wideKey: Bool
  ) -> String {
    let heldOut = sets.contains("validation") ? "validation" : sets.last!
    let shown = heldOut == "train" || !sets.contains("train") ? [heldOut] : ["train", heldOut]
    let every = (points.count + Self.mostKeyEntries - 1) / Self.mostKeyEntries
    var curves: [String] = []
    for (index, point) in points.enumerated() {
      let condition = zip(keys, point).map { key, value in
        "strcol(\(Script.string(key))) eq \(Script.string(value))"
      }.joined(separator: " && ")
      for set in shown {
        let title =
          set == heldOut && index % every == 0
          ? "title \(Script.string(point.joined(separator: ", ")))" : "notitle"
        let dashes = set == "train" && shown.count > 1 ? "linewidth 1.2 dashtype (10,6)" : "linewidth 2.2"
        curves.append(
          "history using (epoch(\(condition))):(column(\"\(set)_\(kind.rawValue)\")) smooth unique \\\n"
            + "    with \(style) \(dashes) linecolor rgb \"\(colour(index, of: points.count))\" \(title)")
      }
    }
    if shown.count > 1 {
      curves.append("keyentry with lines linewidth 2.2 linecolor rgb \"#606060\" title \"\(heldOut)\"")
      curves.append("keyentry with lines linewidth 1.2 dashtype (10,6) linecolor rgb \"#606060\" title \"train\"")
    }
    let names = keys.map { $0.split(separator: ".").last.map(String.init) ?? $0 }.joined(separator: ", ")
    let place = wideKey ? "outside right center vertical" : "outside top center horizontal"
    return "set key \(place) reverse Left samplen 2 title \(Script.string(names))\n"
      + "plot " + curves.joined(separator: ", \\\n  ") + "\n"
  }

  /// Distinct colours while there are enough of them, then a scale from the first point to the last.
  private func colour(_ index: Int, of count: Int) -> String {
    if count <= Script.colours.count { return Script.colours[index] }
    let position = Double(index) / Double(count - 1) * Double(Script.viridis.count - 1)
    let lower = min(Int(position), Script.viridis.count - 2), share = position - Double(lower)
    func part(_ colour: String, _ shift: UInt32) -> Double {
      Double((UInt32(colour.dropFirst(), radix: 16)! >> shift) & 255)
    }
    let mixed = [16, 8, 0].map { (shift: UInt32) -> Int in
      Int((1 - share) * part(Script.viridis[lower], shift) + share * part(Script.viridis[lower + 1], shift))
    }
    return String(format: "#%02X%02X%02X", mixed[0], mixed[1], mixed[2])
  }
}

/// The values in the order of their first appearance.
func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
  var seen: Set<Value> = []
  return values.filter { seen.insert($0).inserted }
}
