import CSV
import Foundation

/// The folder of one run, from which the data of its figures is taken.
struct RunFolder {
  let id: String
  let path: String
  let reader: TableReader

  /// A table of the run; throws `FigureUnavailable` if it is missing, has no rows or lacks a column.
  func table(_ name: String, columns: [String]) throws -> CSVTable {
    try reader.table(path + "/" + name, called: "\(name) of run \(id)", columns: columns)
  }

  /// What was recorded of it.
  /// - Throws: `FigureUnavailable`.
  func recordings() throws -> Recordings { try reader.recordings("\(path)/\(Recordings.fileName)", run: id) }
}
