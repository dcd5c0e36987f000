import CSV
import Files
import Foundation

/// A run as its folder, or the tables above it, tell; nothing of it is recomputed.
public struct StoredRun: Sendable {
  public var id: String
  public var folder: String
  public var seed: UInt64?
  /// The swept keys with this run's values as the user would write them.
  public var swept: [(key: String, value: String)]
  public var state: RunState
  /// Why the run failed, or what is damaged.
  public var error: String?
  /// False for a finished run of an earlier version, whose files nobody can check.
  public var isVerified = true
  /// Finished epochs, as far as the report tells.
  public var epochs: Int?
  public var wallSeconds: Double?
  /// The columns of `results`, in the file's order.
  public var columns: [String]
  /// The run's row of `summary.csv`, what it ended with, by column. Empty unless it is done.
  public var results: [String: String]
  /// Of a finished run whose data name speakers.
  public var speakers: [SpeakerAccuracy] = []

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

  /// Reads a run folder, or what a copy of the results without it still tells.
  ///
  /// - Parameter knownResults: the run's row in the experiment's `summary.csv`, for a run without one of its own.
  init(folder: String, id: String, knownResults: Row?) {
    self.id = id
    self.folder = folder
    let report = StoredReport.read(folder: folder)
    error = report?.error
    epochs = report?.epochsDone
    wallSeconds = report?.wallSeconds
    seed = report?.seed
    let isUnreadable = report == nil && FileManager.default.fileExists(atPath: folder + "/run.json")
    let known = report?.state ?? knownResults?.field("state")
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
    }
    swept = (report?.swept ?? []).compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
    speakers = state == .done ? report?.speakers ?? [] : []
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

  /// Compares the files of a finished run with what its report says.
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
  /// - Throws: `InputError` if it is none.
  public init(folder: String) throws {
    guard Self.isFolder(folder) else { throw InputError(PathAdvice.run(folder)) }
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    self.init(folder: folder, id: url.lastPathComponent, knownResults: nil)
    // Only a finished run tells its swept values itself.
    let experiment = url.deletingLastPathComponent().deletingLastPathComponent().path
    guard let plan = try? CSVTable(path: experiment + "/plan.csv"), let ids = plan.position(of: "run_id"),
      let row = plan.rows.first(where: { $0[ids] == id })
    else { return }
    swept = SweptColumns.withoutSeconds(plan.header).filter { !["run_id", "seed"].contains($0) }
      .map { ($0, row[plan.position(of: $0) ?? 0]) }
    seed = seed ?? plan.position(of: "seed").flatMap { UInt64(row[$0]) }
  }

  /// The hash of the run's weights when it ended; nil if nobody kept it.
  public var weightsHash: ContentHash? {
    (RunReport.decode(folder: folder) as StoredReport?)?.files?["weights.h5"].map { ContentHash(digits: $0.sha256) }
  }

  /// What of the data is not what the run was trained on, as sentences.
  /// - Parameter now: the hashes of its files now, by `train` and `test`.
  public func changes(since now: [String: String]) -> [String] {
    guard let then = (RunReport.decode(folder: folder) as StoredReport?)?.dataFingerprint else {
      return now.isEmpty
        ? [] : ["run.json has no fingerprint of the data, so changes since training can't be detected"]
    }
    return now.sorted { $0.key < $1.key }.compactMap { role, hash in
      guard let known = then[role], known != hash else { return nil }
      return "data.\(role) has changed since the run was trained, so these numbers are for other samples than its "
        + "results; retrain the run, or restore the original file (SHA-256 \(known))"
    }
  }

  /// Whether `path` is the folder of a run.
  public static func isFolder(_ path: String) -> Bool {
    ["config.yaml", "run.json"].contains { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
  }

  /// A result that is a number; nil if it is missing. May be NaN or infinite.
  public func number(_ column: String) -> Double? { results[column].flatMap { Double($0) } }

  /// Whether a result is NaN or infinite: such a run counts as failed.
  public var isNonFinite: Bool { results.values.contains { Double($0).map { !$0.isFinite } ?? false } }

  /// Whether the results count in means and choices.
  public var counts: Bool { state == .done && !isNonFinite }

  /// The value of a swept key, nil if it is not swept.
  public func value(of key: String) -> String? { swept.first { $0.key == key }?.value }

  /// The run's `history.csv`, nil if there is none.
  public func history() -> CSVTable? { try? CSVTable(path: folder + "/history.csv") }

  /// The text of the run's `log.txt`, nil if there is none.
  public func log() -> String? {
    try? RegularFile.text(of: folder + "/log.txt", limit: 64 << 20)
  }

  /// Epochs the run is meant to train, as its `config.yaml` says.
  public var plannedEpochs: Int? {
    StoredConfiguration(folder: folder)?.text(of: "training.epochs").flatMap { Int($0) }
  }
}
