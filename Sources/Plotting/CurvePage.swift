import CSV
import Foundation

/// The lines of a figure of curves per epoch, in panels.
struct CurvePage {
  struct Line {
    let curve: EpochCurves.Curve
    let panel: Int
    let colour: String
    /// As gnuplot writes it; empty for a solid line.
    var dash = ""
    /// One of the training set, thinner and dashed, beside what was held out.
    var isDashed = false
    /// One of the many that share a pen.
    var isGrey = false
    /// Without a band, as grey ones are too.
    var isBare = false

    /// Whether seeds spread about the line.
    var hasBand: Bool { !isGrey && !isBare && curve.epochs.contains { $0.count > 1 } }
  }

  /// The most seeds that a point has.
  let seeds: Int
  var lines: [Line] = []
  /// The lines of each panel's title; a panel alone has none.
  var panels: [[String]] = [[]]
  var key: [PanelGrid.KeyEntry] = []
  var yLabel = ""
  /// The sentence for the head of the script.
  var shows = ""

  init(seeds: Int) { self.seeds = seeds }

  var hasBands: Bool { lines.contains(where: \.hasBand) }
  /// The bands' entry in the key.
  var bandText: String {
    let isComplete = lines.filter(\.hasBand).allSatisfy { $0.curve.epochs.allSatisfy { $0.count == seeds } }
    let isOfAll = lines.allSatisfy { $0.hasBand || !$0.isDashed }
    return (isComplete ? "min–max of \(seeds) seeds" : "min–max of seeds (≤ \(seeds))")
      + (isOfAll ? "" : ", not of training")
  }

  /// How some of the lines are drawn.
  struct Pen {
    let isDashed: Bool, dash: String
    /// In gnuplot's language.
    var style: String {
      isDashed ? "linewidth 1.2 dashtype (8,5)" : "linewidth 2" + (dash.isEmpty ? "" : " dashtype \(dash)")
    }

    func draws(_ line: Line) -> Bool { !line.isGrey && line.isDashed == isDashed && (isDashed || line.dash == dash) }
  }

  /// All pens, that of the training set first, below the others.
  var pens: [Pen] {
    let dashes = distinct(lines.filter { !$0.isGrey && !$0.isDashed }.map(\.dash))
    return (lines.contains(where: \.isDashed) ? [Pen(isDashed: true, dash: "")] : [])
      + dashes.map { Pen(isDashed: false, dash: $0) }
  }

  /// The lines with a pen of their own, counted from 1.
  var numbered: [(number: Int, line: Line)] {
    lines.filter { !$0.isGrey }.enumerated().map { ($0 + 1, $1) }
  }

  /// The lines as a table; the grey ones, which have the number 0, come last, an empty row after each.
  func table(keys: [String], sets: [String]) -> CSVTable {
    func rows(_ number: Int, _ line: Line) -> [[String]] {
      line.curve.epochs.map { epoch in
        ["\(number)"] + line.curve.point + [sets[line.curve.set], Script.number(epoch.epoch), "\(epoch.count)"]
          + [epoch.mean, epoch.low, epoch.high].map(Script.number)
      }
    }
    var all = numbered.flatMap { rows($0.number, $0.line) }
    for line in lines where line.isGrey { all += rows(0, line) + [[]] }
    return CSVTable(header: ["line"] + keys + ["set", "epoch", "seeds", "mean", "min", "max"], rows: all)
  }
}
