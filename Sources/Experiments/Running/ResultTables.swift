import CSV
import Files
import Foundation

/// The files above the run folders: `plan.csv`, `history.csv`, `summary.csv`, `aggregate.csv` and, if the data identify
/// speakers, `speakers.csv`; all rebuilt from the folders.
///
/// In `aggregate.csv`, `std` is the sample standard deviation (n - 1) over the included runs of a point; empty for
/// fewer than two. Swept times also appear in seconds, in their own columns (`SweptColumns`).
///
/// Several processes may write them, one at a time, each from everything in the folders at that moment, so that the
/// last writer has seen the last run.
struct ResultTables {
  /// `results/<experiment>`.
  private let folder: String
  private let sweptKeys: [String]
  /// In plan order.
  private let runs: [Run]

  /// What the tables say about a run besides the content of its folder.
  private struct Run {
    var id: String
    var seed: String
    /// Its values of the swept keys.
    var swept: [String]
    var reported: ReportedFolder
    /// `training.select_on`.
    var selectedOn: String
  }

  /// The tables of a plan.
  init(plan: RunPlan, sweptKeys: [String]) {
    folder = plan.folder
    self.sweptKeys = sweptKeys
    runs = plan.runs.map { run in
      Run(
        id: run.id, seed: "\(run.specification.seed)", swept: run.specification.swept.map(\.value),
        reported: run.reported, selectedOn: run.specification.training.selectOn.rawValue)
    }
  }

  /// The tables of a results folder, whose experiment file and data may not be at hand: `plan.csv` has the runs, in order,
  /// and their folders the rest.
  init(collecting results: ResultsFolder) {
    folder = results.path
    sweptKeys = results.sweptKeys
    let key = "training.select_on"
    // A run that has not begun has no configuration yet; if the key is not swept, it is that of any other run.
    var known: String?
    if !sweptKeys.contains(key) {
      known = results.runs.lazy.compactMap { StoredConfiguration(folder: $0.folder)?.text(of: key) }.first
    }
    let common = known ?? ""
    runs = results.runs.map { run in
      Run(
        id: run.id, seed: run.seed.map { "\($0)" } ?? "",
        swept: results.sweptKeys.map { run.value(of: $0) ?? "" },
        reported: ReportedFolder(path: run.folder, hash: RunReport.hash(folder: run.folder) ?? ""),
        selectedOn: run.value(of: key) ?? common)
    }
  }

  /// Whether the folder has a different plan.
  var replacesPlan: Bool {
    guard let old = try? RegularFile.contents(of: folder + "/plan.csv", limit: 256 << 20) else { return false }
    return !old.elementsEqual(planText.utf8)
  }

  private var planText: String {
    let times = times
    var table = CSVWriter(header: ["run_id", "seed"] + sweptKeys + times.columns)
    for run in runs { table.add([run.id, run.seed] + run.swept + times.fields(run.swept)) }
    return table.text
  }

  private var times: SweptTimes { SweptTimes(keys: sweptKeys, points: runs.lazy.map(\.swept)) }

  /// Writes what is known before the first run: `experiment.yaml` and `plan.csv`.
  /// - Throws: `FileWriteError`.
  func writePlan(of experiment: Experiment) throws {
    try AtomicFile.update(folder + "/plan.csv", with: planText)
    try AtomicFile.update(folder + "/experiment.yaml", with: experiment.text)
  }

