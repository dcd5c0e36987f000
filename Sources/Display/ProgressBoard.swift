import Experiments
import Foundation
import SafeText

/// The runs in training, and the lines that show them: one per run, one for the whole sweep. Independent of clock and
/// terminal.
///
/// Names and values come from files: terminal control characters in them are shown escaped.
public struct ProgressBoard: Sendable {
  /// Progress of a run.
  public struct Run: Sendable {
    public var id: String
    /// Identifies the run, whatever its folder is called.
    public var hash: String
    /// The run's swept values and its seed, in the order of the board's titles.
    public var values: [String]
    /// The current epoch, from 1.
    public var epoch = 0
    public var epochs = 0
    /// Predicted cost of the whole run, and the part of `cost.total` that is done.
    public var cost: RunCost?
    public var done = 0.0
    public var loss: Double?
    /// Losses of the finished epochs.
    public var losses: [Double] = []
    public var trainAccuracy: Double?
    /// Accuracy on the validation samples if there are any, else on the test samples.
    public var accuracy: Double?
    public var hiddenRate: Double?
    public var silentFraction: Double?
    public var samplesPerSecond: Double?
    public var secondsLeft: Double?

    public init(id: String, hash: String, values: [String]) {
      (self.id, self.hash) = (id, hash)
      self.values = values
    }

    /// Fraction of the whole run that is done.
    public var share: Double {
      guard let cost, cost.total > 0 else { return 0 }
      return min(1, max(0, done / cost.total))
    }
  }

  /// What lines may contain.
  public struct Style: Sendable {
    public var color: Bool
    /// If false, ASCII only.
    public var unicode: Bool

    public init(color: Bool, unicode: Bool) {
      self.color = color
      self.unicode = unicode
    }
  }

  /// Includes runs finished earlier and failed runs.
  public private(set) var finished = 0
  public private(set) var failed = 0
  public private(set) var active: [Run] = []
  private let titles: [String]
  /// Over the values of all runs, so that columns do not move.
  private let widths: [Int]
  private let total: Int
  /// Of the run with the most epochs.
  private let epochs: Int
  /// Whether a run may stop early.
  private let mayEndEarly: Bool
  private let accuracyTitle: String
  private let style: Style
  private var forecast = SweepForecast()
  /// Runs that had ended before this call.
  private var skipped = 0

  /// - Parameters:
  ///   - titles: titles of the runs' values: swept keys, seed.
  ///   - values: values of all runs in the plan.
  ///   - total: number of runs to be done.
  ///   - epochs: epochs of the run with the most.
  ///   - mayEndEarly: whether a run may stop early, so that times left are upper bounds.
  ///   - accuracyTitle: `validation` or `test`.
  public init(
    titles: [String], values: [[String]], total: Int, epochs: Int, mayEndEarly: Bool = false, accuracyTitle: String,
    style: Style
  ) {
    let titles = titles.map(SafeText.line)
    self.titles = titles
    widths = titles.indices.map { index in
      values.reduce(titles[index].count) { max($0, SafeText.line($1[index]).count) }
    }
    self.total = total
    (self.epochs, self.mayEndEarly) = (epochs, mayEndEarly)
    self.accuracyTitle = SafeText.line(accuracyTitle)
    self.style = style
  }

  /// The runs to train, in this order, `jobs` at once.
  public mutating func queue(_ runs: [(hash: String, cost: RunCost)], jobs: Int) { forecast.queue(runs, jobs: jobs) }

  /// A run was found ended: done or failed before, or by another process, possibly after waiting for it.
  public mutating func skip(_ hash: String? = nil, failed hasFailed: Bool = false) {
    if let hash { forecast.remove(hash) }
    skipped += 1
    finished += 1
    if hasFailed { failed += 1 }
  }

  /// Another process is training a run.
  public mutating func leaveElsewhere(_ hash: String) { forecast.remove(hash) }

  /// A run stops before its end.
  public mutating func leave(_ id: String, at time: Double) {
    if let run = active.first(where: { $0.id == id }) { forecast.end(run.hash, isWhole: false, at: time) }
    active.removeAll { $0.id == id }
  }

  /// A run starts or progresses.
  public mutating func update(_ run: Run, at time: Double) {
    if let cost = run.cost {
      forecast.update(run.hash, cost: cost, done: run.done, left: run.secondsLeft, at: time)
    }
    if let position = active.firstIndex(where: { $0.id == run.id }) {
      active[position] = run
    } else {
      active.append(run)
    }
  }

  /// A run ends.
  public mutating func end(_ id: String, failed hasFailed: Bool, at time: Double) {
    if let run = active.first(where: { $0.id == id }) { forecast.end(run.hash, isWhole: !hasFailed, at: time) }
    active.removeAll { $0.id == id }
    finished += 1
    if hasFailed { failed += 1 }
  }

