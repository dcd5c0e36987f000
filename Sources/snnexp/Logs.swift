import ArgumentParser
import Display
import Experiments
import Foundation

struct Logs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a run's log, its error and the last epochs of its history; of a failed run too.")
  @Argument(help: "Folder of a run.", transform: userPath) var folder: String
  @Option(help: "Epochs of the history that are shown.") var epochs = 10

  func validate() throws {
    try requireRange("--epochs", [epochs], 0...Int.max)
  }

  func run() throws {
    let run = try orExit { try StoredRun(folder: folder) }
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
    print(Status.details(of: run).joined(separator: "\n"))
  }
}
