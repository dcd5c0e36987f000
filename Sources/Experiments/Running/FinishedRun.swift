import CSV
import Files
import Networks
import Training

/// A finished run as a start for a longer one, according to its `run.json`.
struct FinishedRun: Sendable {
  var id: String
  var folder: String
  var hash: String
  /// Its `training.epochs`.
  var epochs: Int
  /// The last one trained: fewer than `epochs` if it stopped early.
  var epochsDone: Int
  var wallSeconds: Double
  var history: ResultFile?
  /// nil if its state was not kept.
  var state: ResultFile?

  /// nil if the folder has no finished run that was trained for at least one epoch.
  init?(id: String, folder: String) {
    struct Report: Decodable {
      var state: String
      var hash: String
      var epochs: Int?
      var epochsDone: Int
      var wallSeconds: Double
      var files: [String: ResultFile]?
    }
    guard let report: Report = RunReport.decode(folder: folder), report.state == RunState.done.rawValue,
      // Earlier versions have it in the configuration alone.
      let epochs = report.epochs
        ?? StoredConfiguration(folder: folder)?.text(of: "training.epochs").flatMap({ Int($0) }),
      (1...max(1, epochs)).contains(report.epochsDone)
    else { return nil }
    (self.id, self.folder, hash, self.epochs, epochsDone) = (id, folder, report.hash, epochs, report.epochsDone)
    wallSeconds = report.wallSeconds.isFinite ? max(0, report.wallSeconds) : 0
    (history, state) = (report.files?["history.csv"], report.files?[TrainingState.name])
  }

  /// What is wrong with the files that are needed, judging by their sizes.
  var quickDamage: String? {
    for (name, file) in [(TrainingState.name, state), ("history.csv", history)] {
      if let problem = file?.sizeDamage(path: folder + "/" + name) { return "\(name): \(problem)" }
    }
    return nil
  }

  /// Its state and history, as a longer run has them after the same epoch.
  ///
  /// - Parameters:
  ///   - training: of the longer run.
  ///   - batches: batches per epoch.
  /// - Throws: `UnusableState`, `FileReadError`, `HDF5Error`, `InputError`.
  func read(
    network: NetworkSpecification, training: TrainingSpecification, batches: Int
  ) throws -> (state: TrainingState, rows: [HistoryRow]) {
    /// The file that the run ended with, or an error.
    func open(_ name: String, _ record: ResultFile?) throws -> RegularFile {
      guard let record else { throw UnusableState(description: "it has no \(name)") }
      let file = try RegularFile(folder + "/" + name)
      guard file.size == record.size, try file.hash().description == record.sha256 else {
        throw UnusableState(description: "\(name) has changed since the run ended")
      }
      return file
    }
    let file = try open("history.csv", history)
    let table = try CSVTable(bytes: file.contents(limit: CSVTable.mostBytes), path: file.path)
    var rows = try HistoryRow.read(table, path: file.path)
    guard rows.count == epochsDone, rows.enumerated().allSatisfy({ $1.epoch == $0 + 1 }) else {
      throw UnusableState(description: "history.csv does not have one row for each epoch")
    }
    for index in rows.indices where !training.evaluates(afterEpoch: rows[index].epoch) {
      rows[index].removeEvaluation()
    }
    let state = try TrainingState(
      reading: try open(TrainingState.name, state), identity: hash, network: network, training: training, rows: rows,
      batches: batches)
    return (state, rows)
  }
}
