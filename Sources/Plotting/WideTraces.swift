import CSV
import Foundation

/// Traces as a table with a row for each sample and time, and a column for each series, which gnuplot draws without
/// searching.
struct WideTraces {
  private let header: [String]
  private var rows: [[String]] = []

  /// Of fields; more could not be drawn in time.
  private static let mostFields = 1 << 23

  /// - Parameter columns: the names of the series.
  init(columns: [String]) { header = ["sample", "time_ms"] + columns }

  var table: CSVTable { CSVTable(header: header, rows: rows) }

  /// Adds a row; what can't be drawn stays empty.
  /// - Throws: `FigureUnavailable` if there are too many.
  mutating func add(sample: String, time: String, _ values: some Sequence<Float>) throws {
    guard (rows.count + 1) * header.count <= Self.mostFields else {
      throw FigureUnavailable(
        note: "\(header.count - 2) traces of more than \(rows.count) steps are too many; at most "
          + "\(Self.mostFields) values are drawn")
    }
    rows.append(
      [sample, time]
        + values.map { abs($0) < Float(NumberBound.magnitude) ? String(format: "%.4g", Double($0)) : "" })
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
