import CSV
import Foundation

/// A figure of data: a table, and a script that draws it.
///
/// As with results, scripts and pictures go into the folder `plots`, and what they draw into `plots/data`.
public struct DataFigure {
  let name: String
  let table: CSVTable
  let script: () -> String

  /// What became of a figure: its picture, or why there is none.
  public struct Drawn: Sendable {
    public var script: String
    public var picture: String?
    public var note: String?
  }

  /// Writes `plots` into a folder and draws the figures, if gnuplot is there. Scripts that a user has edited are kept.
  /// - Throws: `FileWriteError`; `CancellationError` if it was to stop.
  static func write(
    _ figures: [DataFigure], to folder: String, terminal: PlotTerminal, force: Bool,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws -> [Drawn] {
    let plots = PlotsFolder(in: folder)
    let gnuplot = Gnuplot(
      searchPath: ProcessInfo.processInfo.environment["PATH"], mostSeconds: 120, shouldStop: shouldStop)
    var drawn: [Drawn] = []
    for figure in figures {
      if shouldStop() { throw CancellationError() }
      try plots.write(data: figure.table.text, name: figure.name + ".csv")
      let (path, isKept) = try plots.write(script: figure.script(), name: figure.name, force: force)
      if isKept {
        let note = PlotResult.note(ofKept: path, overwriting: "snnexp data plot --force")
        drawn.append(Drawn(script: path, note: note))
      } else if let gnuplot {
        let result = try plots.draw(figure.name, terminal: terminal, with: gnuplot)
        if shouldStop() { throw CancellationError() }
        drawn.append(
          Drawn(script: path, picture: result.message == nil ? result.picture : nil, note: result.message))
      } else {
        drawn.append(Drawn(script: path, note: Gnuplot.missing))
      }
    }
    return drawn
  }
}
