import CSV

/// What numbers of a results file can be; anything else is a mistake in it, and could make figures without end.
enum NumberBound {
  static let samples = 1 << 31, bins = 1 << 24, layers = 64, units = 1 << 20, channels = 1 << 20, classes = 1 << 16
  /// Further from zero gnuplot has no room for sums and ratios.
  static let magnitude = 1e100

  /// A whole number from 0 to below a bound, nil for anything else.
  static func whole(_ field: String, below bound: Int) -> Int? {
    Int(field).flatMap { (0..<bound).contains($0) ? $0 : nil }
  }
}

extension CSVTable {
  /// The column's numbers that can be drawn, nil for others.
  func drawable(_ name: String) -> [Double?] { column(name).map(Self.drawable) }

  static func drawable(_ field: String) -> Double? {
    Double(field).flatMap { abs($0) < NumberBound.magnitude ? $0 : nil }
  }

  /// The rows that have whole numbers from 0 to below a bound in these columns, which all exist, written in the usual
  /// way; how many others there are is remarked.
  func numbered(
    _ columns: [(name: String, below: Int)], called table: String, reader: TableReader
  ) -> CSVTable {
    let places = columns.map { (position(of: $0.name)!, $0.below) }
    var rejected: [Int] = columns.map { _ in 0 }
    let kept = rows.compactMap { fields -> [String]? in
      var row = fields
      for (index, (place, bound)) in places.enumerated() {
        guard let number = NumberBound.whole(row[place], below: bound) else {
          rejected[index] += 1
          return nil
        }
        let text = String(number)
        if text != row[place] { row[place] = text }
      }
      return row
    }
    for (column, count) in zip(columns, rejected) where count > 0 {
      reader.remark(
        "\(table): \(count) of \(rows.count) rows have no \(column.name) from 0 to \(column.below - 1) and are left out"
      )
    }
    return CSVTable(header: header, rows: kept)
  }
}
