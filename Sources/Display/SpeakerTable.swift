import Experiments
import Quantities

/// Speaker accuracies: one column per speaker, one row per sweep point, means over seeds.
public struct SpeakerTable: Sendable {
  /// In numeric order.
  public private(set) var speakers: [Int] = []
  /// Whether any speaker is absent from training.
  public private(set) var hasStrangers = false
  private let folder: ResultsFolder
  private var rows: [(values: [String], means: [Int: Double], n: Int)] = []
  private var strangers: Set<Int> = []

  /// Marks a speaker absent from training.
  public static let mark = "*"

  /// - Parameter split: `train`, `validation` or `test`.
  public init(_ folder: ResultsFolder, split: String) {
    self.folder = folder
    for group in folder.groups(by: folder.sweptKeys) {
      let runs = group.runs.filter { $0.counts && !$0.speakers.isEmpty }
      let entries = runs.flatMap { $0.speakers.filter { $0.split == split } }
      guard !entries.isEmpty else { continue }
      let means = Dictionary(grouping: entries, by: \.speaker).compactMapValues {
        Statistics($0.map(\.accuracy))?.mean
      }
      rows.append((group.values, means, runs.count))
      strangers.formUnion(entries.filter { $0.inTraining == false }.map(\.speaker))
    }
    speakers = Set(rows.flatMap(\.means.keys)).sorted()
    hasStrangers = !strangers.isEmpty
  }

  /// The first `rows` points, fitted to `width`.
  public func text(rows count: Int, width: Int?) -> (lines: [String], omitted: [String]) {
    var table = TextTable(
      columns: folder.sweptKeys.map { TextTable.Column(ResultColumn.title($0)) }
        + speakers.map { TextTable.Column("\($0)" + (strangers.contains($0) ? Self.mark : ""), rank: 1) }
        + [TextTable.Column("n")])
    let shown = rows.prefix(count)
    for (row, values) in zip(shown, ShortMappings.ofColumns(shown.map(\.values))) {
      table.rows.append(values + speakers.map { Format.percent(row.means[$0]) } + ["\(row.n)"])
    }
    return table.lines(width: width)
  }
}
