import CSV
import Files
import Foundation

/// The histories of all runs, of those that are still being trained too.
extension DataFolder {
  /// `history.csv`, and of each unfinished run of the plan whose own folder has a younger history the rows of that
  /// instead. The table of all runs is written now and then while runs end; a run's own every few seconds.
  ///
  /// - Throws: `FigureUnavailable` if neither has a row.
  func histories() throws -> CSVTable {
    let ids = optionalTable("plan.csv")?.column("run_id") ?? []
    let written = Self.status(results + "/history.csv").map(\.modified)
    var bytes = 0
    var own: [(id: String, table: CSVTable)] = []
    for id in ids where Self.isName(id) {
      let path = "\(results)/runs/\(id)/history.csv"
      guard let status = Self.status(path) else { continue }
      // A finished run is in the table of all runs, or it is damaged.
      if let written, status.modified <= written || Self.status("\(results)/runs/\(id)/weights.h5") != nil { continue }
      bytes += status.size
      guard bytes <= TableReader.mostBytes else {
        reader.remark("the histories of runs are too large to be read at once; the last ones are left out")
        break
      }
      // Of a run that has not finished an epoch there is nothing to draw.
      guard let table = reader.optional(path, called: "history.csv of run \(id)", isShared: false), !table.rows.isEmpty
      else { continue }
      own.append((id, table))
    }
    guard !own.isEmpty else { return try resultsTable("history.csv", columns: ["run_id", "epoch"]) }
    return Self.merged(optionalTable("history.csv"), own, plan: optionalTable("plan.csv"))
  }

  /// - Parameter own: histories that replace the rows of their runs. What they say of a run's identity may be of an earlier
  ///   plan.
  private static func merged(_ all: CSVTable?, _ own: [(id: String, table: CSVTable)], plan: CSVTable?) -> CSVTable {
    let replaced = Set(own.map(\.id))
    let header = all?.header ?? distinct((plan?.header ?? []) + own.flatMap(\.table.header))
    var rows = all?.rows ?? []
    if let position = all?.position(of: "run_id") { rows.removeAll { replaced.contains($0[position]) } }
    let planned = plan?.position(of: "run_id").map { position in
      Dictionary(plan?.rows.map { ($0[position], $0) } ?? [], uniquingKeysWith: { first, _ in first })
    }
    for (id, history) in own {
      let fields = header.map { name -> (planned: String?, column: Int?) in
        let place = plan?.position(of: name)
        return (name == "run_id" ? id : place.flatMap { planned?[id]?[$0] }, history.position(of: name))
      }
      for row in history.rows { rows.append(fields.map { $0.planned ?? $0.column.map { row[$0] } ?? "" }) }
    }
    return CSVTable(header: header, rows: rows)
  }

  /// A name in a folder, not a way out of it.
  static func isName(_ id: String) -> Bool {
    !id.isEmpty && !id.hasPrefix(".") && !id.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }

  /// Size in bytes, and seconds since 1970; nil if there is no regular file.
  private static func status(_ path: String) -> (size: Int, modified: Double)? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if os(macOS)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return (Int(status.st_size), Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
  }
}
