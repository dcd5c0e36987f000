import ArgumentParser
import CSV
import Display
import Experiments
import Foundation
import JSON

struct Table: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print results as a table: one row per run, or mean +- std (n) over groups of runs.",
    discussion: examples(
      "snnexp table results/quickstart", "snnexp table results/sweep_tau_hidden --group-by tau_mem",
      "snnexp table results/sweep_tau_hidden --sort -test_accuracy --top 5",
      after:
        "Give a swept key in full or by its last part: network.tau_mem or tau_mem. std is the sample standard deviation "
        + "(n - 1)."))
  @Argument(
    help: "Results folder of an experiment.", completion: Completion.folder, transform: userPath) var folder: String
  @Option(
    help: "Average over all runs with the same value; repeat the option for several keys.", completion: Completion.key)
  var groupBy: [String] = []
  @Option(parsing: .unconditional, help: "Sort by a column; a leading '-' sorts in descending order.") var sort: String?
  @Option(help: "Print only this many rows.") var top: Int?
  @Flag(help: "Print CSV: every column, in full precision.") var csv = false
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if csv && json { throw ValidationError("--csv and --json cannot be combined") }
    try requireRange("--top", top.map { [$0] } ?? [], 1...Int.max)
  }

  func run() throws {
    let (results, table) = try orExit { () -> (ResultsFolder, ResultsTable) in
      let results = try ResultsFolder(path: folder)
      var table = try groupBy.isEmpty ? ResultsTable(results) : ResultsTable(results, groupedBy: groupBy)
      if let sort { try table.sort(by: sort) }
      if let top { table.keepFirst(top) }
      return (results, table)
    }
    if csv {
      let fields = table.csv
      print(CSVTable(header: fields[0], rows: Array(fields.dropFirst())).text, terminator: "")
    } else if json {
      print(table.json.text)
    } else {
      print(table: table.text(width: Terminal.results.width), more: "--csv prints all columns")
    }
    if table.hasDeviations, !csv, !json { printError(ResultsTable.deviationNote) }
    printNotes(results, pooled: table.pooledKeys)
  }
}
