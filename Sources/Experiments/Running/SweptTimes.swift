import CSV
import Quantities

/// The swept keys with time values, for which tables get columns in seconds.
struct SweptTimes {
  private let positions: [Int]
  /// The names of the columns.
  let columns: [String]

  /// - Parameter points: the values of the keys at each point. Values that are not times, such as `bin` among time
  ///   steps, give an empty field.
  init(keys: [String], points: some Sequence<[String]>) {
    var seen: [Set<String>] = keys.map { _ in [] }
    var isTime = keys.map { _ in false }
    for point in points {
      for (index, value) in point.enumerated() where !isTime[index] && seen[index].insert(value).inserted {
        isTime[index] = Quantity(value)?.seconds != nil
      }
    }
    positions = keys.indices.filter { isTime[$0] }
    columns = positions.map { SweptColumns.seconds(of: keys[$0]) }
  }

  /// The fields of `columns` for the values of the keys.
  func fields(_ values: [String]) -> [String] { positions.map { CSVWriter.field(Quantity(values[$0])?.seconds) } }
}
