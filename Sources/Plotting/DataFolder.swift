import CSV
import Foundation

/// `plots/data`: what the figures of one run are drawn from. It stays when the run's folder is gone.
struct DataFolder {
  /// The folder of the results.
  let results: String
  let reader: TableReader
  /// The files that several figures share.
  static let sharedFiles = ["run.csv", RecordedSamples.fileName]

  private var folder: PlotsFolder { PlotsFolder(in: results) }

  func table(_ name: String, columns: [String], mayBeEmpty: Bool = false) throws -> CSVTable {
    try reader.table(
      folder.dataPath + "/" + name, called: "plots/data/" + name, columns: columns, mayBeEmpty: mayBeEmpty)
  }

  /// A table for gnuplot to read, which is written again: whoever wrote it, what gnuplot sees was written by us.
  func drawnTable(
    _ name: String, numbers: [(name: String, below: Int)] = [], columns: [String] = [], mayBeEmpty: Bool = false
  ) throws -> CSVTable {
    let table = try table(name, columns: numbers.map(\.name) + columns, mayBeEmpty: mayBeEmpty)
      .numbered(numbers, called: "plots/data/" + name, reader: reader)
    guard mayBeEmpty || !table.rows.isEmpty else {
      throw FigureUnavailable(note: "plots/data/\(name) has no rows that can be drawn")
    }
    if !reader.written.contains(name) { try write(table, as: name) }
    return table
  }

  /// A table of the results that all figures share.
  func resultsTable(_ name: String, columns: [String]) throws -> CSVTable {
    try reader.table(results + "/" + name, called: name, columns: columns, isShared: true)
  }

  /// The same; nil if it is missing or can't be read.
  func optionalTable(_ name: String) -> CSVTable? { reader.optional(results + "/" + name, called: name) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.dataPath + "/" + name) }

  func write(_ table: CSVTable, as name: String) throws {
    try folder.write(data: table.text, name: name)
    reader.written.insert(name)
  }

  /// The run that the data belongs to, and why it is this one, for the scripts' comments.
  var shownRun: String {
    let choice = (try? table("run.csv", columns: ["choice"]).column("choice")[0]) ?? ""
    return runID + (choice.isEmpty ? "" : ": " + choice)
  }

  /// The run that the data belongs to.
  var runID: String { (try? table("run.csv", columns: ["run_id"]).column("run_id")[0]) ?? "unknown" }

  /// What labels say if the shown weights were chosen by their accuracy on the test set; else empty.
  var note: String {
    let selection = (try? table("run.csv", columns: ["selected_on"]).column("selected_on")[0]) ?? ""
    return selection.hasPrefix("test") ? " — weights: best on test" : ""
  }
}
