import CSV
import Foundation
import Quantities

/// The swept keys of a results folder as axes of a figure.
package struct SweepDesign {
  /// One axis of the sweep: a key, or several that change together (`zip`).
  package struct Axis {
    package let keys: [String]
    /// The keys as figures name them.
    package let titles: [String]
    /// The values in the order of the axis, each as many texts as there are keys.
    package let values: [[String]]
    /// The key as figures name it, and the unit.
    package let label: String
    /// The values' names beside the axis, without the unit where the label has it, and with no more digits than tell
    /// them apart.
    package let names: [String]
    /// The values with units and keys, as a panel is titled.
    fileprivate let valueTitles: [String]
    /// The values as numbers in the label's unit; nil if one is a word.
    package let numbers: [Double]?

    fileprivate let places: [[String]: Int]

    /// Where a value stands, from 0.
    func index(of value: [String]) -> Int? { places[value] }

    /// Whether the values are rather a constant factor than a constant difference apart: at least three, positive.
    package var isGeometric: Bool {
      guard let numbers, numbers.count > 2, numbers[0] > 0 else { return false }
      let ratios = zip(numbers.dropFirst(), numbers).map { $0 / $1 }
      let steps = zip(numbers.dropFirst(), numbers).map { $0 - $1 }
      return ratios.max()! / ratios.min()! < steps.max()! / steps.min()!
    }
  }

  /// All swept keys, in the file's order.
  package let keys: [String]
  /// Keys with only one value make no axis.
  package let axes: [Axis]
  /// The points, each the texts of `keys`, in the file's order.
  package let points: [[String]]

  /// Each key is compared with each other one.
  private static let mostKeys = 40
  private let keyPlaces: [[Int]]

  /// The planned points, so that an axis has its final shape before the sweep is finished.
  ///
  /// - Parameter data: of a results folder: its first table with rows among `plan.csv`, `aggregate.csv`, `summary.csv`
  ///   and `history.csv` counts.
  init(data: DataFolder) {
    let tables = ["plan.csv", "aggregate.csv", "summary.csv", "history.csv"].lazy.compactMap(data.optionalTable)
    self.init(tables.first { !$0.rows.isEmpty } ?? CSVTable(header: []))
  }

  package init(_ table: CSVTable) {
    // A swept key is one of a section, as in network.tau_mem; no other column has a dot.
    let names = SweptColumns.withoutSeconds(table.header.filter { $0.contains(".") })
    let keys = Array(distinct(names).prefix(Self.mostKeys))
    let columns = keys.map { table.column($0) }
    let points = distinct(table.rows.indices.map { row in columns.map { $0[row] } })
    // Keys that determine each other change together.
    var groups: [[Int]] = []
    for key in keys.indices {
      let count = Set(points.map { $0[key] }).count
      guard count > 1 else { continue }
      if let group = groups.firstIndex(where: { group in
        Set(points.map { $0[group[0]] }).count == count
          && Set(points.map { [$0[group[0]], $0[key]] }).count == count
      }) {
        groups[group].append(key)
      } else {
        groups.append([key])
      }
    }
    self.keys = keys
    self.points = points
    axes = groups.map { group in
      Self.axis(
        names: group.map { Self.name(of: keys[$0], among: keys) }, keys: group.map { keys[$0] },
        values: distinct(points.map { point in group.map { point[$0] } }))
    }
    keyPlaces = groups
  }

  /// The axes' values at a point; nil if it was not planned.
  package func place(of point: [String]) -> [Int]? {
    var place: [Int] = []
    for (axis, group) in zip(axes, keyPlaces) {
      let value = group.map { point[$0] }
      guard let index = axis.index(of: value) else { return nil }
      place.append(index)
    }
    return place
  }

  /// Key and value of an axis, as a panel is titled.
  func title(axis: Int, value: Int) -> String {
    axes[axis].valueTitles[value]
  }

  /// A key as figures name it: its last word, unless that says nothing alone (surrogate.scale, delays.input) or belongs
  /// to two keys.
  private static func name(of key: String, among keys: [String]) -> String {
    let words = key.split(separator: "."), last = words.last.map(String.init) ?? key
    let isVague = [
      "kind", "scale", "amplitude", "gain", "file", "reduce", "fraction", "init", "bounds", "trained", "per", "via",
    ].contains(last)
    let isShared = keys.contains { $0 != key && $0.hasSuffix("." + last) }
    let group = words.dropLast().lastIndex { ["delays", "init"].contains($0) }
    let shown = group.map { words[$0...] } ?? words.suffix(isVague || isShared ? 2 : 1)
    return Script.label(shown.joined(separator: "."))
  }

  private static func axis(names: [String], keys: [String], values: [[String]]) -> Axis {
    let columns = keys.indices.map { key in values.map { $0[key] } }
    let first = quantities(columns[0])
    let order =
      first.map { numbers in values.indices.sorted { (numbers.values[$0], $0) < (numbers.values[$1], $1) } }
      ?? Array(values.indices)
    var labels: [String] = [], parts: [[String]] = []
    let short = columns.map { ShortNumbers.of(ShortMappings.of($0)) }
    for (name, (column, texts)) in zip(names, zip(columns, short)) {
      if let (numbers, unit) = quantities(column) {
        labels.append(unit.isEmpty ? name : "\(name) (\(unit))")
        // As written where the unit is the label's: 1e-3 stays 1e-3.
        parts.append(
          zip(zip(column, texts), numbers).map { value, number in
            guard Quantity(value.0)?.unit?.rawValue ?? "" == unit else { return Script.number(number) }
            return value.1.trimmingCharacters(in: .whitespaces).dropLast(unit.count)
              .trimmingCharacters(in: .whitespaces)
          })
      } else {
        labels.append(name)
        parts.append(texts)
      }
    }
    let sorted = order.map { values[$0] }
    return Axis(
      keys: keys, titles: names, values: sorted, label: Script.label(labels.joined(separator: ", "), most: 80),
      names: order.map { value in Script.label(parts.map { $0[value] }.joined(separator: ", ")) },
      valueTitles: order.map { value in
        Script.label(zip(names, short).map { "\($0) \($1[value])" }.joined(separator: ", "), most: 80)
      },
      numbers: first.map { numbers in order.map { numbers.values[$0] } },
      places: Dictionary(zip(sorted, sorted.indices), uniquingKeysWith: { first, _ in first }))
  }

  /// Numbers in the unit of the first value; nil if one does not fit, or is too large or small for ratios.
  private static func quantities(_ column: [String]) -> (values: [Double], unit: String)? {
    let unit = column.first.flatMap { Quantity($0) }?.unit
    let numbers = column.compactMap { Quantity($0)?.number(in: unit) }.filter {
      abs($0) < NumberBound.magnitude && ($0 == 0 || abs($0) > 1 / NumberBound.magnitude)
    }
    return numbers.count == column.count ? (numbers, unit?.rawValue ?? "") : nil
  }
}
