import Foundation
import JSON

/// How often samples of each class were predicted as each other class. Only pairs that occur are stored: the full
/// matrix for many classes would exceed a machine's memory.
public struct ConfusionText: Sendable {
  private let classes: Int
  private let name: @Sendable (Int) -> String
  private struct Pair: Hashable {
    var label: Int
    var predicted: Int
  }
  private var counts: [Pair: Int] = [:]
  private var totals: [Int: Int] = [:]

  /// A matrix with more classes is unreadable.
  private static let classesShown = 50
  private static let confusionsShown = 20

  /// - Parameters:
  ///   - samples: label and prediction of each sample.
  ///   - name: the name of a class; empty if it has none.
  public init(
    classes: Int, samples: some Sequence<(label: Int, predicted: Int)>, name: @escaping @Sendable (Int) -> String
  ) {
    (self.classes, self.name) = (classes, name)
    for sample in samples {
      counts[Pair(label: sample.label, predicted: sample.predicted), default: 0] += 1
      totals[sample.label, default: 0] += 1
    }
  }

  /// The matrix or, with many classes or in too narrow a terminal, the most frequent confusions.
  ///
  /// - Parameter width: columns of the terminal; nil if the text goes elsewhere.
  public func lines(width: Int?) -> [String] {
    guard classes <= Self.classesShown else { return confusions }
    let matrix = matrix
    guard let width, matrix.contains(where: { $0.count > width }) else { return matrix }
    return confusions
  }

  /// `classes` with label, name and samples of each class that has samples, and `confusion` with every pair of label
  /// and prediction that occurs.
  public var json: [(key: String, value: JSONValue)] {
    let pairs = counts.sorted { ($0.key.label, $0.key.predicted) < ($1.key.label, $1.key.predicted) }
    return [
      (
        "classes",
        .list(
          totals.sorted { $0.key < $1.key }.map { label, count in
            let name = name(label)
            return .object([
              ("label", .integer(label)), ("name", name.isEmpty ? .null : .string(name)), ("samples", .integer(count)),
            ])
          })
      ),
      (
        "confusion",
        .list(
          pairs.map { pair, count in
            .object([
              ("label", .integer(pair.label)), ("predicted", .integer(pair.predicted)), ("samples", .integer(count)),
            ])
          })
      ),
    ]
  }

  private var matrix: [String] {
    let table = TextTable(
      columns: [TextTable.Column("", isText: true)] + (0..<classes).map { TextTable.Column("\($0)") }
        + [TextTable.Column("right")],
      rows: (0..<classes).map { label in
        let row = (0..<classes).map { counts[Pair(label: label, predicted: $0), default: 0] }
        let share = totals[label].map { Double(row[label]) / Double($0) }
        return [title(label)] + row.map(String.init) + [Format.percent(share)]
      })
    return ["confusion matrix (rows: label, columns: predicted)"] + table.lines().lines
  }

  private var confusions: [String] {
    let wrong = counts.filter { $0.key.label != $0.key.predicted }.sorted {
      ($1.value, $0.key.label, $0.key.predicted) < ($0.value, $1.key.label, $1.key.predicted)
    }
    let head = "\(Format.count(classes, "class")), \(Format.count(wrong.count, "kind")) of confusion"
    guard !wrong.isEmpty else { return [head] }
    let title =
      wrong.count > Self.confusionsShown
      ? "the \(Self.confusionsShown) most frequent confusions (label -> predicted):"
      : "confusions (label -> predicted):"
    return [head, title]
      + wrong.prefix(Self.confusionsShown).map { pair, count in
        "  \(self.title(pair.label)) -> \(self.title(pair.predicted)): \(count) of \(totals[pair.label] ?? 0)"
      }
  }

  private func title(_ label: Int) -> String {
    let name = name(label)
    return name.isEmpty ? "\(label)" : "\(label) \(name)"
  }
}
