import Foundation

/// The run folders of an experiment, found by the full hash in their `run.json`.
///
/// A folder's name is for people: it shows swept values, which change with the sweep, and part of the hash, which two
/// runs may share. It only says where to look first.
struct RunFolders {
  private let path: String
  private let names: [String]
  /// Names by the 12 hexadecimal digits at their end.
  private var byEnding: [String: [String]] = [:]
  /// Content of a folder's `run.json`; nil if missing or unreadable.
  private var hashes: [String: String?] = [:]
  /// The folders in use, with the hashes of their runs.
  private var taken: [String: String] = [:]

  /// - Parameter path: `results/<experiment>/runs`; need not exist.
  init(_ path: String) {
    self.path = path
    names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    for name in names { byEnding[String(name.suffix(12)), default: []].append(name) }
  }

  /// The folder names of runs, given as distinct hashes and slugs: existing names, and new ones for the others.
  mutating func assign(_ runs: [(hash: String, slug: String)]) -> [String] {
    var found: [String?] = runs.map { _ in nil }
    if !names.isEmpty {
      for (index, run) in runs.enumerated() {
        let expected = byEnding[String(run.hash.prefix(12))] ?? []
        found[index] = choose(expected.filter { hash($0) == run.hash }, for: run)
      }
      if found.contains(where: { $0 == nil }) {
        // Under another name: the folder was renamed.
        var byHash: [String: [String]] = [:]
        for name in names where taken[name] == nil {
          if let hash = hash(name) { byHash[hash, default: []].append(name) }
        }
        for (index, run) in runs.enumerated() where found[index] == nil {
          found[index] = choose(byHash[run.hash] ?? [], for: run)
        }
      }
    }
    return runs.enumerated().map { index, run in found[index] ?? newName(for: run) }
  }

  /// One of the folders with the run's hash: if there are copies, a finished one.
  private mutating func choose(_ candidates: [String], for run: (hash: String, slug: String)) -> String? {
    guard let first = candidates.first else { return nil }
    let chosen =
      candidates.count == 1
      ? first : candidates.first { RunReport.read(folder: path + "/" + $0)?.state == .done } ?? first
    taken[chosen] = run.hash
    return chosen
  }

  /// A name that no other run uses. A folder of that name without a readable `run.json` is the run's own: the run was
  /// killed early, or its report is damaged.
  private mutating func newName(for run: (hash: String, slug: String)) -> String {
    for digits in [12, 16, 20, 24, 32, 48] {
      let name = RunIdentity.folderName(slug: run.slug, hash: run.hash, digits: digits)
      let isOfAnother = byEnding[String(name.suffix(12))]?.contains(name) == true && hash(name) != nil
      if isOfAnother || taken[name] != nil { continue }
      taken[name] = run.hash
      return name
    }
    return run.hash
  }

  private mutating func hash(_ name: String) -> String? {
    if let known = hashes[name] { return known }
    let hash = RunReport.hash(folder: path + "/" + name)
    hashes[name] = .some(hash)
    return hash
  }
}
