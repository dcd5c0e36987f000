import CSV
import Foundation
import Plotting
import TestSupport

/// A results folder in a temporary folder whose path has a blank, an apostrophe and a letter outside ASCII.
final class Fixture {
  private let folder: Folder
  let path: String
  let runID = "tau_mem-5ms-seed-0-00ff00ff"

  init() throws {
    folder = try Folder("plots of Jürgen's")
    path = folder.path + "/an experiment"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func write(_ name: String, _ text: String) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  /// Two seeds of each value of tau_mem; losses from 8 down to 8 / epochs.
  func writeHistory(epochs: Int, values: [String] = ["5 ms"], validation: Bool = false) throws {
    let swept = values.count > 1 ? ",network.tau_mem" : ""
    var history =
      "run_id,seed\(swept),epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,test_loss,"
      + "test_accuracy,learning_rate,hidden_rate_hz,silent_fraction,synaptic_operations,epoch_seconds\n"
    for value in values {
      for seed in 0..<2 {
        for epoch in stride(from: 1, through: epochs, by: 1) {
          let id = "tau_mem-\(value.filter { $0 != " " })-seed-\(seed)-00ff00ff"
          let point = values.count > 1 ? ",\(value)" : ""
          let loss = 8.0 / Double(epoch) + 0.1 * Double(seed), accuracy = 1 - 0.9 / Double(epoch)
          let held = validation ? "\(loss),\(accuracy)" : ","
          history += "\(id),\(seed)\(point),\(epoch),\(loss),\(accuracy),\(held),\(loss),\(accuracy),2e-4,50,0.1,,1.5\n"
        }
      }
    }
    try write("history.csv", history)
  }

  /// A run with everything recorded: three samples, three classes, ten bins of 10.5 ms.
  func writeRun() throws {
    let run = "runs/\(runID)/"
    try write("plan.csv", "run_id,seed\n\(runID),0\n")
    try write(
      run + "predictions.csv",
      #"""
      sample,speaker,label,predicted,label_name,predicted_name
      0,4,0,0,fünf,fünf
      1,4,0,2,fünf,"six, or so"
      2,5,1,1,"say ""one""","say ""one"""
      3,5,2,2,"six, or so","six, or so"

      """#)
    try writeRecordings()
  }

  /// A sweep over the grid of `axes`: `plan.csv`, `history.csv`, `summary.csv` and `aggregate.csv`, two seeds a point.
  /// The accuracy of a point's seed is 0.5 plus the point's number / 100 plus the seed / 10; `state` says what became
  /// of a run.
  func writeSweep(
    _ axes: [(key: String, values: [String])], epochs: Int = 3, validation: Bool = false, selectedOn: String = "last",
    exclude: ([String]) -> Bool = { _ in false }, state: ([String], Int) -> String = { _, _ in "done" }
  ) throws {
    let points = axes.reduce(into: [[]]) { points, axis in
      points = points.flatMap { point in axis.values.map { point + [$0] } }
    }
    .filter { !exclude($0) }
    let keys = axes.map(\.key)
    let metrics = ["train_loss", "train_accuracy", "validation_accuracy", "test_loss", "test_accuracy"]
    var plan = CSVTable(header: ["run_id", "seed"] + keys).rows
    var history = plan, summary = plan, aggregate = plan
    for (number, point) in points.enumerated() {
      var done: [Double] = []
      var failed = 0
      for seed in 0..<2 {
        let run = ["run-\(number)-\(seed)", "\(seed)"] + point, state = state(point, seed)
        plan.append(run)
        guard state != "pending" else { continue }
        let accuracy = 0.5 + Double(number) / 100 + Double(seed) / 10
        for epoch in stride(from: 1, through: epochs, by: 1) {
          let diverged = state == "failed" && epoch > 1
          let loss = diverged ? "nan" : "\(4 / Double(epoch))"
          let share = diverged ? "" : "\(accuracy - 0.3 / Double(epoch))"
          history.append(run + ["\(epoch)", loss, share, validation ? share : "", loss, share, "50", "0.1"])
        }
        if state == "failed" { failed += 1 }
        if state == "done" { done.append(accuracy) }
        summary.append(
          run + [state]
            + (state == "done"
              ? ["1", "\(accuracy)", validation ? "\(accuracy)" : "", "1", "\(accuracy)"] : ["", "", "", "", ""])
            + [selectedOn])
      }
      let mean = done.isEmpty ? "" : "\(done.reduce(0, +) / Double(done.count))"
      let deviation = done.count > 1 ? "\(abs(done[1] - done[0]) / 2.0.squareRoot())" : ""
      let accuracy = [mean, deviation], loss = done.isEmpty ? ["", ""] : ["1", done.count > 1 ? "0" : ""]
      aggregate.append(
        point + ["\(done.count)", "\(failed)"] + loss + accuracy + (validation ? accuracy : ["", ""]) + loss + accuracy)
    }
    func write(_ name: String, _ header: [String], _ rows: [[String]]) throws {
      try self.write(name, CSVTable(header: header, rows: rows).text)
    }
    try write("plan.csv", ["run_id", "seed"] + keys, plan)
    try write(
      "history.csv", ["run_id", "seed"] + keys + ["epoch"] + metrics + ["hidden_rate_hz", "silent_fraction"], history)
    try write("summary.csv", ["run_id", "seed"] + keys + ["state"] + metrics + ["selected_on"], summary)
    try write(
      "aggregate.csv", keys + ["n", "n_failed"] + metrics.flatMap { ["\($0)_mean", "\($0)_std"] }, aggregate)
  }
}

/// Draws a script with gnuplot as a reader would, from another folder; returns all that gnuplot had to say.
func gnuplot(_ script: String, terminal: PlotTerminal = .png) throws -> String {
  let process = Process(), output = Pipe()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["gnuplot", "-e", "term=\"\(terminal.rawValue)\"", script]
  process.currentDirectoryURL = URL(fileURLWithPath: "/")
  // In the C locale gnuplot is quickest to complain.
  process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
  process.standardOutput = output
  process.standardError = output
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let message = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return process.terminationStatus == 0 ? message : "status \(process.terminationStatus): \(message)"
}
