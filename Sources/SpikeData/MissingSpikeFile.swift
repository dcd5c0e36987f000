import Foundation
import SafeText

/// What to do about a missing data file.
public enum MissingSpikeFile {
  /// The command that fetches the missing file to its place if it belongs to a published data set; otherwise nil.
  public static func fetchCommand(for path: String) -> String? {
    let (folder, name) = parts(path)
    guard let set = PublishedDataSet.containing(file: name), set.address != nil else { return nil }
    let current = FileManager.default.currentDirectoryPath
    let shown =
      folder == current ? "." : folder.hasPrefix(current + "/") ? String(folder.dropFirst(current.count + 1)) : folder
    return "snnexp data fetch \(set.name)" + (shown == set.folder ? "" : " --to \(ShellText.word(shown))")
  }

  /// The advice as a clause.
  public static func advice(for path: String) -> String {
    let (folder, name) = parts(path)
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    if let command = fetchCommand(for: path) {
      let isBegun = exists("\(folder)/\(name).gz.part")
      return isBegun ? "its download is unfinished, resume it with: \(command)" : "get it with: \(command)"
    }
    if exists("\(folder)/\(name).gz") { return "there is \(name).gz: unpack it with gunzip" }
    let rule = "paths in an experiment file are relative to that file; on the command line, to the current directory"
    guard exists(folder) else { return "there is no folder \(folder) either; \(rule)" }
    let others = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".h5") || $0.hasSuffix(".hdf5") }.sorted()
    guard !others.isEmpty else { return "there is no HDF5 file in \(folder); \(rule)" }
    return "in \(folder) there is \(SafeText.list(others, most: 5)); \(rule)"
  }

  /// The absolute folder, and the file name.
  private static func parts(_ path: String) -> (folder: String, name: String) {
    let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    let standard = (absolute as NSString).standardizingPath as NSString
    return (standard.deletingLastPathComponent, standard.lastPathComponent)
  }
}
