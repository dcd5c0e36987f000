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
    abstract: "Write gnuplot scripts and pictures of a results folder; never trains.")
  @Argument(help: "Folder of an experiment's results.", transform: userPath) var folder: String
  @Option(help: "svg, png or pdf.") var terminal: PlotTerminal = .svg
  @Option(help: "Only this figure.") var only: PlotKind?
  @Option(
    help:
      "What the figures of a sweep show: a column of summary.csv such as test_loss (default: validation_accuracy, or test_accuracy where there is no validation set)."
  ) var metric: String?
  @Option(name: .customLong("run"), help: "The run whose rasters and traces are drawn (default: the first).") var runID:
    String?

  func run() throws {
    guard FileManager.default.fileExists(atPath: folder) else {
      printError("snnexp: error: \(folder): no such folder")
      throw ExitCode(2)
    }
    Interruption.watch("\nstopping (again: at once)\n")
    let results = try orExit {
      do {
        return try Plots(resultsFolder: folder).write(
          kinds: only.map { [$0] }, terminal: terminal, runID: runID, metric: metric,
          shouldStop: { Interruption.isWanted })
      } catch is CancellationError { throw ExitCode(128 + Interruption.signal) }
    }
    for result in results {
      if let note = result.note { printError("\(result.kind.rawValue): \(note)") }
      if case .drawn(let picture) = result.outcome { print(SafeText.line(picture)) }
    }
    // What the figures can't tell by themselves: tables that were cut at the end of a line look whole.
    if let stored = try? ResultsFolder(path: folder) {
      printUnfinished(stored)
      printNotes(stored)
    }
  }
}
