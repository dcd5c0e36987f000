import Display
import Experiments
import Foundation

/// Prints the lines of a table; columns that did not fit are reported on stderr.
func print(table: (lines: [String], omitted: [String]), more: String) {
  print(table.lines.joined(separator: "\n"))
  if !table.omitted.isEmpty {
    printError("terminal too narrow for \(table.omitted.joined(separator: ", ")); \(more)")
  }
}

/// Notes a reader of the results must know.
///
/// - Parameter whole: the command that shows all runs of the experiment's file.
func printNotes(
  _ results: ResultsFolder, pooled: [String] = [], whole: String = "snnexp run with the original file and settings"
) {
  if !pooled.isEmpty { printError("note: each row averages over all values of \(pooled.joined(separator: ", "))") }
  let selected = Set(results.runs.compactMap { $0.results["selected_on"] }.filter { $0.hasPrefix("test_") })
  for metric in selected.sorted() {
    printError("note: best on test: these results are from the epoch chosen by \(metric), so they are optimistic")
  }
  let broken = results.runs.filter { $0.state == .done && $0.isNonFinite }.count
  let failed = results.count(.failed)
  if failed + broken > 0 {
    let nan = broken == 0 ? "" : " (\(broken) with non-finite results)"
    printError(
      "note: \(Format.count(failed + broken, "run")) failed\(nan), excluded from means; see: snnexp status \(results.path)"
    )
  }
  let damaged = results.count(.damaged)
  if damaged > 0 {
    printError(
      "note: \(Format.count(damaged, "finished run")) with damaged files, excluded from means; see: snnexp status "
        + "\(results.path); snnexp run rebuilds them")
  }
  let unverified = results.runs.count { $0.state == .done && !$0.isVerified }
  if unverified > 0 {
    printError(
      "note: \(Format.count(unverified, "run")) from an earlier version, whose files can't be checked for damage")
  }
  let indistinct = results.indistinct
  if indistinct > 0 {
    printError(
      "note: without a usable plan.csv all run folders are shown, and \(indistinct) runs share seed and swept values but "
        + "differ in other settings, such as training.epochs, so means mix them; \(whole) writes the plan")
  }
  if !results.unplanned.isEmpty {
    printError(
      "note: \(Format.count(results.unplanned.count, "run folder")) in \(results.path)/runs not in the last plan, so not "
        + "shown; \(whole) shows those of the file; rerun with the key=value settings of the others to show them; "
        + "finished runs are not retrained")
  }
}

/// Reports how many runs are unfinished.
func printUnfinished(_ results: ResultsFolder) {
  let states = [RunState.running, .interrupted, .pending].map { (state: $0, count: results.count($0)) }
  guard states.contains(where: { $0.count > 0 }) else { return }
  let counts = states.filter { $0.count > 0 }.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", ")
  printError(
    "note: of \(Format.count(results.runs.count, "run")): \(counts); learning curves show their progress so far, "
      + "other figures only finished runs")
}
