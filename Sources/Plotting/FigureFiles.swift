import Foundation
import SafeText

/// A figure of `snnexp bench` on disk.
public struct FigureFiles: Sendable {
  /// The path of the gnuplot script.
  public let script: String
  /// The path of the picture, nil if there is none.
  public let picture: String?
  /// Why there is no picture.
  public let note: String?

  /// Writes a script into `plots` of a folder, and draws it if gnuplot is there.
  ///
  /// - Throws: when a file can't be written.
  init(script text: String, name: String, folder: String, terminal: PlotTerminal, searchPath: String?) throws {
    let plots = PlotsFolder(in: folder)
    let (path, isKept) = try plots.write(script: text, name: name, force: false)
    script = path
    guard !isKept else {
      picture = nil
      note = PlotResult.note(ofKept: path, overwriting: "remove it first")
      return
    }
    guard let gnuplot = Gnuplot(searchPath: searchPath) else {
      (picture, note) = (nil, Gnuplot.missing)
      return
    }
    let drawn = try plots.draw(name, terminal: terminal, with: gnuplot)
    note = drawn.message.map(SafeText.lines)
    picture = note == nil ? drawn.picture : nil
  }
}
