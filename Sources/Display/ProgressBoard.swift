import SafeText

/// The runs that train at the moment, and the lines that show them: one a run, one for the whole sweep. Knows neither
/// clock nor terminal.
///
/// Names and values come from files: what would steer a terminal in them is shown escaped.
public struct ProgressBoard: Sendable {
  /// How far a run is.
  public struct Run: Sendable {
    public var id: String
    /// The run's swept values and its seed, in the order of the board's titles.
    public var values: [String]
    /// The current epoch, from 1.
    public var epoch = 0
    public var epochs = 0
    /// The share of the current epoch that is done.
    public var epochShare = 0.0
    public var loss: Double?
    public var trainAccuracy: Double?
    /// On the validation samples if there are any, else on the test samples.
    public var accuracy: Double?
    public var hiddenRate: Double?
    public var silentFraction: Double?
    public var samplesPerSecond: Double?
    public var secondsLeft: Double?

    public init(id: String, values: [String]) {
      self.id = id
      self.values = values
    }

    /// The share of the whole run that is done.
    public var share: Double {
      epochs == 0 ? 0 : min(1, max(0, (Double(max(1, epoch)) - 1 + epochShare) / Double(epochs)))
    }
  }

  /// What lines may be made of.
  public struct Style: Sendable {
    public var color: Bool
    /// Else ASCII alone.
    public var unicode: Bool

    public init(color: Bool, unicode: Bool) {
      self.color = color
      self.unicode = unicode
    }
  }

  /// Finished ones of earlier calls and failed ones included.
  public private(set) var finished = 0
  public private(set) var failed = 0
  public private(set) var active: [Run] = []
  private let titles: [String]
  /// Of the values of all runs, so that columns stay where they are.
  private let widths: [Int]
  private let total: Int
  private let accuracyTitle: String
  private let style: Style
  /// Of the active runs: their share when they were first seen, which a resumed run has not done now.
  private var startShares: [String: Double] = [:]
  /// In runs: what was done since the start.
  private var work = 0.0
  private var startTime: Double?

  /// - Parameters:
  ///   - titles: of the runs' values: swept keys, seed.
  ///   - values: of all runs of the plan.
  ///   - total: number of runs that are to be done.
  ///   - accuracyTitle: `validation` or `test`.
  public init(titles: [String], values: [[String]], total: Int, accuracyTitle: String, style: Style) {
    let titles = titles.map(SafeText.line)
    self.titles = titles
    widths = titles.indices.map { index in
      values.reduce(titles[index].count) { max($0, SafeText.line($1[index]).count) }
    }
    self.total = total
    self.accuracyTitle = SafeText.line(accuracyTitle)
    self.style = style
  }

  /// A run was found at its end: done or failed by another process, or before.
  public mutating func skip(failed hasFailed: Bool = false) {
    finished += 1
    if hasFailed { failed += 1 }
  }

  /// A run stops before its end.
  public mutating func leave(_ id: String) {
    if let run = active.first(where: { $0.id == id }) { work += run.share - (startShares.removeValue(forKey: id) ?? 0) }
    active.removeAll { $0.id == id }
  }

  /// A run begins, or has come further.
  public mutating func update(_ run: Run, at time: Double) {
    startTime = startTime ?? time
    if run.epochs > 0 && startShares[run.id] == nil { startShares[run.id] = run.share }
    if let position = active.firstIndex(where: { $0.id == run.id }) {
      active[position] = run
    } else {
      active.append(run)
    }
  }

  /// A run ends.
  public mutating func end(_ id: String, failed hasFailed: Bool) {
    active.removeAll { $0.id == id }
    work += 1 - (startShares.removeValue(forKey: id) ?? 0)
    finished += 1
    if hasFailed { failed += 1 }
  }

  /// Seconds until the last run ends, if all go on as they did so far; nil until there is something to go by.
  public func secondsLeft(at time: Double) -> Double? {
    guard let startTime, time - startTime > 1 else { return nil }
    let shares = active.reduce(0) { $0 + $1.share }
    let done = work + shares - startShares.values.reduce(0, +)
    guard done > 0 else { return nil }
    return (time - startTime) / done * max(0, Double(total - finished) - shares)
  }

  /// `epoch 12/40  loss 0.512  test 56.2 %`: how a run stands, for one line of text.
  public func text(of run: Run) -> String {
    var parts = [label(run), "epoch \(run.epoch)/\(run.epochs)"]
    if let loss = run.loss { parts.append("loss " + Format.decimals(loss, 3)) }
    if let accuracy = run.accuracy { parts.append("\(accuracyTitle) \(Format.percent(accuracy))") }
    if let rate = run.samplesPerSecond { parts.append("\(Format.decimals(rate, 0)) samples/s") }
    if let left = run.secondsLeft { parts.append("\(Format.duration(left)) left") }
    return parts.joined(separator: "  ")
  }

  /// `tau_mem 5 ms, hidden 64, seed 0`
  public func label(_ run: Run) -> String {
    zip(titles, run.values).map { "\($0) \(SafeText.line($1))" }.joined(separator: ", ")
  }

