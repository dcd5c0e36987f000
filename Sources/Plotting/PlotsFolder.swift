import Files
import Foundation

/// The folder `plots` of results: scripts, pictures beside them, and `data`.
///
/// Results may come from elsewhere: nothing is written through a symbolic link in them.
struct PlotsFolder {
  let path: String

  /// - Parameter results: the folder that `plots` is in.
  init(in results: String) { path = results + "/plots" }

  var dataPath: String { path + "/data" }

  /// Writes a script, unless there is one that a user has edited.
  ///
  /// - Parameter force: overwrite that too.
  /// - Returns: the script's path, and whether an edited one was kept there.
  /// - Throws: `FileWriteError`.
  func write(script: String, name: String, force: Bool) throws -> (path: String, isKept: Bool) {
    try Self.create(path)
    let file = "\(path)/\(name).gp"
    if !force && isEdited(name) { return (file, true) }
    try AtomicFile.write(ScriptSeal.sealed(script), to: file)
    return (file, false)
  }

  /// Whether there is a script of this name that is not as we wrote it.
  ///
  /// A link is none: what it points to stays, whatever is put in the link's place.
  func isEdited(_ name: String) -> Bool {
    let file = "\(path)/\(name).gp"
    guard let kind = Self.kind(of: file), kind != S_IFLNK else { return false }
    // What can't be read, or is far too large, is not ours.
    return !((try? RegularFile.text(of: file, limit: 1 << 24)).map(ScriptSeal.isIntact) ?? false)
  }

  /// - Throws: `FileWriteError`.
  func write(data: String, name: String) throws {
    try Self.create(path)
    try Self.create(dataPath)
    try AtomicFile.write(data, to: "\(dataPath)/\(name)")
  }

  /// Draws a script of this folder. `message` says why there is no picture.
  func draw(_ name: String, terminal: PlotTerminal, with gnuplot: Gnuplot) throws -> (picture: String, message: String?)
  {
    let picture = "\(path)/\(name).\(terminal.rawValue)"
    // gnuplot opens the picture long before it is whole, and somebody may be looking at it. It would also write into
    // the file that a link points to.
    let unfinished = "\(path)/\(name).\(Gnuplot.unfinished)"
    try Self.remove(unfinished)
    let script = "\(path)/\(name).gp"
    let absolute = script.hasPrefix("/") ? script : FileManager.default.currentDirectoryPath + "/" + script
    var message = gnuplot.run(script: absolute, terminal: terminal)
    if message == nil && Self.kind(of: unfinished) != S_IFREG { message = "gnuplot has written no picture" }
    if message == nil && rename(unfinished, picture) != 0 {
      message = "\(picture): \(String(cString: strerror(errno)))"
    }
    // An old picture must not stay beside a new script.
    if message != nil { for path in [unfinished, picture] { try? Self.remove(path) } }
    return (picture, message)
  }

  /// Removes what our figures have written, by their names, and nothing else; the folders too if nothing is left in
  /// them. A script that a user has edited stays, with its picture and data.
  /// - Throws: `FileWriteError`.
  func removeFigures() throws {
    guard Self.kind(of: path) == S_IFDIR else { return }
    var figures = PlotKind.allCases.map { (kind: $0, figure: Plots.figure($0, metric: nil)) }
    // Those of a chosen metric have its name; a script of that name that is none of ours stays, and so do its
    // neighbours.
    for file in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where file.hasSuffix(".gp") {
      let name = String(file.dropLast(3))
      for kind in [PlotKind.sweep, .heatmap] where name.hasPrefix(kind.rawValue + "_") {
        guard let text = try? RegularFile.text(of: "\(path)/\(file)", limit: 1 << 24),
          text.contains(Script.signature(name: name))
        else { continue }
        figures.append((kind, Plots.figure(kind, metric: String(name.dropFirst(kind.rawValue.count + 1)))))
      }
    }
    let edited = figures.filter { isEdited($0.figure.name) }
    figures.removeAll { figure in edited.contains { $0.figure.name == figure.figure.name } }
    for (_, figure) in figures {
      for ending in ["gp"] + PlotTerminal.allCases.map(\.rawValue) {
        try Self.remove("\(path)/\(figure.name).\(ending)")
      }
    }
    if Self.kind(of: dataPath) == S_IFDIR {
      let shared = edited.contains(where: \.kind.showsOneRun) ? [] : DataFolder.sharedFiles
      for name in figures.flatMap(\.figure.dataFiles) + shared { try Self.remove("\(dataPath)/\(name)") }
      rmdir(dataPath)
    }
    rmdir(path)
  }

  /// The kind of what a path names itself, as of `st_mode`; nil if there is nothing.
  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func create(_ path: String) throws {
    switch kind(of: path) {
    case nil: try AtomicFile.createFolder(path)
    case S_IFDIR: return
    case S_IFLNK:
      throw FileWriteError(
        path: path,
        reason: "it is a symbolic link, and figures are not written through links; put a folder in its place")
    default: throw FileWriteError(path: path, reason: "it is not a folder")
    }
  }

  /// A file or a link, not what it points to; a folder stays.
  private static func remove(_ path: String) throws {
    guard let kind = kind(of: path), kind != S_IFDIR else { return }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw FileWriteError(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
