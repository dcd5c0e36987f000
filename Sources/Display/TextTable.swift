import SafeText

/// A text table: columns as wide as their widest cell, one line per row; line breaks and terminal control characters
/// are escaped.
public struct TextTable: Sendable {
  public struct Column: Sendable {
    public var title: String
    /// Numbers are right-aligned, text left-aligned.
    public var isText: Bool
    /// If the table is too wide, columns of the highest rank are dropped first; those of rank 0 never.
    public var rank: Int

    public init(_ title: String, isText: Bool = false, rank: Int = 0) {
      (self.title, self.isText, self.rank) = (title, isText, rank)
    }
  }

  public var columns: [Column]
  /// Each row has a cell for every column.
  public var rows: [[String]]

  public init(columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// The lines, titles first, and the titles of the columns dropped to fit `width`.
  public func lines(width: Int? = nil) -> (lines: [String], omitted: [String]) {
    let titles = columns.map { SafeText.line($0.title) }
    let rows = rows.map { $0.map(SafeText.line) }
    let widths = columns.indices.map { column in
      rows.reduce(titles[column].count) { max($0, $1[column].count) }
    }
    var kept = Array(columns.indices)
    var omitted: [Int] = []
    func total() -> Int { kept.reduce(0) { $0 + widths[$1] } + 2 * max(0, kept.count - 1) }
    while let width, total() > width,
      let last = kept.filter({ columns[$0].rank > 0 }).max(by: {
        (columns[$0].rank, $0) < (columns[$1].rank, $1)
      })
    {
      kept.removeAll { $0 == last }
      omitted.append(last)
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (place, column) in kept.enumerated() {
        if place > 0 { text += "  " }
        let blanks = String(repeating: " ", count: widths[column] - cells[column].count)
        text += columns[column].isText ? cells[column] + blanks : blanks + cells[column]
      }
      while text.hasSuffix(" ") { text.removeLast() }
      return text
    }
    return ([line(titles)] + rows.map(line), omitted.sorted().map { titles[$0] })
  }
}
