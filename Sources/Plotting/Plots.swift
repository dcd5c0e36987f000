import CSV
import Files
import Foundation

/// The figures of a results folder (`results/<experiment>`): gnuplot scripts in `plots/`, pictures beside them.
///
/// Figures of all runs draw from `history.csv`, `summary.csv` and `aggregate.csv`. A figure of one run draws from
/// `plots/data`, which is rewritten from the run's folder whenever that exists, so that `plots/` and the experiment's
/// CSV files can be kept without the runs.
public struct Plots: Sendable {
  private let results: String
  /// Whether the folder is that of one run.
  private let isRun: Bool
  private let searchPath: String?
  private let mostSeconds: Double

  /// Figures of the results in a folder.
  public init(resultsFolder: String) {
    self.init(resultsFolder: resultsFolder, searchPath: ProcessInfo.processInfo.environment["PATH"])
  }

  /// Figures of one run, in `plots` of its own folder.
  public init(runFolder: String) {
    self.init(
      resultsFolder: runFolder, searchPath: ProcessInfo.processInfo.environment["PATH"], isRun: true)
  }

  /// The same, with another PATH to look for gnuplot in, and the seconds after which a drawing is given up.
  ///
  /// - Parameter isRun: whether the folder is that of one run.
  public init(resultsFolder: String, searchPath: String?, mostSeconds: Double = 60, isRun: Bool = false) {
    self.mostSeconds = mostSeconds
    self.isRun = isRun
    let trimmed =
      resultsFolder.count > 1 && resultsFolder.hasSuffix("/") ? String(resultsFolder.dropLast()) : resultsFolder
    results = trimmed.isEmpty ? "." : trimmed
    self.searchPath = searchPath
  }

  /// Whether pictures can be drawn: gnuplot is on PATH.
  public var canDraw: Bool { Gnuplot(searchPath: searchPath) != nil }

  /// Writes the scripts of these figures and draws them, if gnuplot is there.
  ///
  /// Data that does not exist or cannot be read skips a figure with a note; damaged data is drawn as far as it goes,
  /// with a note. A script that a user has edited is kept, and never run: it may come from elsewhere. An error is
  /// thrown only when a file cannot be written.
  ///
  /// - Parameters:
  ///   - kinds: nil for all that are meant for such results: no map of two keys where only one is swept.
  ///   - runID: the run for the figures of one run; nil for the first that was recorded.
  ///   - choice: why it is this one, for the scripts' comments.
  ///   - selectedOn: what the epoch of its weights was chosen by; nil: as `summary.csv` says.
  ///   - metric: what figures of a sweep show, a column of `summary.csv`, and part of their names; nil for validation
  ///     accuracy, or test accuracy where there is no validation set.
  ///   - force: overwrite scripts that a user has edited.
  ///   - shouldStop: asked between and while figures are drawn.
  /// - Throws: `UnknownMetric`; `FileWriteError`; `CancellationError` if it was to stop.
  public func write(
    kinds: [PlotKind]? = nil, terminal: PlotTerminal = .svg, runID: String? = nil, choice: String? = nil,
    selectedOn: String? = nil, metric: String? = nil, force: Bool = false,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> [PlotResult] {
    let data = DataFolder(results: results, reader: TableReader())
    let run = chosenRun(runID, data: data)
    let gnuplot = Gnuplot(searchPath: searchPath, mostSeconds: mostSeconds, shouldStop: shouldStop),
      folder = PlotsFolder(in: results)
    return try (kinds ?? allKinds).compactMap { kind in
      let figure = Self.figure(kind, metric: metric)
      func result(_ script: String?, _ outcome: PlotResult.Outcome) -> PlotResult {
        PlotResult(kind: kind, script: script, outcome: outcome, damage: data.reader.remarks)
      }
      if shouldStop() { throw CancellationError() }
      data.reader.begin()
      do {
        if kind.showsOneRun {
          try prepare(figure, of: run, choice: choice, selectedOn: selectedOn, wanted: runID, data: data)
        }
        let text = try figure.script(data: data)
        let (script, isKept) = try folder.write(script: text, name: figure.name, force: force)
        guard !isKept else {
          return result(script, .kept(note: PlotResult.note(ofKept: script, overwriting: "snnexp plot --force")))
        }
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

  /// A run has no sweep.
  private var allKinds: [PlotKind] { PlotKind.allCases.filter { !isRun || ($0 != .sweep && $0 != .heatmap) } }

  /// Removes the scripts, pictures and `plots/data` that our figures have written, by their names, such as those of an
  /// earlier plan that would stand beside new ones. Other files in `plots` stay, and scripts that a user has edited.
  ///
  /// - Throws: `FileWriteError`.
  public func removeFigures() throws { try PlotsFolder(in: results).removeFigures() }

  /// Writes the data of one run that a figure shows.
  private func prepare(
    _ figure: any Figure, of run: RunFolder?, choice: String?, selectedOn: String?, wanted: String?, data: DataFolder
  ) throws {
    guard let run else {
      guard let wanted, data.runID != wanted else { return }
      throw FigureUnavailable(note: "there is no run \(wanted)")
    }
    try figure.prepare(run: run, data: data)
    try data.write(
      CSVTable(
        header: ["run_id", "selected_on", "choice"],
        rows: [[run.id, selectedOn ?? selection(of: run.id, data: data), choice ?? ""]]),
      as: "run.csv")
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
    case .parameters: ParametersFigure()
    case .confusion: ConfusionFigure()
    }
  }

  /// The folder of the run to show; nil if there are no run folders.
  private func chosenRun(_ wanted: String?, data: DataFolder) -> RunFolder? {
    if isRun {
      let id = URL(fileURLWithPath: results).standardizedFileURL.lastPathComponent
      return RunFolder(id: id, path: results, reader: data.reader)
    }
    func folder(_ id: String) -> RunFolder? {
      // A name, not a way out of the folder.
      guard !id.isEmpty, !id.hasPrefix("."), !id.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
        return nil
      }
      let path = "\(results)/runs/\(id)"
      return FileManager.default.fileExists(atPath: path) ? RunFolder(id: id, path: path, reader: data.reader) : nil
    }
    if let wanted { return folder(wanted) }
    var ids = data.optionalTable("plan.csv")?.column("run_id") ?? []
    ids += ((try? FileManager.default.contentsOfDirectory(atPath: results + "/runs")) ?? []).sorted()
    let runs = ids.lazy.compactMap(folder)
    func first(with file: String) -> RunFolder? {
      runs.first { FileManager.default.fileExists(atPath: $0.path + "/" + file) }
    }
    return first(with: Recordings.fileName) ?? first(with: "predictions.csv") ?? runs.first
  }
}
