import CSV
import Files
import Foundation

/// The files above the run folders: `plan.csv`, `history.csv`, `summary.csv`, `aggregate.csv`, all rebuilt from the folders.
///
/// Several processes may write them: one after the other, each all that the folders hold by then, so that the last one to
/// write has seen the last run.
struct ResultTables {
  let plan: RunPlan
  let experiment: Experiment

  /// Whether the folder has a plan, and it is another one.
  var replacesPlan: Bool {
    guard let old = try? RegularFile.contents(of: plan.folder + "/plan.csv", limit: 256 << 20) else { return false }
    return !old.elementsEqual(planText.utf8)
  }

  private var planText: String {
    var table = CSVWriter(header: ["run_id", "seed"] + experiment.sweptKeys)
    for run in plan.runs {
      table.add([run.id, "\(run.specification.seed)"] + run.specification.swept.map(\.value))
    }
    return table.text
  }

  /// What is known before the first run: `experiment.yaml` and `plan.csv`.
  /// - Throws: `FileWriteError`.
  func writePlan() throws {
    try AtomicFile.write(planText, to: plan.folder + "/plan.csv")
    try AtomicFile.write(experiment.text, to: plan.folder + "/experiment.yaml")
  }

  /// The same tables of the runs in the folders that they have now.
  var current: ResultTables { ResultTables(plan: plan.current, experiment: experiment) }

  /// All tables, row by row, so that memory does not grow with the number of runs.
  /// - Throws: `FileWriteError`.
  func write() throws {
    try writePlan()
    // Held from the first look into the folders to the last rename; where there are no locks, it does without.
    let lock = open(plan.folder + "/runs", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if lock >= 0 { close(lock) } }
    if lock >= 0 { while flock(lock, LOCK_EX) != 0 && errno == EINTR {} }
    let swept = experiment.sweptKeys
    let history = try AtomicFile(plan.folder + "/history.csv")
    let summary = try AtomicFile(plan.folder + "/summary.csv")
    let aggregate = try AtomicFile(plan.folder + "/aggregate.csv")
    try history.append(CSVWriter.line(["run_id", "seed"] + swept + HistoryRow.columns))
    try summary.append(CSVWriter.line(RunSummary.header(swept)))
    let statistics = ["mean", "std", "min", "max"]
    try aggregate.append(
      CSVWriter.line(
        swept + ["n", "n_failed"] + Self.metrics.flatMap { metric in statistics.map { "\(metric)_\($0)" } }
          + ["selected_on"]))
    // Runs of a sweep point stand next to each other, the seed varies fastest.
    var point = Point()
    for (index, run) in plan.runs.enumerated() {
      let values = run.specification.swept.map(\.value)
      let identity = [run.id, "\(run.specification.seed)"] + values
      let report = run.report
      let damage =
        report?.state == .done
        ? ResultFiles.damage(report?.files ?? [:], folder: run.folder, among: ResultFiles.tables) : []
      if damage.isEmpty, report != nil, let table = try? CSVTable(path: run.folder + "/history.csv") {
        try append(table, columns: HistoryRow.columns, after: identity, to: history)
      }
      if report?.state == .done, damage.isEmpty, let table = try? CSVTable(path: run.folder + "/summary.csv") {
        try append(table, columns: RunSummary.columns, after: identity, to: summary)
        let results = Self.metrics.map { table.column($0).first.flatMap(Double.init) }
        // As `snnexp table` counts: a run whose results are no numbers has failed.
        if results.allSatisfy({ $0?.isFinite ?? true }) { point.done.append(results) } else { point.failed += 1 }
      } else if let report {
        let empty = [String](repeating: "", count: RunSummary.columns.count - 1)
        let state = report.state == .done ? StoredRun.State.damaged.rawValue : report.state.rawValue
        try summary.append(CSVWriter.line(identity + [state] + empty))
        if report.state == .failed { point.failed += 1 }
      }
      if index + 1 < plan.runs.count, plan.runs[index + 1].specification.swept.map(\.value) == values { continue }
      var fields = values + ["\(point.done.count)", "\(point.failed)"]
      for metric in Self.metrics.indices {
        let statistics = Statistics(point.done.compactMap { $0[metric] })
        fields += [statistics?.mean, statistics?.deviation, statistics?.minimum, statistics?.maximum].map(
          CSVWriter.field)
      }
      try aggregate.append(CSVWriter.line(fields + [run.specification.training.selectOn.rawValue]))
      point = Point()
    }
    for file in [history, summary, aggregate] { try file.commit() }
  }

  /// The runs of a sweep point.
  private struct Point {
    /// `metrics` of each run that is done.
    var done: [[Double?]] = []
    var failed = 0
  }

  static let metrics = [
    "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy",
    "hidden_rate_hz", "silent_fraction", "synaptic_operations",
  ]

  /// The rows of a run's own table, whose id and swept values may be those of an earlier plan.
  private func append(_ table: CSVTable, columns: [String], after identity: [String], to file: AtomicFile) throws {
    let positions = columns.map(table.position)
    for row in table.rows { try file.append(CSVWriter.line(identity + positions.map { $0.map { row[$0] } ?? "" })) }
  }
}
