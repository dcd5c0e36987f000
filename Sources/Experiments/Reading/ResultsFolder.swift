import CSV
import Foundation

/// The results of an experiment as found on disk, finished or not, wherever they were copied. Only the folder is read,
/// not the experiment file or its data.
///
/// Run folders are the source of truth. If one is missing, as in results committed without them, the tables above it
/// supply the final results.
public struct ResultsFolder: Sendable {
  public var path: String
  /// The swept keys, in file order.
  public var sweptKeys: [String]
  /// In plan order.
  public var runs: [StoredRun]
  /// Names of run folders not in the last plan: those of an earlier version of the experiment.
  public var unplanned: [String]

  /// Reads `results/<experiment>`.
  ///
  /// - Throws: `InputError` if it is not a results folder.
  public init(path: String) throws {
    self.path = Self.trimmed(path)
    let folders = try Self.runFolders(of: self.path)
    let plan = try? CSVTable(path: self.path + "/plan.csv")
    let summary = Self.rows(ofSummary: self.path)
    // Without a usable plan, list the folders. An id is the name of a folder there, never a path to elsewhere.
    let rows = plan.flatMap { $0.position(of: "run_id") == nil ? nil : $0 }
    let ids = rows.map { $0.column("run_id") } ?? Self.withoutCopies(folders, in: self.path + "/runs")
    let planned = Set(ids)
    if let bad = ids.first(where: { !Self.isName($0) }) {
      throw InputError("\(self.path)/plan.csv: \"\(bad)\" is not the name of a run; the file is damaged")
    }
    unplanned = folders.filter { !planned.contains($0) }
    let runsFolder = self.path + "/runs/"
    let swept = rows.map { SweptColumns.withoutSeconds($0.header).filter { !["run_id", "seed"].contains($0) } }
    runs = ids.enumerated().map { index, id in
      var run = StoredRun(folder: runsFolder + id, id: id, knownResults: summary[id])
      if let plan = rows, let swept {
        run.seed = plan.position(of: "seed").flatMap { UInt64(plan.rows[index][$0]) } ?? run.seed
        run.swept = swept.map { ($0, plan.rows[index][plan.position(of: $0) ?? 0]) }
      }
      return run
    }
    sweptKeys = Self.distinct(swept ?? runs.flatMap { $0.swept.map(\.key) })
  }

  /// Checks that a path is a results folder, or holds its tables without run folders.
  ///
  /// - Throws: `InputError` that says what it is instead.
  public static func check(_ path: String) throws { _ = try runFolders(of: trimmed(path)) }

  /// The result columns in `summary.csv` order, except those without any value.
  public var resultColumns: [String] {
    Self.distinct(runs.flatMap(\.columns)).filter { column in runs.contains { !($0.results[column] ?? "").isEmpty } }
  }

  /// Runs with the swept values and the seed of another one. Only without a plan, where runs of any settings are
  /// listed: those that are not swept tell them apart.
  public var indistinct: Int {
    Dictionary(grouping: runs) { run in sweptKeys.map { run.value(of: $0) ?? "" } + ["\(run.seed ?? 0)"] }
      .values.reduce(0) { $1.count > 1 ? $0 + $1.count : $0 }
  }

  /// Number of runs in a state.
  public func count(_ state: RunState) -> Int { runs.count { $0.state == state } }

  /// Folders of distinct runs: only the first of several copies, so that each run counts once.
  private static func withoutCopies(_ folders: [String], in path: String) -> [String] {
    var seen: Set<String> = []
    return folders.filter { name in RunReport.hash(folder: path + "/" + name).map { seen.insert($0).inserted } ?? true }
  }

  /// The distinct names, in order of first appearance.
  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Whether a string can be the name of a run folder.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text != "." && text != ".." && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// The names of the run folders, sorted; checks that `path` is a results folder.
  private static func runFolders(of path: String) throws -> [String] {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
    guard names.contains("runs") || names.contains("plan.csv") else { throw InputError(PathAdvice.results(path)) }
    let folders = (try? files.contentsOfDirectory(atPath: path + "/runs")) ?? []
    return folders.filter { StoredRun.isFolder("\(path)/runs/\($0)") }.sorted()
  }

  /// The rows of `summary.csv` by run.
  private static func rows(ofSummary folder: String) -> [String: StoredRun.Row] {
    guard let table = try? CSVTable(path: folder + "/summary.csv"), let id = table.position(of: "run_id") else {
      return [:]
    }
    return Dictionary(
      table.rows.map { ($0[id], StoredRun.Row(header: table.header, fields: $0)) }, uniquingKeysWith: { $1 })
  }
}
