import CSV
import Foundation

/// The figures of a results folder (`results/<experiment>`): gnuplot scripts in `plots/`, pictures beside them.
///
/// Figures of all runs draw from `history.csv`, `summary.csv` and `aggregate.csv`. A figure of one run draws from `plots/data`,
/// which is rewritten from the run's folder whenever that exists, so that `plots/` and the experiment's CSV files can be kept
/// without the runs.
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
  /// - Parameters:
  ///   - kinds: nil for all that are meant for such results: no map of two keys where only one is swept.
  ///   - runID: the run for the figures of one run; nil for the one with the best validation accuracy, or the first one that
  ///     has data if there is no validation (never the best on the test set: that would flatter).
  ///   - metric: what figures of a sweep show, a column of `summary.csv`, and part of their names; nil for validation
  ///     accuracy, or test accuracy where there is no validation set.
  /// - Throws: `UnknownMetric`; errors of reading and writing files.
  public func write(
    kinds: [PlotKind]? = nil, terminal: PlotTerminal = .svg, runID: String? = nil, metric: String? = nil
  ) throws -> [PlotResult] {
    let run = chosenRun(runID)
    let gnuplot = Gnuplot(searchPath: searchPath)
    return try (kinds ?? PlotKind.allCases).compactMap { kind in
      let figure = figure(kind, metric: metric)
      do {
        let script = try writeScript(figure, kind: kind, run: run, wanted: runID)
        guard let gnuplot else {
          return PlotResult(
            kind: kind, script: script,
            outcome: .scriptOnly(note: "gnuplot is not on PATH; only the script was written"))
        }
        let picture = "\(results)/plots/\(figure.name).\(terminal.rawValue)"
        if let message = try gnuplot.run(script: script, terminal: terminal) {
          // gnuplot opens the picture before it reads the rest of the script: what is left of it is no picture.
          try? FileManager.default.removeItem(atPath: picture)
          return PlotResult(kind: kind, script: script, outcome: .failed(message: message))
        }
        return PlotResult(kind: kind, script: script, outcome: .drawn(picture: picture))
      } catch let unavailable as FigureUnavailable {
        if kinds == nil && unavailable.isExpected { return nil }
        return PlotResult(kind: kind, script: nil, outcome: .skipped(note: unavailable.note))
      }
    }
  }

  private func writeScript(
    _ figure: any Figure, kind: PlotKind, run: RunFolder?, wanted: String?
  ) throws -> String {
    let data = DataFolder(results: results)
    if kind.showsOneRun {
      if let run {
        try figure.prepare(run: run, data: data)
        try data.write(
          CSVTable(header: ["run_id", "selected_on"], rows: [[run.id, selection(of: run.id)]]), as: "run.csv")
      } else if let wanted, data.runID != wanted {
        throw FigureUnavailable(note: "there is no run \(wanted)")
      }
    }
    let text = try figure.script(data: data)
    let folder = results + "/plots"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(figure.name).gp"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// What the epoch of a run's weights was chosen by; empty if that is not known.
  private func selection(of runID: String) -> String {
    guard let summary = try? CSVTable(path: results + "/summary.csv"), let column = summary.position(of: "selected_on")
    else { return "" }
    return zip(summary.column("run_id"), summary.rows).first { $0.0 == runID }?.1[column] ?? ""
  }

  private func figure(_ kind: PlotKind, metric: String?) -> any Figure {
    switch kind {
    case .loss, .accuracy, .firingRate, .silentFraction: LearningCurve(kind: kind)
    case .sweep: SweepFigure(metric: metric)
    case .heatmap: HeatMap(metric: metric)
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