  /// Seconds until the last run ends; nil until something has been measured.
  public func secondsLeft(at time: Double) -> Double? { forecast.secondsLeft(at: time) }

  /// Fraction of all runs that is done, weighted by cost; runs done earlier count as average runs.
  public var share: Double {
    guard let mean = forecast.meanCost else { return finished < total ? Double(finished) / Double(total) : 1 }
    let known = forecast.costs
    let before = Double(skipped) * mean
    return (before + known.done) / max(1e-12, before + known.total)
  }

  /// `epoch 12/40  loss 0.512  test 56.2 %`: the status of a run, as one line of text.
  public func text(of run: Run) -> String {
    var parts = [label(run), "epoch \(run.epoch)/\(run.epochs)"]
    if let loss = run.loss { parts.append("loss " + Format.loss(loss)) }
    if let accuracy = run.accuracy { parts.append("\(accuracyTitle) \(Format.percent(accuracy))") }
    if let rate = run.samplesPerSecond { parts.append("\(Format.decimals(rate, 0)) samples/s") }
    if let left = run.secondsLeft {
      parts.append("\(run.cost?.mayEndEarly == true ? "at most " : "")\(Format.duration(left)) left")
    }
    return parts.joined(separator: "  ")
  }

  /// `tau_mem 5 ms, hidden 64, seed 0`
  public func label(_ run: Run) -> String {
    zip(titles, run.values).map { "\($0) \(SafeText.line($1))" }.joined(separator: ", ")
  }

  /// The lines for a terminal of `width` columns and `height` rows. None is longer than `width - 1`, so that none
  /// wraps.
  public func lines(width: Int, height: Int, at time: Double) -> [String] {
    let budget = max(1, width - 1)
    let shown = Array(active.prefix(max(1, height - 4)))
    var lines = shown.isEmpty ? [] : table(of: shown, budget: budget)
    if shown.count < active.count { lines.append(Format.clip("and \(active.count - shown.count) more", to: budget)) }
    if total > 1 { lines.append(overall(budget: budget, at: time)) }
    return lines
  }

