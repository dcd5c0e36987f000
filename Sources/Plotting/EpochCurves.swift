import CSV
import Foundation

/// Columns of `history.csv`, collected over seeds: for each sweep point, column and epoch the mean, the lowest and the
/// highest seed. Values that are missing or not finite do not count.
struct EpochCurves {
  /// What the seeds of a sweep point have at an epoch.
  struct Epoch {
    let epoch: Double
    var count = 0
    var sum = 0.0, low = Double.infinity, high = -Double.infinity
    var mean: Double { sum / Double(count) }
  }

  /// A column of a sweep point.
  struct Curve {
    let point: [String]
    /// The position in `columns`.
    let set: Int
    var epochs: [Epoch]
  }

  let history: CSVTable
  /// In the order of the points' first appearance in the file; none without a value.
  let curves: [Curve]
  /// The most seeds that any sweep point has.
  let seeds: Int

  init(_ history: CSVTable, keys: [String], columns: [String]) {
    self.history = history
    let keyPositions = keys.map { history.position(of: $0) }
    let positions = columns.map { history.position(of: $0) }
    let epochPosition = history.position(of: "epoch") ?? 0
    var numbers: [[String]: Int] = [:]
    var points: [[String]] = []
    // [point][column][epoch]
    var collected: [[[Double: Epoch]]] = []
    for row in history.rows {
      guard let epoch = CSVTable.drawable(row[epochPosition]) else { continue }
      let point = keyPositions.map { $0.map { row[$0] } ?? "" }
      let number = numbers[point] ?? points.count
      if number == points.count {
        numbers[point] = number
        points.append(point)
        collected.append(Array(repeating: [:], count: columns.count))
      }
      for (column, position) in positions.enumerated() {
        guard let position, let value = CSVTable.drawable(row[position]) else { continue }
        var entry = collected[number][column][epoch] ?? Epoch(epoch: epoch)
        entry.count += 1
        entry.sum += value
        entry.low = min(entry.low, value)
        entry.high = max(entry.high, value)
        collected[number][column][epoch] = entry
      }
    }
    var curves: [Curve] = []
    for (number, point) in points.enumerated() {
      for (column, epochs) in collected[number].enumerated() where !epochs.isEmpty {
        curves.append(Curve(point: point, set: column, epochs: epochs.values.sorted { $0.epoch < $1.epoch }))
      }
    }
    self.curves = curves
    seeds = curves.flatMap { $0.epochs.map(\.count) }.max() ?? 0
  }
}
