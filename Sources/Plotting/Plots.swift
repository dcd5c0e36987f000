import Foundation

/// The figures of a results folder (`results/<experiment>`): gnuplot scripts in `plots/`, pictures beside them.
///
/// Loss and accuracy draw from `history.csv`. A figure of one run draws from `plots/data`, which is rewritten from the
/// run's folder whenever that exists, so that `plots/` and the experiment's CSV files can be kept without the runs.
public struct Plots: Sendable {
  private let results: String
  private let searchPath: String?

  /// Figures of the results in a folder.
  public init(resultsFolder: String) {
    self.init(resultsFolder: resultsFolder, searchPath: ProcessInfo.processInfo.environment["PATH"])
  }

  /// The same, with another PATH to look for gnuplot in.
  public init(resultsFolder: String, searchPath: String?) {
    let trimmed =
      resultsFolder.count > 1 && resultsFolder.hasSuffix("/") ? String(resultsFolder.dropLast()) : resultsFolder
    results = trimmed.isEmpty ? "." : trimmed
    self.searchPath = searchPath
  }

  /// Whether pictures can be drawn: gnuplot is on PATH.
  public var canDraw: Bool { Gnuplot(searchPath: searchPath) != nil }

  /// Writes the scripts of these figures and draws them, if gnuplot is there.
  ///
  /// Data that does not exist skips a figure with a note; an error is thrown only when a file cannot be read or written.
  ///
  /// - Parameter runID: the run for the figures of one run; nil for the one with the best validation accuracy, or the
  ///   first one that has data if there is no validation (never the best on the test set: that would flatter).
  public func write(
    kinds: [PlotKind] = PlotKind.allCases, terminal: PlotTerminal = .svg, runID: String? = nil
  ) throws -> [PlotResult] {
    let run = chosenRun(runID)
    let gnuplot = Gnuplot(searchPath: searchPath)
    return try kinds.map { kind in
      do {
        let script = try writeScript(kind, run: run, wanted: runID)
        guard let gnuplot else {
          return PlotResult(
            kind: kind, script: script,
            outcome: .scriptOnly(note: "gnuplot is not on PATH; only the script was written"))
        }
        let picture = "\(results)/plots/\(kind.rawValue).\(terminal.rawValue)"
        if let message = try gnuplot.run(script: script, terminal: terminal) {
          // gnuplot opens the picture before it reads the rest of the script: what is left of it is no picture.
          try? FileManager.default.removeItem(atPath: picture)
          return PlotResult(kind: kind, script: script, outcome: .failed(message: message))
        }
        return PlotResult(kind: kind, script: script, outcome: .drawn(picture: picture))
      } catch let unavailable as FigureUnavailable {
        return PlotResult(kind: kind, script: nil, outcome: .skipped(note: unavailable.note))
      }
    }
  }

  private func writeScript(_ kind: PlotKind, run: RunFolder?, wanted: String?) throws -> String {
    let figure = figure(kind), data = DataFolder(results: results)
    if kind.showsOneRun {
      if let run {
        try figure.prepare(run: run, data: data)
        try data.write(CSVTable(header: ["run_id"], rows: [[run.id]]), as: "run.csv")
      } else if let wanted, data.runID != wanted {
        throw FigureUnavailable(note: "there is no run \(wanted)")
      }
    }
    let text = try figure.script(data: data)
    let folder = results + "/plots"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(kind.rawValue).gp"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func figure(_ kind: PlotKind) -> any Figure {
    switch kind {
    case .loss: LearningCurve(kind: .loss)
    case .accuracy: LearningCurve(kind: .accuracy)
    case .raster: RasterFigure()
    case .readout: ReadoutFigure()
    case .membrane: MembraneFigure()
    case .rates: RatesFigure()
    case .confusion: ConfusionFigure()
    }
  }

  /// The folder of the run to show; nil if there are no run folders.
  private func chosenRun(_ wanted: String?) -> RunFolder? {
    func folder(_ id: String) -> RunFolder? {
      let path = "\(results)/runs/\(id)"
      return FileManager.default.fileExists(atPath: path) ? RunFolder(id: id, path: path) : nil
    }
    if let wanted { return folder(wanted) }
    if let summary = try? CSVTable(path: results + "/summary.csv") {
      let accuracies = summary.numbers("validation_accuracy")
      let ids = summary.column("run_id")
      let best = zip(ids, accuracies).filter { $0.1 != nil }.max { $0.1! < $1.1! }
      if let best, let run = folder(best.0) { return run }
    }
    var ids = (try? CSVTable(path: results + "/plan.csv"))?.column("run_id") ?? []
    ids += ((try? FileManager.default.contentsOfDirectory(atPath: results + "/runs")) ?? []).sorted()
    let runs = ids.filter { !$0.hasPrefix(".") }.compactMap(folder)
    return runs.first { FileManager.default.fileExists(atPath: $0.path + "/predictions.csv") } ?? runs.first
  }
}
