import Foundation
import SafeText

/// Describes a path that is not what was expected, and what was probably meant.
enum PathAdvice {
  /// The most names that a message lists.
  private static let mostNames = 8

  /// For a path that cannot be read as an experiment file; nil without advice.
  static func experimentFile(_ path: String) -> (problem: String?, hint: String?)? {
    guard let isFolder = isFolder(path) else {
      let files = names(in: folder(of: path)).filter(isExperimentFile)
      return near(path, among: files).map { (nil, "did you mean \($0)?") }
    }
    guard isFolder else { return nil }
    if StoredRun.isFolder(path) {
      let configuration = inside(path, "config.yaml")
      return ("it is a run folder, not an experiment file", "its configuration is \(configuration)")
    }
    let entries = names(in: path)
    if isResults(entries) {
      return (
        "it is a results folder, not an experiment file",
        "they were made with \(inside(path, "experiment.yaml"))"
      )
    }
    let files = entries.filter(isExperimentFile)
    return (
      "it is a folder, not an experiment file",
      files.isEmpty ? nil : "files in it: \(SafeText.list(files, most: mostNames))"
    )
  }

  /// For a file that was read but is not text.
  static func experimentFile(_ path: String, begins bytes: [UInt8]) -> (problem: String, hint: String)? {
    guard bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) else { return nil }
    return ("it is an HDF5 file, not an experiment file", "see: snnexp data info \(SafeText.excerpt(path))")
  }

  /// For a path that is not a results folder: the message, with what was probably meant.
  static func results(_ path: String) -> String {
    switch isFolder(path) {
    case true?:
      let entries = names(in: path)
      if StoredRun.isFolder(path) {
        let experiment = folder(of: folder(of: path))
        return "\(path) is the folder of one run; the results of its experiment are in \(experiment)"
      }
      if !runs(in: path).isEmpty {
        let parent = folder(of: path)
        return "\(path) is the folder of an experiment's runs; its results are in \(parent.isEmpty ? "." : parent)"
      }
      let experiments = entries.filter { isResults(names(in: inside(path, $0))) }.map { inside(path, $0) }
      let hint =
        experiments.isEmpty
        ? ""
        : experiments.count == 1
          ? "\n  did you mean \(experiments[0])?" : "\n  results in it: \(SafeText.list(experiments, most: mostNames))"
      return "\(path) holds no results: it contains neither plan.csv nor a runs folder" + hint
    case false?:
      let name = lastName(of: path)
      let meant = inside("results", String(name.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex)))
      let hint = isResults(names(in: meant)) ? meant : nil
      return "\(path) is a file, not a results folder\n  "
        + (hint.map { "did you mean \($0)?" } ?? "runs write their results to results/<experiment>")
    case nil: return missing(path) { isResults(names(in: $0)) }
    }
  }

  /// For a path that is not a run folder.
  static func run(_ path: String) -> String {
    switch isFolder(path) {
    case true?:
      let own = runs(in: path)
      let all = own.isEmpty ? runs(in: inside(path, "runs")) : own
      let results = names(in: path).map { inside(path, $0) }.filter { isResults(names(in: $0)) }
      let hint =
        all.first.map { "\n  it has \(CountText.count(all.count, "run")), such as \($0)" }
        ?? (results.isEmpty ? "" : "\n  results in it: \(SafeText.list(results, most: mostNames))")
      return own.isEmpty
        ? "\(path) is not a run folder: it contains no config.yaml" + hint
        : "\(path) is the folder of an experiment's runs, not of one run" + hint
    case false?:
      let parent = folder(of: path)
      return "\(path) is a file, not a run folder"
        + (StoredRun.isFolder(parent) ? "\n  did you mean \(parent)?" : "")
    case nil:
      let found = runs(named: lastName(of: path), notIn: folder(of: path))
      guard found.count > 1 else { return missing(path, found.first, StoredRun.isFolder) }
      return
        "\(path): no such folder\n  these runs have such names: \(SafeText.list(found, most: mostNames, limit: 200))"
    }
  }

  /// The run folders in a folder.
  private static func runs(in folder: String) -> [String] {
    names(in: folder).map { inside(folder, $0) }.filter(StoredRun.isFolder)
  }

  /// Run folders with the name `name` or, without any, a name that begins with it or else contains it: in the runs
  /// folder of `parent`, or for a name alone in all results.
  private static func runs(named name: String, notIn parent: String) -> [String] {
    let results = parent.isEmpty ? names(in: "results").map { inside("results", $0) } : [parent]
    let all = results.map { inside($0, "runs") }.flatMap { folder in names(in: folder).map { (folder, $0) } }
    for isMeant in [{ $0 == name }, { $0.hasPrefix(name) }, { $0.contains(name) }] as [(String) -> Bool] {
      let found = all.filter { isMeant($0.1) }.map(inside).filter(StoredRun.isFolder)
      if !found.isEmpty { return found }
    }
    return []
  }

  /// - Parameter known: what was probably meant, if known.
  private static func missing(_ path: String, _ known: String? = nil, _ isWanted: (String) -> Bool) -> String {
    let parent = folder(of: path)
    let entries = names(in: parent)
    let begin = lastName(of: path)
    var meant = known ?? near(path, among: entries.filter { isWanted(inside(parent, $0)) })
    let beginning = entries.filter { $0.hasPrefix(begin) && isWanted(inside(parent, $0)) }
    if known == nil, beginning.count == 1 { meant = inside(parent, beginning[0]) }
    if meant == nil, isWanted(inside("results", path)) { meant = inside("results", path) }
    return "\(path): no such folder" + (meant.map { "\n  did you mean \($0)?" } ?? "")
  }

  /// A sibling of `path` whose name differs by a typo.
  private static func near(_ path: String, among names: [String]) -> String? {
    let name = lastName(of: path)
    let found = names.first { $0 == name + ".yaml" } ?? NearestName.nearest(to: name, among: names)
    return found.map { inside(folder(of: path), $0) }
  }

  private static func isResults(_ entries: [String]) -> Bool {
    entries.contains("plan.csv") || entries.contains("runs")
  }

  private static func isExperimentFile(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

  /// nil if nothing exists at the path.
  private static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    return isFolder.boolValue
  }

  /// Sorted; empty if it is not a folder.
  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []).sorted()
  }

  /// Empty for a single name. (Foundation's version traps on a one-character path.)
  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func lastName(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static func inside(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
