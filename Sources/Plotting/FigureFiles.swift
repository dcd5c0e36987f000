import Foundation

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
    let plots = folder + "/plots"
    try FileManager.default.createDirectory(atPath: plots, withIntermediateDirectories: true)
    script = "\(plots)/\(name).gp"
    try text.write(toFile: script, atomically: true, encoding: .utf8)
    let file = "\(plots)/\(name).\(terminal.rawValue)"
    guard let gnuplot = Gnuplot(searchPath: searchPath) else {
      (picture, note) = (nil, "gnuplot is not on PATH; only the script was written")
      return
    }
    note = try gnuplot.run(script: script, terminal: terminal)
    picture = note == nil ? file : nil
    // gnuplot opens the picture before it reads the rest of the script: what is left of it is no picture.
    if note != nil { try? FileManager.default.removeItem(atPath: file) }
  }
}
