import KernelTable

/// Where element (row, column) of a matrix is stored: the panel layout described at `KernelTable`.
public struct Panels: Hashable, Sendable {
  public let rows: Int
  public let columns: Int
  public let paddedColumns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    paddedColumns = padded(columns)
  }

  /// Number of floats.
  public var count: Int { rows * paddedColumns }

  /// Floats from one panel to the next.
  public var panelStride: Int { rows * panelWidth }

  /// First columns of the panels: 0, 64, 128, ...
  public var bases: StrideTo<Int> { stride(from: 0, to: paddedColumns, by: panelWidth) }

  /// Columns of the panel that starts at column `base`.
  public func width(at base: Int) -> Int { min(panelWidth, paddedColumns - base) }

  /// Offset of an element in floats.
  public func offset(row: Int, column: Int) -> Int {
    let base = column / panelWidth * panelWidth
    return base * rows + row * width(at: base) + column - base
  }

  /// Copies a row-major matrix `[rows, columns]` into panels.
  public func pack(_ source: [Float], into target: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      for column in 0..<columns { target[offset(row: row, column: column)] = source[row * columns + column] }
    }
  }

  /// Copies panels into a row-major matrix `[rows, columns]`.
  public func unpack(_ source: UnsafePointer<Float>) -> [Float] {
    var result = [Float](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { result[row * columns + column] = source[offset(row: row, column: column)] }
    }
    return result
  }

  /// Copies the transposed matrix in blocks of 16 columns, `[rows / 16][columns][16]`, both padded: the order in which
  /// the dense product with the transpose reads it. `blocks` selects blocks, each made of 16 rows of this matrix.
  public func packTransposed(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, blocks: Range<Int>
  ) {
    for block in blocks {
      let first = block * 16
      for base in bases {
        let width = width(at: base)
        for lane in 0..<16 where first + lane < rows {
          let row = source + (base * rows + (first + lane) * width)
          let out = target + (first * paddedColumns + base * 16 + lane)
          for column in 0..<width { out[column * 16] = row[column] }
        }
      }
    }
  }
}