  /// The lines for a terminal of `width` columns and `height` rows. None is longer than `width - 1`, so that none wraps.
  public func lines(width: Int, height: Int, at time: Double) -> [String] {
    let budget = max(1, width - 1)
    let shown = Array(active.prefix(max(1, height - 4)))
    var lines = shown.isEmpty ? [] : table(of: shown, budget: budget)
    if shown.count < active.count { lines.append(Format.clip("and \(active.count - shown.count) more", to: budget)) }
    if total > 1 { lines.append(overall(budget: budget, at: time)) }
    return lines
  }

  /// One line for a run that has ended: its values where the active runs have theirs, and as many of `parts` as there is
  /// room for, the first ones first.
  public func line(ended values: [String], parts: [String], width: Int) -> String {
    let (values, parts) = (values.map(SafeText.line), parts.map(SafeText.line))
    var text = zip(values, widths).map { Self.padded($0, $1) }.joined(separator: "  ")
    if text.count > width / 2 { text = Format.clip(values.joined(separator: " "), to: width / 2) }
    for part in parts where text.count + 2 + part.count < width { text += "  " + part }
    return text
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private struct Column {
    var title: String
    var cells: [String]
    var isText = false
    /// Columns of the highest rank are left out first; those of rank 0 never are.
    var rank: Int
    var width: Int { cells.reduce(title.count) { max($0, $1.count) } }
  }

  private static let smallestBar = 6
  /// Columns that are only good to know must leave room for this much.
  private static let readableBar = 16
  private static let largestBar = 40

  private func columns(_ runs: [Run]) -> [Column] {
    func column(_ title: String, rank: Int, _ cell: (Run) -> String) -> Column {
      Column(title: title, cells: runs.map(cell), rank: rank)
    }
    let values = titles.enumerated().map { index, title in
      column(title, rank: 0) {
        $0.values.indices.contains(index) ? Self.padded(SafeText.line($0.values[index]), widths[index]) : ""
      }
    }
    return values + [
      column("epoch", rank: 0) { $0.epochs == 0 ? "-" : "\($0.epoch)/\($0.epochs)" },
      column("loss", rank: 0) { Format.decimals($0.loss, 3) },
      column("train", rank: 4) { Format.percent($0.trainAccuracy) },
      column(accuracyTitle, rank: 1) { Format.percent($0.accuracy) },
      column("rate Hz", rank: 5) { Format.decimals($0.hiddenRate, 1) },
      column("silent", rank: 6) { Format.percent($0.silentFraction) },
      column("samples/s", rank: 2) { Format.decimals($0.samplesPerSecond, 0) },
      column("left", rank: 0) { Format.duration($0.secondsLeft) },
    ]
  }

  /// A header, and a row for each run: its values, the bar, the numbers.
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
      // Too many values for this width: the end of the identity tells runs apart, and as many values as there is room for.
      let values = Column(
        title: titles.joined(separator: " "),
        cells: runs.map { SafeText.line("\($0.id.suffix(8)) \($0.values.joined(separator: " "))") },
        isText: true, rank: 0)
      columns.replaceSubrange(0..<valueColumns, with: [values])
      valueColumns = 1
      while needed() - values.width + 16 > budget, dropNext(above: 0) {}
      let room = max(8, budget - (needed() - values.width))
      columns[0].title = Format.clip(values.title, to: room)
      columns[0].cells = values.cells.map { Format.clip($0, to: room) }
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
      // Narrower than the least that makes sense: without bar and colours.
      return length - 2 <= budget ? text : Format.clip(columns.map(cell).joined(separator: " "), to: budget)
    }
    return [line(\.title, bar: String(repeating: " ", count: barWidth), barWidth: barWidth)]
      + runs.enumerated().map { row, run in line({ $0.cells[row] }, bar: bar(run.share, barWidth), barWidth: barWidth) }
  }

  private func overall(budget: Int, at time: Double) -> String {
    let share = (Double(finished) + active.reduce(0) { $0 + $1.share }) / Double(max(1, total))
    var text = "\(finished)/\(total) runs"
    if failed > 0 { text += ", \(failed) failed" }
    if let left = secondsLeft(at: time) { text += "  \(Format.duration(left)) left" }
    let barWidth = min(Self.largestBar, budget - text.count - 2)
    return barWidth < Self.smallestBar ? Format.clip(text, to: budget) : bar(share, barWidth) + "  " + text
  }

  /// A bar of `cells` cells.
  public func bar(_ share: Double, _ cells: Int) -> String {
    let full = min(cells, max(0, Int((share * Double(cells)).rounded())))
    let filled = String(repeating: style.unicode ? "━" : "#", count: full)
    let rest = String(repeating: !style.unicode ? "." : style.color ? "━" : "·", count: cells - full)
    return style.color ? "\u{1b}[36m\(filled)\u{1b}[90m\(rest)\u{1b}[0m" : filled + rest
  }
}
