import ArgumentParser
import Display
import Experiments
import Foundation
import JSON
import Plotting
import SafeText

struct Collect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the tables and figures of results from their run folders; never trains.",
    discussion: examples(
      "snnexp collect results/quickstart", "snnexp collect results/quickstart --no-plots",
      after: "For runs trained without tables (run --no-tables), as by the tasks of submit. Needs neither the "
        + "experiment file nor its data. Exit codes: 0 ok, 1 some runs failed, 2 not a results folder."))
  @Argument(
    help: "Results folder of an experiment.", completion: Completion.folder, transform: userPath) var folder: String
  @Flag(help: "Do not draw figures.") var noPlots = false
  @Flag(name: [.customShort("q"), .long], help: "Print errors only.") var quiet = false
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let results = try orExit { () -> ResultsFolder in
      let results = try ResultsFolder(path: folder)
      guard !results.runs.isEmpty || FileManager.default.fileExists(atPath: results.path + "/plan.csv") else {
        throw InputError("\(results.path) has no runs")
      }
      try results.writeTables()
      return results
    }
    Interruption.watch("\nstopping")
    if !FileManager.default.fileExists(atPath: results.path + "/plan.csv"), !quiet {
      printError(
        "warning: no plan.csv in \(results.path), so runs that have not begun are unknown, and runs are in the order of "
          + "their folders' names; snnexp submit and snnexp plan --commands write the plan")
    }
    let done = results.count(.done)
    if json {
      let counts = RunState.allCases.map { (key: $0.rawValue, value: JSONValue.integer(results.count($0))) }
      print(
        JSONValue.object([
          ("folder", .string(results.path)), ("runs", .integer(results.runs.count)), ("counts", .object(counts)),
          (
            "failed",
            .list(
              results.runs.filter { $0.state == .failed }.map {
                .object([("run_id", .string($0.id)), ("error", JSONValue($0.error))])
              })
          ),
        ]).text)
    } else if !quiet {
      print("\(results.path): \(done) of \(Format.count(results.runs.count, "run")) done")
    }
    if !quiet { printMissing(results) }
    for run in results.runs where run.state == .failed {
      printError("failed: \(run.id): \(firstLine(run.error ?? "no error was recorded"))")
    }
    if !noPlots && done > 0 {
      do {
        let shown = results.shownRun()
        let figures = try Plots(resultsFolder: results.path).write(
          runID: shown?.id, choice: shown?.reason, shouldStop: { Interruption.isWanted })
        if !quiet {
          if let shown, figures.contains(where: { $0.kind.showsOneRun && $0.script != nil }) { printChoice(shown) }
          for figure in figures { if let note = figure.note { printError("\(figure.kind.rawValue): \(note)") } }
          if !json { print("figures: \(results.path)/plots") }
        }
      } catch is CancellationError {
        throw ExitCode(128 + Interruption.signal)
      } catch {
        printError("snnexp: error: figures: \(words(error))")
        throw ExitCode(1)
      }
    }
    if results.count(.failed) > 0 { throw ExitCode(1) }
  }

  private func printMissing(_ results: ResultsFolder) {
    for state in RunState.allCases where state != .done && state != .failed {
      let runs = results.runs.filter { $0.state == state }.map(\.id)
      if !runs.isEmpty { printError("\(runs.count) \(state.rawValue): \(SafeText.list(runs, most: 5))") }
    }
  }
}
