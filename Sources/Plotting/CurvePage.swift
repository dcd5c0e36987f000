import CSV
import Foundation

/// The lines of a figure of curves per epoch, in panels.
struct CurvePage {
  struct Line {
    let curve: EpochCurves.Curve
    let panel: Int
    let colour: String
    var isDashed = false
    /// One of the many that share a pen.
    var isGrey = false
    /// Without a band, as dashed and grey ones are too.
    var isBare = false

    /// Whether seeds spread about the line.
    var hasBand: Bool { !isDashed && !isGrey && !isBare && curve.epochs.contains { $0.count > 1 } }
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
    return isComplete ? "min–max of \(seeds) seeds" : "min–max of seeds (≤ \(seeds))"
  }
  var hasDashes: Bool { lines.contains(where: \.isDashed) }

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
