import ArgumentParser
import Display
import Experiments
import Foundation
import Plotting
import SafeText

extension PlotKind: ExpressibleByArgument {}
extension PlotTerminal: ExpressibleByArgument {}

struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw figures of results with gnuplot; never trains.",
    discussion: examples(
      "snnexp plot results/quickstart", "snnexp plot results/quickstart --only loss --terminal png",
      "snnexp plot results/quickstart/runs/seed_0-*",
      after:
        "Figures go to the plots folder of the experiment or run; those of a run show that run "
        + "alone. Scripts that you edited are kept and not run (see --force)."))
  @Argument(
    help: "Results folder of an experiment, or folder of a run.", completion: Completion.folder, transform: userPath)
  var folder: String
  @Option(help: "Picture format: svg, png or pdf.") var terminal: PlotTerminal = .svg
  @Option(help: "Draw only this figure.") var only: PlotKind?
  @Option(
    help:
      "Metric shown in sweep figures: a column of summary.csv such as test_loss (default: validation_accuracy, or test_accuracy without a validation set).",
    completion: Completion.metric
  ) var metric: String?
  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Run whose rasters and traces are drawn: its id or an unambiguous prefix (default: the first recorded run of the best sweep point).",
      valueName: "id"))
  var runID: String?
  @Flag(help: "Overwrite scripts that you edited.") var force = false

  func run() throws {
    // Figures can be drawn from tables that were kept without the plan and the runs.
    let kept = ["history.csv", "summary.csv", "aggregate.csv", "plots"]
    if !StoredRun.isFolder(folder), !kept.contains(where: { FileManager.default.fileExists(atPath: folder + "/" + $0) })
    {
      try orExit { try ResultsFolder.check(folder) }
    }
    Interruption.watch("\nstopping")
    let isRun = StoredRun.isFolder(folder)
    let stored = isRun ? nil : try? ResultsFolder(path: folder)
    let shown = try orExit { try shownRun(isRun: isRun, stored: stored) }
    let selectedOn = isRun ? (try? StoredRun(folder: folder))?.results["selected_on"] : nil
    let plots = isRun ? Plots(runFolder: folder) : Plots(resultsFolder: folder)
    let results = try orExit {
      do {
        return try plots.write(
          kinds: only.map { [$0] }, terminal: terminal, runID: shown?.id, choice: shown?.reason,
          selectedOn: selectedOn, metric: metric, force: force, shouldStop: { Interruption.isWanted })
      } catch is CancellationError { throw ExitCode(128 + Interruption.signal) }
    }
    for result in results {
      if let note = result.note { printError("\(result.kind.rawValue): \(note)") }
      if case .drawn(let picture) = result.outcome { print(SafeText.line(picture)) }
    }
    if let shown, results.contains(where: { $0.kind.showsOneRun && $0.script != nil }) { printChoice(shown) }
    // Something the figures cannot detect: tables truncated at the end of a line look complete.
    if let stored {
      printUnfinished(stored)
      printNotes(stored)
    }
  }

  /// - Throws: `InputError` if the run named by the user cannot be shown.
  private func shownRun(isRun: Bool, stored: ResultsFolder?) throws -> ShownRun? {
    guard let runID else { return stored?.shownRun() }
    if isRun { throw InputError("\(folder) is a run folder; --run selects a run of an experiment") }
    return ShownRun(id: try (stored ?? ResultsFolder(path: folder)).runID(named: runID))
  }
}

/// Prints which run the single-run figures show, if there was a choice.
func printChoice(_ shown: ShownRun) {
  if let reason = shown.reason { printError("rasters and traces: \(shown.id), \(reason) (--run shows another)") }
}
