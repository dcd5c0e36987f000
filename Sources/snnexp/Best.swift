import ArgumentParser
import Display
import Experiments
import JSON

struct Best: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the sweep point with the best mean over seeds, and its configuration.",
    discussion: examples(
      "snnexp best results/sweep_tau_hidden",
      "snnexp best results/sweep_tau_hidden --metric validation_loss --single-run",
      after:
        "Losses are minimised, accuracies maximised. Failed runs and runs with NaN results are excluded from means "
        + "and never win."))
  @Argument(
    help: "Results folder of an experiment.", completion: Completion.folder, transform: userPath) var folder: String
  @Option(
    help: "What to compare (default: validation_accuracy; the test set is used only when you ask for it).",
    completion: Completion.metric)
  var metric: String?
  @Flag(help: "Print the best single run: the one with the luckiest seed.") var singleRun = false
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let results = try orExit { try ResultsFolder(path: folder) }
    if singleRun {
      let best = try orExit { try results.bestRun(metric: metric) }
      json ? print(Self.json(best, results).text) : Self.show(best, results)
    } else {
      let best = try orExit { try results.bestPoint(metric: metric) }
      json ? print(Self.json(best, results).text) : Self.show(best)
    }
  }

  // MARK: A sweep point

  private static func json(_ best: BestPoint, _ results: ResultsFolder) -> JSONValue {
    .object([
      ("metric", .string(best.metric)), ("value", .number(best.statistics.mean)),
      ("std", JSONValue(best.statistics.deviation)), ("n", .integer(best.statistics.n)),
      ("n_failed", .integer(best.point.failed)),
      ("swept", .object(best.swept.map { ($0.key, JSONValue(field: $0.value)) })),
      ("seeds", .list(best.seeds.map { .unsigned($0) })),
      ("runs", .list(best.point.runs.map { .string($0.id) })), ("compared", .integer(best.compared)),
      ("tied", .integer(best.tied)), ("chosen_on_test", .boolean(best.isChosenOnTest)),
      ("folder", .string(results.path)), ("config", configuration(best)?.json(seeds: best.seeds) ?? .null),
    ])
  }

  private static func show(_ best: BestPoint) {
    let values = best.swept.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    print(
      "best \(best.isChosenOnTest ? "on test, by" : "by") mean \(best.metric): "
        + (values.isEmpty ? "the only sweep point" : values))
    let (n, all) = (best.statistics.n, best.point.runs.count)
    print(
      "\(best.metric): \(ResultsTable.text(best.statistics, best.metric)) (\(n == all ? "\(n)" : "\(n) of \(all)"))")
    print(
      "compared: \(best.compared) of \(Format.count(best.points, "sweep point"))"
        + (best.compared == best.points ? "" : " (the others have no finished run, or none with this metric)")
        + (best.tied == 0 ? "" : "; \(Format.count(best.tied, "other")) tied, the first is shown"))
    for run in best.point.runs {
      print(
        "run: \(run.id): " + (run.counts ? ResultsTable.text(run.number(best.metric), best.metric) : run.shownState))
    }
    if n < all {
      printError(
        "note: the mean covers only \(n) of this point's \(Format.count(all, "run")) (\(best.point.failed) failed); "
          + "the others may be worse")
    }
    if best.isChosenOnTest { printError(testNote) }
    guard let configuration = configuration(best) else { return printError("note: none of its runs has a config.yaml") }
    guard let text = configuration.text(seeds: best.seeds) else {
      printError("note: this is the configuration of one run; set its seeds to those of the sweep point")
      return printYAML(configuration.text)
    }
    printYAML(text)
  }

  /// From the first of its runs that has one.
  private static func configuration(_ best: BestPoint) -> StoredConfiguration? {
    best.countedRuns.lazy.compactMap { StoredConfiguration(folder: $0.folder) }.first
  }

  // MARK: A run

  private static func json(_ best: BestRun, _ results: ResultsFolder) -> JSONValue {
    let statistics = best.point.statistics(of: best.metric)
    return .object([
      ("run_id", .string(best.run.id)), ("metric", .string(best.metric)), ("value", .number(best.value)),
      ("chosen_on_test", .boolean(best.isChosenOnTest)), ("seed", JSONValue(best.run.seed)),
      ("swept", .object(best.run.swept.map { ($0.key, JSONValue(field: $0.value)) })),
      ("runs", .integer(results.runs.count)), ("compared", .integer(best.compared)), ("tied", .integer(best.tied)),
      ("point_mean", JSONValue(statistics?.mean)), ("point_std", JSONValue(statistics?.deviation)),
      ("point_n", JSONValue(statistics?.n)), ("folder", .string(best.run.folder)),
      ("config", StoredConfiguration(folder: best.run.folder)?.json ?? .null),
    ])
  }

  private static func show(_ best: BestRun, _ results: ResultsFolder) {
    let statistics = best.point.statistics(of: best.metric)
    let isLucky = (statistics?.n ?? 1) > 1
    print(
      "best single run\(isLucky ? " (its luckiest seed)" : "") \(best.isChosenOnTest ? "on test, by" : "by") "
        + "\(best.metric): \(best.run.id)")
    print("\(best.metric): \(best.value)")
    let left = results.runs.count - best.compared
    print(
      "compared: \(best.compared) of \(Format.count(results.runs.count, "run"))"
        + (left == 0 ? "" : " (the others are unfinished, failed, or lack this metric)")
        + (best.tied == 0 ? "" : "; \(Format.count(best.tied, "other")) tied, the first is shown"))
    if let statistics, isLucky {
      print(
        "over \(statistics.n == 1 ? "the only run" : "the \(statistics.n) runs") of its sweep point: \(ResultsTable.text(statistics, best.metric))"
      )
      printError(
        "note: this is the luckiest of \(statistics.n) seeds, so expect other seeds to do worse; without --single-run, "
          + "sweep points are compared by their means")
    }
    if best.isChosenOnTest { printError(testNote) }
    print("folder: \(best.run.folder)")
    guard let configuration = StoredConfiguration(folder: best.run.folder) else {
      return printError("note: the run's folder has no config.yaml")
    }
    printYAML(configuration.text)
  }

  private static let testNote =
    "note: chosen on the test set, so expect worse results on new data; use data.validation to choose"

  private static func printYAML(_ text: String) { print("\n" + text, terminator: "") }
}
