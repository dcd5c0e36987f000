import ArgumentParser
import Display
import Experiments
import Foundation
import JSON

struct Logs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the log of a run, its error and the last epochs of its history.",
    discussion: examples(
      "snnexp logs results/quickstart/runs/seed_0-*", "snnexp logs results/quickstart/runs/seed_0-* --epochs 3"))
  @Argument(help: "Folder of a run.", completion: Completion.folder, transform: userPath) var folder: String
  @Option(help: "Number of most recent epochs to show.") var epochs = 10
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    try requireRange("--epochs", [epochs], 0...Int.max)
  }

  func run() throws {
    let run = try orExit { try StoredRun(folder: folder) }
    if json { return print(object(run).text) }
    if let log = run.log() {
      print(log, terminator: log.hasSuffix("\n") || log.isEmpty ? "" : "\n")
    }
    let history = run.history()
    if let history, !history.rows.isEmpty, epochs > 0 {
      let columns = ["epoch", "train_loss", "train_accuracy", "validation_accuracy", "test_accuracy", "hidden_rate_hz"]
        .filter { column in history.column(column).contains { !$0.isEmpty } }
      let table = TextTable(
        columns: columns.map { TextTable.Column($0) },
        rows: history.rows.suffix(epochs).map { row in
          columns.map { column in
            let field = history.position(of: column).map { row[$0] } ?? ""
            return column == "epoch" ? field : ResultsTable.text(Double(field), column)
          }
        })
      let width = Terminal.results.width
      print(table.lines(width: width).lines.joined(separator: "\n"))
    }
    print(prose: Status.details(of: run).joined(separator: "\n"))
  }

  /// The members of `status`, the log, and a row with all columns for each of the last epochs.
  private func object(_ run: StoredRun) -> JSONValue {
    let history = run.history()
    let rows = (history?.rows ?? []).suffix(epochs).map { row in
      JSONValue.object(
        zip(history?.header ?? [], row).filter { HistoryRow.columns.contains($0.0) }.map { ($0, JSONValue(field: $1)) })
    }
    return .object(Status.members(run) + [("log", JSONValue(run.log())), ("history", .list(Array(rows)))])
  }
}
