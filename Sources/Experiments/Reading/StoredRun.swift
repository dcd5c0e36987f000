import CSV
import Files
import Foundation

/// A run as described by its folder or the tables above it; nothing is recomputed.
public struct StoredRun: Sendable {
  public var id: String
  public var folder: String
  public var seed: UInt64?
  /// The swept keys with this run's values, as a user would write them.
  public var swept: [(key: String, value: String)]
  public var state: RunState
  /// Why the run failed, or what is damaged.
  public var error: String?
  /// False for a finished run of an earlier version, whose files cannot be checked.
  public var isVerified = true
  /// Finished epochs, if the report has them.
  public var epochs: Int?
  public var wallSeconds: Double?
  /// Of a finished run with trained delays.
  public var delaysAtBounds: [DelaysAtBounds] = []
  /// The finished run with fewer epochs from whose state this one started, if any.
  public var continuedFrom: RunReport.ContinuedRun?
  /// nil unless it is done.
  public var furtherTraining: FurtherTraining?
  /// Number of classes, if the report has it.
  public var classes: Int?
  /// The columns of `results`, in file order.
  public var columns: [String]
  /// The run's row of `summary.csv` (its final results) by column. Empty unless it is done.
  public var results: [String: String]
  /// For a finished run whose data identify speakers.
  public var speakers: [SpeakerAccuracy] = []

  /// Whether a finished run can be trained further.
  public enum FurtherTraining: Sendable {
    case possible
    /// It has no state, according to its report.
    case notKept
    case damaged(String)
  }

  /// A row of `summary.csv`.
  struct Row {
    var header: [String]
    var fields: [String]

    /// The swept keys stand between `seed` and `state`.
    var swept: Range<Int> {
      guard let seed = header.firstIndex(of: "seed"), let state = header.firstIndex(of: "state"), seed < state else {
        return 0..<0
      }
      return seed + 1..<state
    }

    func field(_ column: String) -> String? { header.firstIndex(of: column).map { fields[$0] } }
  }

  /// Reads a run folder, or what is known without it from a copy of the results.
  ///
  /// - Parameter knownResults: the run's row in the experiment's `summary.csv`: its swept values and, if its folder is
  ///   absent, its state and results. A folder without a report counts as `run` sees it, whatever the table says.
  init(folder: String, id: String, knownResults: Row?) {
    self.id = id
    self.folder = folder
    let report = StoredReport.read(folder: folder)
    error = report?.error
    (epochs, continuedFrom) = (report?.epochsDone, report?.continuedFrom)
    (wallSeconds, classes) = (report?.wallSeconds, report?.classes)
    seed = report?.seed
    let isUnreadable = report == nil && FileManager.default.fileExists(atPath: folder + "/run.json")
    let isAbsent = !FileManager.default.fileExists(atPath: folder)
    let known = report?.state ?? (isAbsent ? knownResults?.field("state") : nil)
    state = known.flatMap(RunState.init) ?? .pending
    if RunClaim.holder(folder: folder) != nil {
      state = .running
    } else if isUnreadable {
      (state, error) = (.damaged, RunReport.unreadable)
    } else if state == .pending {
      state = .unreported(folder: folder)
    }
    (swept, columns, results) = ([], [], [:])
    if state == .done {
      if let report { checkFiles(report.files) }
      guard state == .done else { return }
      if let files = report?.files { furtherTraining = Self.furtherTraining(files, folder: folder) }
    }
    swept = (report?.swept ?? []).compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
    speakers = state == .done ? report?.speakers ?? [] : []
    delaysAtBounds = state == .done ? report?.delaysAtBounds ?? [] : []
    if let results = report?.results {
      if state == .done { setResults(zip(RunSummary.columns, results.fields)) }
    } else {
      // Runs of earlier versions have their row in a file of their own.
      let own = (try? CSVTable(path: folder + "/summary.csv")).flatMap { table in
        table.rows.last.map { Row(header: table.header, fields: $0) }
      }
      guard let row = own ?? knownResults else { return }
      seed = seed ?? row.field("seed").flatMap { UInt64($0) }
      swept = row.swept.map { (row.header[$0], row.fields[$0]) }
      let names = Set(row.header)
      guard state == .done else { return }
      setResults(
        zip(row.header, row.fields).dropFirst(row.swept.upperBound)
          .filter { !SweptColumns.isSeconds($0.0, beside: names) })
    }
    epochs = epochs ?? results["epochs"].flatMap { Int($0) }
  }

