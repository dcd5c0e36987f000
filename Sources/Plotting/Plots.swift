import CSV
import Files
import Foundation

/// The figures of a results folder (`results/<experiment>`): gnuplot scripts in `plots/`, pictures beside them.
///
/// Figures of all runs draw from `history.csv`, `summary.csv` and `aggregate.csv`. A figure of one run draws from `plots/data`,
/// which is rewritten from the run's folder whenever that exists, so that `plots/` and the experiment's CSV files can be kept
/// without the runs.
public struct Plots: Sendable {
  private let results: String
  private let searchPath: String?
  private let mostSeconds: Double

  /// Figures of the results in a folder.
  public init(resultsFolder: String) {
    self.init(resultsFolder: resultsFolder, searchPath: ProcessInfo.processInfo.environment["PATH"])
  }

  /// The same, with another PATH to look for gnuplot in, and the seconds after which a drawing is given up.
  public init(resultsFolder: String, searchPath: String?, mostSeconds: Double = 60) {
    self.mostSeconds = mostSeconds
    let trimmed =
      resultsFolder.count > 1 && resultsFolder.hasSuffix("/") ? String(resultsFolder.dropLast()) : resultsFolder
    results = trimmed.isEmpty ? "." : trimmed
    self.searchPath = searchPath
  }

  /// Whether pictures can be drawn: gnuplot is on PATH.
  public var canDraw: Bool { Gnuplot(searchPath: searchPath) != nil }

  /// Writes the scripts of these figures and draws them, if gnuplot is there.
  ///
  /// Data that does not exist or cannot be read skips a figure with a note; damaged data is drawn as far as it goes, with a
  /// note. An error is thrown only when a file cannot be written.
  ///
  /// - Parameters:
  ///   - kinds: nil for all that are meant for such results: no map of two keys where only one is swept.
  ///   - runID: the run for the figures of one run; nil for the one with the best validation accuracy, or the first one that
  ///     has data if there is no validation (never the best on the test set: that would flatter).
  ///   - metric: what figures of a sweep show, a column of `summary.csv`, and part of their names; nil for validation
  ///     accuracy, or test accuracy where there is no validation set.
  ///   - shouldStop: asked between and while figures are drawn.
  /// - Throws: `UnknownMetric`; `FileWriteError`; `CancellationError` if it was to stop.
  public func write(
    kinds: [PlotKind]? = nil, terminal: PlotTerminal = .svg, runID: String? = nil, metric: String? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> [PlotResult] {
    let data = DataFolder(results: results, reader: TableReader())
    let run = chosenRun(runID, data: data)
    let gnuplot = Gnuplot(searchPath: searchPath, mostSeconds: mostSeconds, shouldStop: shouldStop),
      folder = PlotsFolder(in: results)
    return try (kinds ?? PlotKind.allCases).compactMap { kind in
      let figure = Self.figure(kind, metric: metric)
      func result(_ script: String?, _ outcome: PlotResult.Outcome) -> PlotResult {
        PlotResult(kind: kind, script: script, outcome: outcome, damage: data.reader.remarks)
      }
      if shouldStop() { throw CancellationError() }
      data.reader.begin()
      do {
        let script = try writeScript(figure, kind: kind, run: run, wanted: runID, data: data)
        guard let gnuplot else { return result(script, .scriptOnly(note: Gnuplot.missing)) }
        let drawn = try folder.draw(figure.name, terminal: terminal, with: gnuplot)
        if shouldStop() { throw CancellationError() }
        return result(script, drawn.message.map { .failed(message: $0) } ?? .drawn(picture: drawn.picture))
      } catch let unavailable as FigureUnavailable {
        if kinds == nil && unavailable.isExpected { return nil }
        return result(nil, .skipped(note: unavailable.note))
      }
    }
  }

  /// Removes the scripts, pictures and `plots/data` that our figures have written, by their names, such as those of an
  /// earlier plan that would stand beside new ones. Other files in `plots` stay.
  ///
  /// - Throws: `FileWriteError`.
  public func removeFigures() throws { try PlotsFolder(in: results).removeFigures() }

  private func writeScript(
    _ figure: any Figure, kind: PlotKind, run: RunFolder?, wanted: String?, data: DataFolder
  ) throws -> String {
    if kind.showsOneRun {
      if let run {
        try figure.prepare(run: run, data: data)
        try data.write(
          CSVTable(header: ["run_id", "selected_on"], rows: [[run.id, selection(of: run.id, data: data)]]),
          as: "run.csv")
      } else if let wanted, data.runID != wanted {
        throw FigureUnavailable(note: "there is no run \(wanted)")
      }
    }
    return try PlotsFolder(in: results).write(script: figure.script(data: data), name: figure.name)
  }

  /// What the epoch of a run's weights was chosen by; empty if that is not known.
  private func selection(of runID: String, data: DataFolder) -> String {
    guard let summary = data.optionalTable("summary.csv"), let column = summary.position(of: "selected_on")
    else { return "" }
    return zip(summary.column("run_id"), summary.rows).first { $0.0 == runID }?.1[column] ?? ""
  }

  static func figure(_ kind: PlotKind, metric: String?) -> any Figure {
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
  private func chosenRun(_ wanted: String?, data: DataFolder) -> RunFolder? {
    func folder(_ id: String) -> RunFolder? {
      // A name, not a way out of the folder.
      guard !id.isEmpty, !id.hasPrefix("."), !id.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
        return nil
      }
      let path = "\(results)/runs/\(id)"
      return FileManager.default.fileExists(atPath: path) ? RunFolder(id: id, path: path, reader: data.reader) : nil
    }
    if let wanted { return folder(wanted) }
    if let summary = data.optionalTable("summary.csv") {
      let accuracies = summary.numbers("validation_accuracy")
      let ids = summary.column("run_id")
      let best = zip(ids, accuracies).filter { $0.1 != nil }.max { $0.1! < $1.1! }
      if let best, let run = folder(best.0) { return run }
    }
    var ids = data.optionalTable("plan.csv")?.column("run_id") ?? []
    ids += ((try? FileManager.default.contentsOfDirectory(atPath: results + "/runs")) ?? []).sorted()
    let runs = ids.lazy.compactMap(folder)
    return runs.first { FileManager.default.fileExists(atPath: $0.path + "/predictions.csv") } ?? runs.first
  }
}
