import CSV
import Display
import Experiments
import Foundation
import SafeText

/// The end of `snnexp run`: the results of all runs in the plan, including earlier calls, and warnings about networks
/// that cannot have learned.
struct RunSummaryText {
  private let experiment: Experiment
  /// For the runs that ended in this call: display names of the test classes that were never predicted.
  private var unpredicted: [(run: String, classes: [String])] = []

  init(experiment: Experiment) { self.experiment = experiment }

  /// A run has finished, and its folder is complete.
  mutating func add(_ run: PlannedRun) {
    guard let table = try? CSVTable(path: run.folder + "/predictions.csv") else { return }
    let predicted = Set(table.column("predicted"))
    var classes: [Int: String] = [:]
    for (label, name) in zip(table.column("label"), table.column("label_name")) where !predicted.contains(label) {
      if let number = Int(label) { classes[number] = name.isEmpty ? label : "\(label) (\(name))" }
    }
    if !classes.isEmpty { unpredicted.append((run.id, classes.sorted { $0.key < $1.key }.map(\.value))) }
  }

  private static let rowsShown = 50

  /// The results: each run of a single sweep point; for a sweep, mean and standard deviation over the seeds of each
  /// point.
  func printTables(_ results: ResultsFolder) {
    if results.sweptKeys.isEmpty {
      printRuns(results)
    } else if let table = try? ResultsTable(results, groupedBy: results.sweptKeys) {
      var shown = table
      let unfinished = shown.dropUnfinishedGroups()
      let points = experiment.points.count - unfinished
      shown.keepFirst(Self.rowsShown)
      if points > 0 {
        print(table: shown.text(width: Terminal.results.width), more: "see: snnexp table \(results.path) --csv")
      }
      if points > Self.rowsShown { print("... \(points - Self.rowsShown) more: snnexp table \(results.path)") }
      if unfinished > 0 { print("\(Format.count(unfinished, "sweep point")) without a finished run") }
    }
    printSpeakers(results)
    if results.groups(by: results.sweptKeys).contains(where: { $0.n > 1 }) { printError(ResultsTable.deviationNote) }
    let parent = (results.path as NSString).deletingLastPathComponent
    let place = parent == "results" ? "" : " -o '\(parent)'"
    printNotes(results, whole: "snnexp run '\(experiment.path)'\(place)")
  }

  private func printRuns(_ results: ResultsFolder) {
    let columns = ["train_loss", "train_accuracy", "validation_accuracy", "test_loss", "test_accuracy"]
    let titles = ["train loss", "train", "validation", "test loss", "test"]
    var table = TextTable(
      columns: [TextTable.Column("run", isText: true), TextTable.Column("epochs")]
        + zip(titles, [1, 2, 0, 3, 0]).map { TextTable.Column($0, rank: $1) })
    let ended = results.runs.filter { $0.state != .pending }
    for run in ended {
      let epochs = run.state == .done ? run.epochs.map { "\($0)" } ?? "-" : run.state.rawValue
      table.rows.append([run.id, epochs] + columns.map { ResultsTable.text(run.number($0), $0) })
    }
    if let group = results.groups(by: []).first, group.n > 1 {
      table.rows.append(
        ["mean +- std (\(group.n))", ""] + columns.map { ResultsTable.text(group.statistics(of: $0), $0) })
    }
    if !table.rows.isEmpty {
      print(
        table: table.lines(width: Terminal.results.width), more: "see: snnexp table \(results.path) --csv")
    }
  }

  /// The test accuracy of each speaker, mean over seeds; for a sweep, one row per point.
  private func printSpeakers(_ results: ResultsFolder) {
    let table = SpeakerTable(results, split: "test")
    guard !table.speakers.isEmpty else { return }
    print("test accuracy by speaker\(table.hasStrangers ? " (\(SpeakerTable.mark): not in training)" : ""):")
    print(
      table: table.text(rows: Self.rowsShown, width: Terminal.results.width),
      more: "see: \(results.path)/speakers.csv")
  }

  /// Networks that are silent or saturated or do worse than guessing, and classes that are never predicted: one line
  /// each.
  func printWarnings(_ runs: [StoredRun], plan: RunPlan) {
    let specifications = Dictionary(
      plan.runs.map { ($0.id, $0.specification) }, uniquingKeysWith: { first, _ in first })
    let done = runs.filter { $0.state == .done }
    func warn(_ what: String, _ affected: [String]) {
      guard !affected.isEmpty else { return }
      printError(
        "warning: \(affected.count) of \(Format.count(done.count, "run")) \(what): "
          + SafeText.list(affected, most: 3, limit: 200))
    }
    func warn(_ what: String, _ isAffected: (StoredRun) -> Bool) { warn(what, done.filter(isAffected).map(\.id)) }
    warn("ended with a silent network (no hidden unit spikes; try a larger network.init.gain)") {
      $0.number("hidden_rate_hz") == 0
    }
    warn("ended with more than half of the hidden units silent (try a larger network.init.gain)") {
      ($0.number("silent_fraction") ?? 0) > 0.5 && $0.number("hidden_rate_hz") != 0
    }
    warn("ended saturated (hidden units spike in more than half of all steps; try a smaller network.init.gain)") {
      run in
      guard let rate = run.number("hidden_rate_hz"), let step = specifications[run.id]?.timeStepSeconds else {
        return false
      }
      return rate * step > 0.5
    }
    warn(
      "ended with a training loss above ln(classes), worse than equal odds for all classes (try a lower "
        + "training.optimizer.learning_rate, or more training.epochs)",
      done.compactMap { run in
        specifications[run.id].flatMap { Self.worseThanGuessing(run, $0) }.map { "\(run.id) (\($0))" }
      })
    warn(
      "ended with a tenth or more of the trained delays at a bound, which they cannot pass (try a larger max, or lower "
        + "training.optimizer.learning_rates.delays)",
      done.compactMap { run in
        let texts = run.delaysAtBounds.compactMap(\.text)
        return texts.isEmpty ? nil : "\(run.id) (\(texts.joined(separator: "; ")))"
      })
    guard !unpredicted.isEmpty else { return }
    let list = unpredicted.map { "\($0.run) (class \(SafeText.list($0.classes, most: 3)))" }
    printError(
      "warning: \(Format.count(unpredicted.count, "run")) never predicted some class of the test set: "
        + SafeText.list(list, most: 3, limit: 1000))
  }

  /// `14.1222 > 2.9957`: the training loss of a run's last (or selected) epoch, and the smaller one of guessing; nil if
  /// the run is not worse. With a regularizer the loss is more than the cross-entropy and shows nothing.
  private static func worseThanGuessing(_ run: StoredRun, _ specification: RunSpecification) -> String? {
    guard let loss = run.number("train_loss"), let classes = run.classes, classes > 0,
      specification.training.regularizer.isNone
    else { return nil }
    let guessing = log(Double(classes))
    // A silent network guesses; its loss may differ by rounding.
    guard loss > guessing * 1.0001 else { return nil }
    return "\(ResultsTable.text(loss, "train_loss")) > \(ResultsTable.text(guessing, "train_loss"))"
  }
}
