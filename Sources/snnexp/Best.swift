import ArgumentParser
import Display
import Experiments
import Foundation

struct Best: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print id and configuration of the best run; failed and NaN runs never win.",
    discussion: "Losses are minimised, accuracies maximised.")
  @Argument(help: "Folder of an experiment's results.") var folder: String
  @Option(help: "What to compare (default: validation_accuracy; the test set is never taken unasked).") var metric:
    String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let (results, best) = try orExit { () -> (ResultsFolder, BestRun) in
      let results = try ResultsFolder(path: folder)
      return (results, try results.best(metric: metric))
    }
    let configuration = StoredConfiguration(folder: best.run.folder)
    let statistics = best.point.statistics(of: best.metric)
    if json {
      print(
        JSONValue.object([
          ("run_id", .string(best.run.id)), ("metric", .string(best.metric)), ("value", .number(best.value)),
          ("chosen_on_test", .boolean(best.isChosenOnTest)), ("seed", JSONValue(best.run.seed.map { Int($0) })),
          ("swept", .object(best.run.swept.map { ($0.key, JSONValue(field: $0.value)) })),
          ("runs", .integer(results.runs.count)), ("compared", .integer(best.compared)), ("tied", .integer(best.tied)),
          ("point_mean", JSONValue(statistics?.mean)), ("point_std", JSONValue(statistics?.deviation)),
          ("point_n", JSONValue(statistics?.n)), ("folder", .string(best.run.folder)),
          ("config", configuration?.json ?? .null),
        ]).text)
      return
    }
    print("best \(best.isChosenOnTest ? "on test, by" : "by") \(best.metric): \(best.run.id)")
    print("\(best.metric): \(best.value)")
    let left = results.runs.count - best.compared
    print(
      "compared: \(best.compared) of \(Format.count(results.runs.count, "run"))"
        + (left == 0 ? "" : " (the others are not done, failed or without the metric)")
        + (best.tied == 0 ? "" : "; \(Format.count(best.tied, "other")) equal, the first is shown"))
    if let statistics, statistics.n > 1 {
      print("over the \(statistics.n) runs of its sweep point: \(ResultsTable.text(statistics, best.metric))")
    }
    if best.isChosenOnTest {
      printError("note: chosen on the test set, so the value is better than on new data; use data.validation to choose")
    }
    print("folder: \(best.run.folder)")
    if let configuration {
      print("\n" + configuration.text, terminator: "")
    } else {
      printError("note: there is no config.yaml in the run's folder")
    }
  }
}
