import Display
import Experiments
import Foundation

/// Prints the lines of a table; stderr tells what was too wide.
func print(table: (lines: [String], omitted: [String]), more: String) {
  print(table.lines.joined(separator: "\n"))
  if !table.omitted.isEmpty {
    printError("too narrow for \(table.omitted.joined(separator: ", ")); \(more)")
  }
}

/// What a reader of results must know beside the numbers.
///
/// - Parameter whole: the command that shows all runs of the experiment's file.
func printNotes(
  _ results: ResultsFolder, pooled: [String] = [], whole: String = "snnexp run with the file and the settings of then"
) {
  if !pooled.isEmpty { printError("note: each row pools all values of \(pooled.joined(separator: ", "))") }
  let selected = Set(results.runs.compactMap { $0.results["selected_on"] }.filter { $0.hasPrefix("test_") })
  for metric in selected.sorted() {
    printError("note: best on test: the epoch of these results was chosen by \(metric), which flatters them")
  }
  let broken = results.runs.filter { $0.state == .done && $0.isNonFinite }.count
  let failed = results.count(.failed)
  if failed + broken > 0 {
    let nan = broken == 0 ? "" : " (\(broken) with results that are no numbers)"
    printError(
      "note: \(Format.count(failed + broken, "run")) failed\(nan), in no mean; see: snnexp status \(results.path)")
  }
  let damaged = results.count(.damaged)
  if damaged > 0 {
    printError(
      "note: files of \(Format.count(damaged, "finished run")) are damaged, in no mean; see: snnexp status "
        + "\(results.path); snnexp run makes them again")
  }
  let unverified = results.runs.count { $0.state == .done && !$0.isVerified }
  if unverified > 0 {
    printError(
      "note: \(Format.count(unverified, "run")) of an earlier version, whose files can't be checked for damage")
  }
  if !results.unplanned.isEmpty {
    printError(
      "note: \(Format.count(results.unplanned.count, "run folder")) in \(results.path)/runs are outside of the last plan "
        + "and not shown; \(whole) shows those of the file, and trains none of them again")
  }
}

/// Says of how many runs there is more to come.
func printUnfinished(_ results: ResultsFolder) {
  let states = [StoredRun.State.running, .interrupted, .pending].map { (state: $0, count: results.count($0)) }
  guard states.contains(where: { $0.count > 0 }) else { return }
  let counts = states.filter { $0.count > 0 }.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", ")
  printError(
    "note: of \(Format.count(results.runs.count, "run")): \(counts); learning curves show them as far as they have come, "
      + "other figures when they are done")
}
