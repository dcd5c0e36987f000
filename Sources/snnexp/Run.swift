import ArgumentParser
import Engine
import Experiments
import Foundation
import Plotting
import SafeText

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Expand an experiment into runs, train each, write results and figures.",
    discussion: examples(
      "snnexp run experiments/quickstart.yaml",
      "snnexp run experiments/quickstart.yaml network.tau_mem=5ms,10ms seeds=0..4",
      "snnexp run experiments/sweep_tau_hidden.yaml --only tau_mem=5ms --dry-run",
      after: "Finished runs are skipped, interrupted ones resume. Several processes on one results folder share the "
        + "runs. Exit codes: 0 ok, 1 some runs failed, 2 bad experiment file or data."))

  @OptionGroup var experiment: ExperimentArguments
  @Flag(name: [.customShort("n"), .long], help: "Print what would run, then stop.") var dryRun = false
  @OptionGroup var parallel: ParallelArguments
  @Option(
    name: [.customShort("o"), .long], help: "Folder for results (default: results).",
    completion: Completion.folder, transform: userPath)
  var results = "results"
  @OptionGroup var chosen: ChoiceArguments
  @Flag(help: "Train all runs from scratch, including finished ones.") var force = false
  @Flag(help: "Retrain failed runs.") var retryFailed = false
  @Flag(help: "Stop at the first failure.") var failFast = false
  @Flag(help: "Redraw the figures of loss and accuracy every few seconds.") var live = false
  @Flag(help: "Do not draw figures at the end.") var noPlots = false
  @Flag(help: "Write run folders only, for one of many processes: no tables; snnexp collect writes them.")
  var noTables = false
  @Flag(name: [.customShort("q"), .long], help: "Print errors only.") var quiet = false
  @Flag(help: "Print events as JSON, one object per line, instead of tables.") var json = false
  @Flag(help: "Do not use colours.") var noColor = false
  @Flag(help: "Do not show progress.") var noProgress = false

  func validate() throws {
    if let problem = Kernels.environmentProblem { throw ValidationError(problem) }
    if noTables && live { throw ValidationError("--live draws figures of tables, which --no-tables does not write") }
  }

  func run() throws {
    let loaded = try experiment.load()
    let cache = try eventCache(besideResults: results)
    var options = RunOptions(command: CommandLine.arguments)
    options.jobs = parallel.jobs
    options.threads = parallel.threads
    options.force = force
    options.retryFailed = retryFailed
    options.failFast = failFast
    options.choice = chosen.choice
    options.writesTables = !noTables
    let display = RunDisplay(
      experiment: loaded, quiet: quiet, progress: !noProgress, color: !noColor, json: json,
      isStopping: { Interruption.isWanted })
    Interruption.watch("\nstopping; training stops after the current batch")
    let plots = Plots(resultsFolder: results + "/" + loaded.name)
    let live = live && !dryRun ? LiveFigures(plots) : nil
    let (runner, outcome) = try orExit { () -> (ExperimentRunner, ExperimentRunner.Outcome?) in
      let runner = try ExperimentRunner(
        experiment: loaded, resultsFolder: results, options: options, cache: cache,
        shouldStop: { Interruption.isWanted }
      ) { event in
        if case .planReplaced = event { removeFigures(plots) }
        if case .queued = event { live?.start() }
        if let note = live?.takeNote() { display.note(note) }
        display.show(event)
      }
      display.announce(runner, dryRun: dryRun)
      if live != nil {
        display.note(
          plots.canDraw
            ? LiveFigures.announcement(folder: runner.plan.folder + "/plots")
            : "live: gnuplot is not on PATH, so only scripts are written")
      }
      defer { live?.stop() }
      return dryRun ? (runner, nil) : (runner, try runner.run())
    }
    guard let outcome else { return }
    display.summary(outcome, tables: !noTables)
    if !noPlots && !noTables && !outcome.interrupted && outcome.done + outcome.skipped + outcome.doneElsewhere > 0 {
      do {
        let shown = (try? ResultsFolder(path: runner.plan.folder))?.shownRun()
        let figures = try plots.write(
          runID: shown?.id, choice: shown?.reason, shouldStop: { Interruption.isWanted })
        display.figures(figures, of: shown, folder: runner.plan.folder + "/plots")
      } catch is CancellationError {
        if !quiet {
          printError(
            "interrupted before all figures were drawn; draw them with: snnexp plot "
              + ShellText.word(runner.plan.folder))
        }
        throw ExitCode(128 + Interruption.signal)
      } catch {
        printError("snnexp: error: figures: \(words(error))")
        throw ExitCode(1)
      }
    }
    if outcome.interrupted { throw ExitCode(128 + Interruption.signal) }
    if outcome.failed + outcome.failedBefore > 0 { throw ExitCode(1) }
  }
}