  private mutating func setResults(_ fields: some Sequence<(String, String)>) {
    for (column, field) in fields where column != "state" {
      columns.append(column)
      results[column] = field
    }
  }

  /// Judged by the size of the file.
  private static func furtherTraining(_ files: [String: ResultFile], folder: String) -> FurtherTraining {
    guard let state = files[TrainingState.name] else { return .notKept }
    return state.sizeDamage(path: folder + "/" + TrainingState.name).map { .damaged($0) } ?? .possible
  }

  /// Compares the files of a finished run with its report.
  private mutating func checkFiles(_ files: [String: ResultFile]?) {
    guard let files else {
      isVerified = false
      return
    }
    let problems = ResultFiles.quickDamage(files, folder: folder)
    guard !problems.isEmpty else { return }
    state = .damaged
    error = problems.map { "\($0.name): \($0.problem)" }.joined(separator: "; ")
  }

  /// Reads a run folder.
  ///
  /// - Throws: `InputError` if it is not a run folder.
  public init(folder: String) throws {
    guard Self.isFolder(folder) else { throw InputError(PathAdvice.run(folder)) }
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    self.init(folder: folder, id: url.lastPathComponent, knownResults: nil)
    // Only a finished run records its swept values itself.
    let experiment = url.deletingLastPathComponent().deletingLastPathComponent().path
    guard let plan = try? CSVTable(path: experiment + "/plan.csv"), let ids = plan.position(of: "run_id"),
      let row = plan.rows.first(where: { $0[ids] == id })
    else { return }
    swept = SweptColumns.withoutSeconds(plan.header).filter { !["run_id", "seed"].contains($0) }
      .map { ($0, row[plan.position(of: $0) ?? 0]) }
    seed = seed ?? plan.position(of: "seed").flatMap { UInt64(row[$0]) }
  }

  /// The hash of the run's weights when it ended; nil if not recorded.
  public var weightsHash: ContentHash? {
    (RunReport.decode(folder: folder) as StoredReport?)?.files?["weights.h5"].map { ContentHash(digits: $0.sha256) }
  }

  /// Sentences describing how the data differ from those the run was trained on.
  /// - Parameter now: the current hashes of its files, by `train` and `test`.
  public func changes(since now: [String: String]) -> [Finding] {
    guard let then = (RunReport.decode(folder: folder) as StoredReport?)?.dataFingerprint else {
      return now.isEmpty
        ? []
        : [
          Finding(
            "unknown_data", "run.json has no fingerprint of the data",
            consequence: "changes since training can't be detected", remedy: "make sure that the files are the same")
        ]
    }
    return now.sorted { $0.key < $1.key }.compactMap { role, hash in
      guard let known = then[role], known != hash else { return nil }
      return Finding(
        "changed_data", "data.\(role) has changed since the run was trained",
        consequence: "these numbers are for other samples than its results",
        remedy: "retrain the run, or restore the original file (SHA-256 \(known))")
    }
  }

  /// Whether `path` is a run folder.
  public static func isFolder(_ path: String) -> Bool {
    ["config.yaml", "run.json"].contains { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
  }

  /// A numeric result; nil if missing. May be NaN or infinite.
  public func number(_ column: String) -> Double? { results[column].flatMap { Double($0) } }

  /// Whether a result is NaN or infinite: such a run counts as failed.
  public var isNonFinite: Bool { results.values.contains { Double($0).map { !$0.isFinite } ?? false } }

  /// Whether the results are included in means and selections.
  public var counts: Bool { state == .done && !isNonFinite }

  /// The value of a swept key; nil if it is not swept.
  public func value(of key: String) -> String? { swept.first { $0.key == key }?.value }

  /// The run's `history.csv`, nil if there is none.
  public func history() -> CSVTable? { try? CSVTable(path: folder + "/history.csv") }

  /// The text of the run's `log.txt`, nil if there is none.
  public func log() -> String? {
    try? RegularFile.text(of: folder + "/log.txt", limit: 64 << 20)
  }

  /// Planned number of epochs, from `config.yaml`.
  public var plannedEpochs: Int? {
    StoredConfiguration(folder: folder)?.text(of: "training.epochs").flatMap { Int($0) }
  }
}
