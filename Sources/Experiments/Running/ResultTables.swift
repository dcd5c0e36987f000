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

  /// What is known before the first run: `experiment.yaml` and `plan.csv`.
  /// - Throws: `FileWriteError`.
  func writePlan() throws {
    var table = CSVWriter(header: ["run_id", "seed"] + experiment.sweptKeys)
    for run in plan.runs {
      table.add([run.id, "\(run.specification.seed)"] + run.specification.swept.map(\.value))
    }
    try AtomicFile.write(table.text, to: plan.folder + "/plan.csv")
    try AtomicFile.write(experiment.text, to: plan.folder + "/experiment.yaml")
  }

  /// All tables, row by row, so that memory does not grow with the number of runs.
  /// - Throws: `FileWriteError`.
  func write() throws {
    try writePlan()
    // Held from the first look into the folders to the last rename; where there are no locks, it does without.
    let lock = open(plan.folder + "/runs", O_RDONLY | O_CLOEXEC)
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
      try history.append(body(of: run.folder + "/history.csv"))
      let state = run.state
      if state == .done, let text = contents(run.folder + "/summary.csv") {
        let text = String(decoding: text, as: UTF8.self)
        try summary.append(body(text.utf8))
        let table = CSVTable(text: text)
        let results = Self.metrics.map { table.column($0).first.flatMap(Double.init) }
        // As `snnexp table` counts: a run whose results are no numbers has failed.
        if results.allSatisfy({ $0?.isFinite ?? true }) { point.done.append(results) } else { point.failed += 1 }
      } else if state != .pending {
        let empty = [String](repeating: "", count: RunSummary.columns.count - 1)
        try summary.append(
          CSVWriter.line([run.id, "\(run.specification.seed)"] + values + [state.rawValue] + empty))
        if state == .failed { point.failed += 1 }
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

  private func contents(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

  /// A CSV file without its header; empty if there is none.
  private func body(of path: String) -> ArraySlice<UInt8> { body(contents(path).map { [UInt8]($0) } ?? []) }

  private func body<Bytes: Collection<UInt8>>(_ bytes: Bytes) -> Bytes.SubSequence {
    bytes.firstIndex(of: 10).map { bytes[bytes.index(after: $0)...] } ?? bytes[bytes.endIndex...]
  }
}
