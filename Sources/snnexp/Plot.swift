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
    abstract: "Write gnuplot scripts and pictures of results; never trains.",
    discussion:
      "Of an experiment's folder into its plots; of a run's folder into plots there, of that run alone. A script that you "
      + "edited is kept and not run (see --force).")
  @Argument(help: "Folder of an experiment's results, or of a run.", transform: userPath) var folder: String
  @Option(help: "svg, png or pdf.") var terminal: PlotTerminal = .svg
  @Option(help: "Only this figure.") var only: PlotKind?
  @Option(
    help:
      "What the figures of a sweep show: a column of summary.csv such as test_loss (default: validation_accuracy, or test_accuracy where there is no validation set)."
  ) var metric: String?
  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The run whose rasters and traces are drawn: its id, or a beginning that no other run has (default: the first recorded run of the best sweep point).",
      valueName: "id"))
  var runID: String?
  @Flag(help: "Overwrite scripts that you edited.") var force = false

  func run() throws {
    guard FileManager.default.fileExists(atPath: folder) else {
      printError("snnexp: error: \(folder): no such folder")
      throw ExitCode(2)
    }
    Interruption.watch("\nstopping (again: at once)\n")
    let isRun = StoredRun.isFolder(folder)
    let stored = isRun ? nil : try? ResultsFolder(path: folder)
    let shown = try orExit { try shownRun(isRun: isRun, stored: stored) }
    let plots = isRun ? Plots(runFolder: folder) : Plots(resultsFolder: folder)
    let results = try orExit {
      do {
        return try plots.write(
          kinds: only.map { [$0] }, terminal: terminal, runID: shown?.id, choice: shown?.reason, metric: metric,
          force: force, shouldStop: { Interruption.isWanted })
      } catch is CancellationError { throw ExitCode(128 + Interruption.signal) }
    }
    for result in results {
      if let note = result.note { printError("\(result.kind.rawValue): \(note)") }
      if case .drawn(let picture) = result.outcome { print(SafeText.line(picture)) }
    }
    if let shown, results.contains(where: { $0.kind.showsOneRun && $0.script != nil }) { printChoice(shown) }
    // What the figures can't tell by themselves: tables that were cut at the end of a line look whole.
    if let stored {
      printUnfinished(stored)
      printNotes(stored)
    }
  }

  /// - Throws: `InputError` if the run that the user names can't be one.
  private func shownRun(isRun: Bool, stored: ResultsFolder?) throws -> ShownRun? {
    guard let runID else { return stored?.shownRun() }
    if isRun { throw InputError("\(folder) is the folder of a run: --run chooses among those of an experiment") }
    return ShownRun(id: try (stored ?? ResultsFolder(path: folder)).runID(named: runID))
  }
}

/// Says which run the figures of one run show, if that was a choice.
func printChoice(_ shown: ShownRun) {
  if let reason = shown.reason { printError("rasters and traces: \(shown.id), \(reason) (--run shows another)") }
}