  /// One line for a run that has ended: its values aligned with those of active runs, and as many leading `parts` as
  /// fit.
  public func line(ended values: [String], parts: [String], width: Int) -> String {
    let (values, parts) = (values.map(SafeText.line), parts.map(SafeText.line))
    var text = zip(values, widths).map { Self.padded($0, $1) }.joined(separator: "  ")
    if text.count > width / 2 { text = Format.clip(values.joined(separator: " "), to: width / 2) }
    // What does not fit is dropped with all that follows, so that every line shows the same fields.
    for part in parts {
      guard text.count + 2 + part.count < width else { break }
      text += "  " + part
    }
    return text
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private struct Column {
    var title: String
    var cells: [String]
    var isText = false
    /// Columns of the highest rank are dropped first; those of rank 0 never.
    var rank: Int
    var isCurve = false
    /// Minimum width whatever the content, so that columns do not move.
    var least = 0
    var width: Int { cells.reduce(max(least, title.count)) { max($0, $1.count) } }
  }

  private static let smallestBar = 6
  /// Optional columns must leave room for this much.
  private static let readableBar = 10
  private static let largestBar = 40
  /// Width of the loss curve in characters.
  private static let smallestCurve = 8
  private static let largestCurve = 24
  private static let percentWidth = Format.percent(1).count

  private func columns(_ runs: [Run]) -> [Column] {
    func column(_ title: String, rank: Int, least: Int, _ cell: (Run) -> String) -> Column {
      Column(title: title, cells: runs.map(cell), rank: rank, least: least)
    }
    let values = titles.enumerated().map { index, title in
      column(title, rank: 0, least: widths[index]) {
        $0.values.indices.contains(index) ? SafeText.line($0.values[index]) : ""
      }
    }
    let most = style.unicode ? "≤" : "<"
    return values + [
      column("epoch", rank: 0, least: 2 * "\(epochs)".count + 1) { $0.epochs == 0 ? "-" : "\($0.epoch)/\($0.epochs)" },
      column("loss", rank: 0, least: Format.lossWidth) { Format.loss($0.loss) },
      Column(
        title: "curve", cells: runs.map { _ in "" }, isText: true, rank: 3, isCurve: true, least: Self.smallestCurve),
      column("train", rank: 4, least: Self.percentWidth) { Format.percent($0.trainAccuracy) },
      column(accuracyTitle, rank: 1, least: Self.percentWidth) { Format.percent($0.accuracy) },
      column("rate Hz", rank: 5, least: 6) { Format.decimals($0.hiddenRate, 1) },
      column("silent", rank: 6, least: Self.percentWidth) { Format.percent($0.silentFraction) },
      column("samples/s", rank: 2, least: 9) { Format.decimals($0.samplesPerSecond, 0) },
      column("left", rank: 0, least: Format.durationWidth + (mayEndEarly ? 1 : 0)) {
        ($0.secondsLeft != nil && $0.cost?.mayEndEarly == true ? most : "") + Format.duration($0.secondsLeft)
      },
    ]
  }

  /// Losses fall fast at first; their logarithms keep the rest visible.
  private static func curve(_ losses: [Double]) -> [Double] {
    losses.allSatisfy { $0 > 0 } ? losses.map { log($0) } : losses
  }

  /// A header, and one row per run: its values, the bar, the numbers.
  private func table(of runs: [Run], budget: Int) -> [String] {
    var columns = columns(runs)
    var valueColumns = titles.count
    func needed(bar: Int = ProgressBoard.smallestBar) -> Int { columns.reduce(bar) { $0 + $1.width + 2 } }
    func dropNext(above rank: Int) -> Bool {
      guard
        let worst = columns.indices.filter({ columns[$0].rank > rank }).max(by: { columns[$0].rank < columns[$1].rank })
      else { return false }
      columns.remove(at: worst)
      return true
    }
    while needed(bar: Self.readableBar) > budget, dropNext(above: 2) {}
    if needed() > budget {
      // Too many values for this width: show the end of the identity, which distinguishes runs, and as many values as
      // fit.
      let values = Column(
        title: titles.joined(separator: " "),
        cells: runs.map { SafeText.line("\($0.id.suffix(8)) \($0.values.joined(separator: " "))") },
        isText: true, rank: 0, least: widths.reduce(8) { $0 + 1 + $1 })
      columns.replaceSubrange(0..<valueColumns, with: [values])
      valueColumns = 1
      while needed() - values.width + 16 > budget, dropNext(above: 0) {}
      let room = max(8, budget - (needed() - values.width))
      columns[0].title = Format.clip(values.title, to: room)
      columns[0].least = min(values.least, room)
      columns[0].cells = values.cells.map { Format.clip($0, to: room) }
    }
    // Spare room goes to the bar until it is readable, then to the curve, then to the bar again.
    if let curve = columns.firstIndex(where: \.isCurve) {
      let room = Self.smallestBar + max(0, budget - needed()) - Self.readableBar
      let width = min(Self.largestCurve, Self.smallestCurve + max(0, room))
      columns[curve].least = width
      columns[curve].cells = runs.map { Sparkline.text(Self.curve($0.losses), width: width, unicode: style.unicode) }
    }
    let barWidth = min(Self.largestBar, Self.smallestBar + max(0, budget - needed()))
    func line(_ cell: (Column) -> String, bar: String, barWidth: Int) -> String {
      var text = ""
      var length = 0
      for (index, column) in columns.enumerated() {
        if index == valueColumns {
          text += bar + "  "
          length += barWidth + 2
        }
        let blanks = String(repeating: " ", count: max(0, column.width - cell(column).count))
        text +=
          (column.isText ? cell(column) + blanks : blanks + cell(column)) + (index == columns.count - 1 ? "" : "  ")
        length += column.width + 2
      }
      // Narrower than the minimum useful width: no bar, no colours.
      guard length - 2 > budget else { return text }
      let cells = columns.filter { !$0.isCurve }.map { column in
        let blanks = String(repeating: " ", count: max(0, column.width - cell(column).count))
        return column.isText ? cell(column) + blanks : blanks + cell(column)
      }
      return Format.clip(cells.joined(separator: " "), to: budget)
    }
    return [line(\.title, bar: String(repeating: " ", count: barWidth), barWidth: barWidth)]
      + runs.enumerated().map { row, run in line({ $0.cells[row] }, bar: bar(run.share, barWidth), barWidth: barWidth) }
  }

  private func overall(budget: Int, at time: Double) -> String {
    func text(finished: String, failed: Int, left: String?) -> String {
      "\(finished)/\(total) runs" + (failed > 0 ? ", \(failed) failed" : "")
        + (left.map { "  \(mayEndEarly ? "at most " : "")\($0) left" } ?? "")
    }
    let shown = text(finished: "\(finished)", failed: failed, left: secondsLeft(at: time).map(Format.duration))
    // Reserve room for the longest text, so that the bar keeps its length.
    let longest = text(
      finished: "\(total)", failed: failed, left: String(repeating: "0", count: Format.durationWidth))
    let barWidth = min(Self.largestBar, budget - longest.count - 2)
    return barWidth < Self.smallestBar ? Format.clip(shown, to: budget) : bar(share, barWidth) + "  " + shown
  }

  /// A bar of `cells` cells.
  public func bar(_ share: Double, _ cells: Int) -> String {
    let full = min(cells, max(0, Int((share * Double(cells)).rounded())))
    let filled = String(repeating: style.unicode ? "━" : "#", count: full)
    let rest = String(repeating: !style.unicode ? "." : style.color ? "━" : "·", count: cells - full)
    return style.color ? "\u{1b}[36m\(filled)\u{1b}[90m\(rest)\u{1b}[0m" : filled + rest
  }
}
