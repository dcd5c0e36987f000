import Files
import Foundation

/// The files of a finished run.
enum ResultFiles {
  /// Products of training: lost if these files are lost.
  static let trained = ["history.csv", "weights.h5"]
  /// Files of every run that can be rebuilt from the trained weights.
  static let derived = ["config.yaml", "predictions.csv"]
  /// Files that only some runs have, which can be rebuilt.
  private static let optional = [RecordingsFile.name]
  /// Sources of displayed results in earlier versions, still checked if a run recorded them; now part of `run.json`.
  private static let formerTables = ["summary.csv", "validation_samples.csv"]
  /// The same for data now in `recordings.h5`.
  static let formerRecordings =
    ["units.csv"] + ["input", "spikes", "readout", "membrane", "samples"].map { "recordings/\($0).csv" }

  /// All files that a finished run with recorded `files` must have. `TrainingState.name` is not among them: no result
  /// depends on it, and only training could recreate it, so a run without it is whole, but cannot be trained further.
  static func names(in files: [String: ResultFile]) -> [String] {
    trained + derived + (optional + formerTables).filter { files[$0] != nil }
  }

  /// The sources of displayed results.
  static func tables(in files: [String: ResultFile]) -> [String] {
    ["history.csv", "summary.csv"].filter { names(in: files).contains($0) }
  }

  /// The current files in a run folder, including those that not every run has.
  /// - Throws: `FileReadError` if one cannot be read.
  static func record(folder: String, hasRecordings: Bool, hasState: Bool) throws -> [String: ResultFile] {
    let names =
      trained + derived + (hasRecordings ? [RecordingsFile.name] : []) + (hasState ? [TrainingState.name] : [])
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try ResultFile(path: folder + "/" + $0)) })
  }

  /// Removes files of earlier versions from a run folder, which would not be kept up to date.
  static func removeFormer(folder: String) {
    for name in formerTables + formerRecordings { unlink(folder + "/" + name) }
    rmdir(folder + "/recordings")
  }

  /// A quick check without reading large files: tables and the configuration are compared by content, the others by
  /// size.
  static func quickDamage(_ files: [String: ResultFile], folder: String) -> [(name: String, problem: String)] {
    let small = tables(in: files) + ["config.yaml"]
    let large = names(in: files).filter { !small.contains($0) }.compactMap { name -> (name: String, problem: String)? in
      guard let file = files[name] else { return (name, "not listed in run.json") }
      return file.sizeDamage(path: folder + "/" + name).map { (name, $0) }
    }
    return damage(files, folder: folder, among: small) + large
  }

  /// The damaged files among `names`, with the problems.
  /// - Parameter files: as recorded when the run ended.
  static func damage(
    _ files: [String: ResultFile], folder: String, among names: [String]
  ) -> [(name: String, problem: String)] {
    names.compactMap { name in
      guard let file = files[name] else { return (name, "not listed in run.json") }
      return file.damage(path: folder + "/" + name).map { (name, $0) }
    }
  }
}
