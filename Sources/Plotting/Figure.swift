import CSV
import Foundation

/// A figure: prepared data in `plots/data`, if it needs any, and a script.
protocol Figure {
  /// The name of its files, without an ending.
  var name: String { get }

  /// Writes the data of one run into `plots/data`; throws `FigureUnavailable` if the run does not have it.
  func prepare(run: RunFolder, data: DataFolder) throws

  /// The gnuplot script, from the experiment's CSV files and `plots/data` alone.
  func script(data: DataFolder) throws -> String
}

extension Figure {
  func prepare(run: RunFolder, data: DataFolder) throws {}
}

/// The folder of one run, from which the data of its figures is taken.
struct RunFolder {
  let id: String
  let path: String

  /// A table of the run; throws `FigureUnavailable` if it is missing, has no rows or lacks a column.
  func table(_ name: String, columns: [String], mayBeEmpty: Bool = false) throws -> CSVTable {
    try availableTable(path + "/" + name, called: "\(name) of run \(id)", columns: columns, mayBeEmpty: mayBeEmpty)
  }
}

/// `plots/data`: what the figures of one run are drawn from. It stays when the run's folder is gone.
struct DataFolder {
  /// The folder of the results.
  let results: String
  var path: String { results + "/plots/data" }

  func table(_ name: String, columns: [String], mayBeEmpty: Bool = false) throws -> CSVTable {
    try availableTable(path + "/" + name, called: "plots/data/" + name, columns: columns, mayBeEmpty: mayBeEmpty)
  }

  func write(_ table: CSVTable, as name: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try table.text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
  }

  /// The run that the data belongs to, for the scripts' comments.
  var runID: String { (try? table("run.csv", columns: ["run_id"]).rows[0][0]) ?? "unknown" }

  /// What labels say if the shown weights were chosen by their accuracy on the test set; else empty.
  var note: String {
    let selection = (try? table("run.csv", columns: ["selected_on"]).column("selected_on")[0]) ?? ""
    return selection.hasPrefix("test") ? " — weights: best on test" : ""
  }
}

func availableTable(
  _ path: String, called name: String, columns: [String], mayBeEmpty: Bool = false
) throws -> CSVTable {
  guard FileManager.default.fileExists(atPath: path) else { throw FigureUnavailable(note: "there is no \(name)") }
  let table = try CSVTable(path: path)
  if let missing = columns.first(where: { table.position(of: $0) == nil }) {
    throw FigureUnavailable(note: "\(name) has no column \(missing)")
  }
  guard mayBeEmpty || !table.rows.isEmpty else { throw FigureUnavailable(note: "\(name) has no rows") }
  return table
}
