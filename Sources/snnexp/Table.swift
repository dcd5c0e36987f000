import ArgumentParser
import CSV
import Display
import Experiments
import Foundation

struct Table: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print results as a table: a row per run, or mean +- std (n) over the runs of a group.",
    discussion: "KEY is a swept key in full or its last part: network.tau_mem or tau_mem.")
  @Argument(help: "Folder of an experiment's results.", transform: userPath) var folder: String
  @Option(help: "Mean over all runs with the same value; repeat it for several keys.") var groupBy: [String] = []
  @Option(parsing: .unconditional, help: "Sort by a column; descending with a leading '-'.") var sort: String?
  @Option(help: "Only the first rows.") var top: Int?
  @Flag(help: "Print CSV, every column in full precision.") var csv = false
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if csv && json { throw ValidationError("--csv and --json are two formats; choose one") }
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
      print(table: table.text(width: Terminal.results.width), more: "--csv has all")
    }
    printNotes(results, pooled: table.pooledKeys)
  }
}
