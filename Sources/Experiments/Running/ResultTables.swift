import Foundation

/// The files above the run folders: `plan.csv`, `history.csv`, `summary.csv`, `aggregate.csv`, all rebuilt from the folders.
struct ResultTables {
  let plan: RunPlan
  let experiment: Experiment

  /// - Throws: `ResultsError`.
  func write() throws {
    let swept = experiment.sweptKeys
    var planTable = CSVWriter(header: ["run_id", "seed"] + swept)
    for run in plan.runs {
      planTable.add([run.id, "\(run.specification.seed)"] + run.specification.swept.map(\.value))
    }
    try AtomicFile.write(planTable.text, to: plan.folder + "/plan.csv")
    try AtomicFile.write(experiment.text, to: plan.folder + "/experiment.yaml")

    var historyText = CSVWriter.line(["run_id", "seed"] + swept + HistoryRow.columns)
    var summaryText = CSVWriter.line(RunSummary.header(swept))
    var values: [[Double?]?] = []
    for run in plan.runs {
      historyText += body(of: run.folder + "/history.csv")
      if run.state == .done {
        let row = body(of: run.folder + "/summary.csv")
        summaryText += row
        // Swept values may hold commas inside quotes; the numbers are the last fields.
        let fields = row.trimmingCharacters(in: .newlines).split(separator: ",", omittingEmptySubsequences: false)
        values.append(fields.suffix(Self.metrics.count + 1).dropLast().map { Double($0) })
      } else {
        let state = run.state
        if state != .pending {
          let empty = [String](repeating: "", count: RunSummary.columns.count - 1)
          summaryText += CSVWriter.line(
            [run.id, "\(run.specification.seed)"] + run.specification.swept.map(\.value) + [state.rawValue] + empty)
        }
        values.append(state == .failed ? [] : nil)
      }
    }
    try AtomicFile.write(historyText, to: plan.folder + "/history.csv")
    try AtomicFile.write(summaryText, to: plan.folder + "/summary.csv")
    var aggregate = CSVWriter(
      header: swept + ["n", "n_failed"]
        + Self.metrics.flatMap { metric in
          ["mean", "std", "min", "max"].map { "\(metric)_\($0)" }
        })
    // Runs of a sweep point stand next to each other, the seed varies fastest.
    var start = 0
    while start < plan.runs.count {
      let point = plan.runs[start].specification.swept.map(\.value)
      var end = start
      while end < plan.runs.count && plan.runs[end].specification.swept.map(\.value) == point { end += 1 }
      let rows = values[start..<end].compactMap { $0 }
      let done = rows.filter { !$0.isEmpty }
      var fields = point + ["\(done.count)", "\(rows.count - done.count)"]
      for metric in Self.metrics.indices { fields += Self.statistics(done.compactMap { $0[metric] }).map(field) }
      aggregate.add(fields)
      start = end
    }
    try AtomicFile.write(aggregate.text, to: plan.folder + "/aggregate.csv")
  }

  static let metrics = [
    "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy",
    "hidden_rate_hz", "silent_fraction", "synaptic_operations",
  ]

  /// Mean, standard deviation (n - 1; nil below two values), minimum, maximum.
  static func statistics(_ values: [Double]) -> [Double?] {
    guard let low = values.min(), let high = values.max() else { return [nil, nil, nil, nil] }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return [mean, n > 1 ? (squares / (n - 1)).squareRoot() : nil, low, high]
  }

  /// A CSV file without its header; empty if there is none.
  private func body(of path: String) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { return "" }
    let text = String(decoding: data, as: UTF8.self)
    guard let end = text.firstIndex(of: "\n") else { return "" }
    return String(text[text.index(after: end)...])
  }
}
