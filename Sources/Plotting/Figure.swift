import CSV
import Foundation

/// A figure: prepared data in `plots/data`, if it needs any, and a script.
protocol Figure {
  /// The name of its files, without an ending.
  var name: String { get }

  /// The names of its own files in `plots/data`.
  var dataFiles: [String] { get }

  /// Writes the data of one run into `plots/data`; throws `FigureUnavailable` if the run does not have it.
  func prepare(run: RunFolder, data: DataFolder) throws

  /// The gnuplot script, from the experiment's CSV files and `plots/data` alone.
  func script(data: DataFolder) throws -> String
}

extension Figure {
  var dataFiles: [String] { ["\(name).csv"] }

  func prepare(run: RunFolder, data: DataFolder) throws {}
}