  /// Writes all tables row by row, so that memory does not grow with the number of runs.
  /// - Throws: `FileWriteError`.
  func write() throws {
    // Held from the first look into the folders to the last rename.
    let lock = FolderLock(folder)
    defer { lock.release() }
    let (swept, times) = (sweptKeys, times)
    let history = try AtomicFile(folder + "/history.csv")
    let summary = try AtomicFile(folder + "/summary.csv")
    let aggregate = try AtomicFile(folder + "/aggregate.csv")
    var speakers: AtomicFile?
    // epoch_seconds, which differs between two trainings of a run, stays last.
    let columns = HistoryRow.columns
    try history.append(
      CSVWriter.line(["run_id", "seed"] + swept + columns.dropLast() + times.columns + columns.suffix(1)))
    // The columns in seconds follow those that both tables have.
    let shared = RunSummary.columns.firstIndex(of: "parameters") ?? 0
    func summaryLine(_ identity: [String], _ row: [String], _ seconds: [String]) -> String {
      CSVWriter.line(identity + row.prefix(shared) + seconds + row.dropFirst(shared))
    }
    try summary.append(summaryLine(["run_id", "seed"] + swept, RunSummary.columns, times.columns))
    let statistics = ["mean", "std", "min", "max"]
    try aggregate.append(
      CSVWriter.line(
        swept + ["n", "n_failed"] + Self.metrics.flatMap { metric in statistics.map { "\(metric)_\($0)" } }
          + times.columns + ["selected_on"]))
    // Runs of a sweep point are adjacent, since the seed varies fastest.
    var point = Point()
    for (index, run) in runs.enumerated() {
      let values = run.swept
      let identity = [run.id, run.seed] + values
      let seconds = times.fields(values)
      let (report, runFolder) = (run.reported.report, run.reported.path)
      let files = report?.files ?? [:]
      let isDamaged =
        report?.state == .done
        && !ResultFiles.damage(files, folder: runFolder, among: ResultFiles.tables(in: files)).isEmpty
      let state = isDamaged ? .damaged : run.reported.state
      if state != .damaged, state != .pending, let table = try? CSVTable(path: runFolder + "/history.csv") {
        for row in Self.rows(table, columns) {
          try history.append(CSVWriter.line(identity + row.dropLast() + seconds + row.suffix(1)))
        }
      }
      if state == .done, let row = report?.results?.fields ?? Self.formerSummary(folder: runFolder) {
        try summary.append(summaryLine(identity, row, seconds))
        let results = Self.metrics.map { metric in
          RunSummary.columns.firstIndex(of: metric).flatMap { Double(row[$0]) }
        }
        // As in `snnexp table`, a run with non-finite results has failed.
        if results.allSatisfy({ $0?.isFinite ?? true }) { point.done.append(results) } else { point.failed += 1 }
        for speaker in report?.speakers ?? [] {
          if speakers == nil {
            speakers = try AtomicFile(folder + "/speakers.csv")
            try speakers?.append(
              CSVWriter.line(["run_id", "seed"] + swept + SpeakerAccuracy.columns + times.columns))
          }
          try speakers?.append(CSVWriter.line(identity + speaker.fields + seconds))
        }
      } else if state != .pending {
        let empty = [String](repeating: "", count: RunSummary.columns.count - 1)
        try summary.append(summaryLine(identity, [state.rawValue] + empty, seconds))
        if state == .failed { point.failed += 1 }
      }
      if index + 1 < runs.count, runs[index + 1].swept == values { continue }
      var fields = values + ["\(point.done.count)", "\(point.failed)"]
      for metric in Self.metrics.indices {
        let statistics = Statistics(point.done.compactMap { $0[metric] })
        fields += [statistics?.mean, statistics?.deviation, statistics?.minimum, statistics?.maximum].map(
          CSVWriter.field)
      }
      try aggregate.append(CSVWriter.line(fields + seconds + [run.selectedOn]))
      point = Point()
    }
    for file in [history, summary, aggregate] { try file.commit() }
    // Left by an earlier plan whose data identified speakers.
    if let speakers { try speakers.commit() } else { unlink(folder + "/speakers.csv") }
  }

  /// The row that runs of earlier versions keep in a separate file.
  private static func formerSummary(folder: String) -> [String]? {
    (try? CSVTable(path: folder + "/summary.csv")).flatMap { rows($0, RunSummary.columns).last }
  }

  /// The runs of a sweep point.
  private struct Point {
    /// `metrics` of each finished run.
    var done: [[Double?]] = []
    var failed = 0
  }

  static let metrics = [
    "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy",
    "hidden_rate_hz", "silent_fraction", "synaptic_operations",
  ]

  /// The rows of a run's own table, whose id and swept values may be those of an earlier plan.
  private static func rows(_ table: CSVTable, _ columns: [String]) -> [[String]] {
    let positions = columns.map(table.position)
    return table.rows.map { row in positions.map { $0.map { row[$0] } ?? "" } }
  }
}
