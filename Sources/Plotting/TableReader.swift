import CSV
import Files
import SafeText

/// Reads the tables that figures are drawn from; those of all runs once. What is wrong with the tables that a figure
/// uses is kept for its note.
final class TableReader {
  private var shared: [String: CSVTable] = [:]
  /// What the reader of the present figure should know of its data, a sentence each.
  private(set) var remarks: [String] = []

  /// Opened once: each is read by a process of its own.
  private var recordings: [String: Result<Recordings, FigureUnavailable>] = [:]

  /// The files in `plots/data` that were written since the reader began.
  var written: Set<String> = []

  /// More than any plan, and little enough to read at once.
  static let mostBytes = 256 << 20

  /// The next figure begins.
  func begin() { remarks = [] }

  /// For the present figure's note; once.
  func remark(_ text: String) {
    if !remarks.contains(text) { remarks.append(text) }
  }

  /// - Parameters:
  ///   - name: what messages call the table.
  ///   - isShared: whether other figures will ask for it.
  /// - Throws: `FigureUnavailable` if it is missing, can't be read, has no rows or lacks a column.
  func table(
    _ path: String, called name: String, columns: [String], mayBeEmpty: Bool = false, isShared: Bool = false
  ) throws -> CSVTable {
    let table: CSVTable
    do {
      table = try read(path, isShared: isShared)
    } catch {
      let isMissing = error.reason == .missing
      throw FigureUnavailable(note: isMissing ? "there is no \(name)" : "\(name): \(error.problem)")
    }
    tellDamage(of: table, called: name)
    if let missing = columns.first(where: { table.position(of: $0) == nil }) {
      throw FigureUnavailable(note: "\(name) has no column \(missing)")
    }
    guard mayBeEmpty || !table.rows.isEmpty else { throw FigureUnavailable(note: "\(name) has no rows") }
    return table
  }

  /// The recordings at `path`.
  /// - Parameter run: what messages call the run.
  /// - Throws: `FigureUnavailable`.
  func recordings(_ path: String, run: String) throws -> Recordings {
    if let known = recordings[path] { return try known.get() }
    do {
      let opened = try Recordings(path: path, run: run)
      recordings[path] = .success(opened)
      return opened
    } catch let unavailable as FigureUnavailable {
      recordings[path] = .failure(unavailable)
      throw unavailable
    }
  }

  /// A table that a figure can do without; nil if it is missing or can't be read.
  func optional(_ path: String, called name: String, isShared: Bool = true) -> CSVTable? {
    do {
      let table = try read(path, isShared: isShared)
      tellDamage(of: table, called: name)
      return table
    } catch {
      if error.reason != .missing { remark("\(name): \(error.problem)") }
      return nil
    }
  }

  private func tellDamage(of table: CSVTable, called name: String) {
    // A new folder's tables may have nothing in them yet.
    if !table.damage.isEmpty && !table.header.isEmpty {
      remark("\(name) is damaged: \(table.damage.joined(separator: "; "))")
    }
  }

  private func read(_ path: String, isShared: Bool) throws(FileReadError) -> CSVTable {
    if let table = shared[path] { return table }
    let table = try CSVTable(path: path, limit: Self.mostBytes)
    if isShared { shared[path] = table }
    return table
  }
}
