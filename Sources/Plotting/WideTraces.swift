import CSV
import Foundation

/// Traces in long form (a row for each sample, bin and series) as a table with a column for each series: a fifth of the
/// size, and gnuplot draws it without searching.
struct WideTraces {
  let table: CSVTable

  /// Of fields; more could not be drawn in time.
  private static let mostFields = 1 << 23

  /// - Parameters:
  ///   - keys: the samples to keep.
  ///   - series: the column that numbers the series.
  ///   - values: columns of values, each with the prefix that its wide columns get before the series' number.
  init(
    _ long: CSVTable, keys: Set<String>, series: String, values: [(column: String, prefix: String)],
    time: (String) -> String?
  ) throws {
    let sample = long.position(of: "sample")!, bin = long.position(of: "bin")!
    let seriesPosition = long.position(of: series)!
    let valuePositions = values.map { long.position(of: $0.column)! }
    let numbers = distinct(long.column(series)).sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
    let place = Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
    var rows: [[String]] = []
    var rowOf: [[String]: Int] = [:]
    let width = 2 + numbers.count * values.count
    for fields in long.rows where keys.contains(fields[sample]) {
      guard let milliseconds = time(fields[bin]) else { continue }
      let key = [fields[sample], fields[bin]]
      let row = rowOf[key] ?? rows.count
      if row == rows.count {
        guard (row + 1) * width <= Self.mostFields else {
          throw FigureUnavailable(
            note:
              "\(numbers.count) traces of more than \(row) bins are too many; at most \(Self.mostFields) values are drawn"
          )
        }
        rowOf[key] = row
        rows.append([fields[sample], milliseconds] + Array(repeating: "", count: numbers.count * values.count))
      }
      for (offset, position) in valuePositions.enumerated() {
        let number = CSVTable.drawable(fields[position]).map { String(format: "%.4g", $0) } ?? ""
        rows[row][2 + offset * numbers.count + place[fields[seriesPosition]]!] = number
      }
    }
    table = CSVTable(
      header: ["sample", "time_ms"] + values.flatMap { value in numbers.map { value.prefix + $0 } }, rows: rows)
  }

  /// The numbers of the series that a wide table has columns of, in its order.
  static func series(of table: CSVTable, prefix: String, below bound: Int) -> [Int] {
    table.header.filter { $0.hasPrefix(prefix) }.compactMap { name in
      // Only in the usual way of writing is the number the column's name again.
      NumberBound.whole(String(name.dropFirst(prefix.count)), below: bound).flatMap {
        prefix + String($0) == name ? $0 : nil
      }
    }
  }
}
