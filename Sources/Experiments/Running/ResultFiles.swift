import Files
import Foundation

/// The files of a finished run.
enum ResultFiles {
  /// What training gives: it is lost with them.
  static let trained = ["history.csv", "weights.h5"]
  /// What can be rebuilt from the trained weights, of every run.
  static let derived = ["config.yaml", "predictions.csv"]
  /// Only of runs that have something to put in, which can be made again.
  private static let optional = [RecordingsFile.name]
  /// What earlier versions wrote beside and what is shown of a run came from, still checked where a run recorded it: `run.json`
  /// has it now.
  private static let formerTables = ["summary.csv", "validation_samples.csv"]
  /// The same of what `recordings.h5` has now.
  static let formerRecordings =
    ["units.csv"] + ["input", "spikes", "readout", "membrane", "samples"].map { "recordings/\($0).csv" }

  /// All that a finished run must have, which recorded `files`.
  static func names(in files: [String: ResultFile]) -> [String] {
    trained + derived + (optional + formerTables).filter { files[$0] != nil }
  }

  /// Those that what is shown of a run comes from.
  static func tables(in files: [String: ResultFile]) -> [String] {
    ["history.csv", "summary.csv"].filter { names(in: files).contains($0) }
  }

  /// The files in a run's folder as they are now.
  /// - Throws: `FileReadError` if one can't be read.
  static func record(folder: String, hasRecordings: Bool) throws -> [String: ResultFile] {
    let names = trained + derived + (hasRecordings ? [RecordingsFile.name] : [])
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try ResultFile(path: folder + "/" + $0)) })
  }

  /// Removes the files of earlier versions from a run's folder, which nobody would keep up to date.
  static func removeFormer(folder: String) {
    for name in formerTables + formerRecordings { unlink(folder + "/" + name) }
    rmdir(folder + "/recordings")
  }

  /// What a look tells without reading large files: tables and the configuration are compared by their content, the others by
  /// their size.
  static func quickDamage(_ files: [String: ResultFile], folder: String) -> [(name: String, problem: String)] {
    let small = tables(in: files) + ["config.yaml"]
    let large = names(in: files).filter { !small.contains($0) }.compactMap { name -> (name: String, problem: String)? in
      guard let file = files[name] else { return (name, "not listed in run.json") }
      return file.sizeDamage(path: folder + "/" + name).map { (name, $0) }
    }
    return damage(files, folder: folder, among: small) + large
  }

  /// The damaged ones of `names`, and how.
  /// - Parameter files: as they were when the run ended.
  static func damage(
    _ files: [String: ResultFile], folder: String, among names: [String]
  ) -> [(name: String, problem: String)] {
    names.compactMap { name in
      guard let file = files[name] else { return (name, "not listed in run.json") }
      return file.damage(path: folder + "/" + name).map { (name, $0) }
    }
  }
}
