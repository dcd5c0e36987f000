import Files
import Foundation
import Synchronization

/// Settles in which folder a run is trained, when it is its turn.
///
/// Where a run has no folder yet, the plan has only chosen a name. Another process whose sweep names the same run otherwise
/// may have made one meanwhile: its folder is taken then, so that no run is trained twice. Folders are made one after
/// the other, under a lock on the folder `runs`.
final class RunPlacement: Sendable {
  private let runs: String
  private let seen = Mutex(Seen())

  /// The folders there were at the last look, by the 12 digits that their names end with.
  private struct Seen {
    var names: [String: [String]] = [:]
    var count = -1
    var changed = timespec()
  }

  /// So many folders are listed in a moment; of more it is first looked whether there are others than before.
  private static let fewFolders = 4096

  /// - Parameter folder: `results/<experiment>`.
  init(folder: String) { runs = folder + "/runs" }

  /// The run with the folder that it has now, which keeps its hash.
  /// - Throws: `FileWriteError`.
  func settle(_ run: PlannedRun) throws -> PlannedRun {
    if RunReport.hash(folder: run.folder) == run.hash { return run }
    let lock = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if lock >= 0 { close(lock) } }
    if lock >= 0 { while flock(lock, LOCK_EX) != 0 && errno == EINTR {} }
    return try seen.withLock { seen in
      look(&seen)
      let others = seen.names[String(run.hash.prefix(12))] ?? []
      if let name = others.first(where: { RunReport.hash(folder: "\(runs)/\($0)") == run.hash }) {
        var settled = run
        (settled.id, settled.folder) = (name, "\(runs)/\(name)")
        return settled
      }
      try AtomicFile.createFolder(run.folder)
      // Enough for others to see whose folder it is.
      try AtomicFile.write(
        "{\"hash\" : \"\(run.hash)\", \"state\" : \"pending\"}\n", to: run.folder + "/run.json", flushing: false)
      seen.names[String(run.id.suffix(12)), default: []].append(run.id)
      seen.count += 1
      seen.changed = Self.changed(runs)
      return run
    }
  }

  private func look(_ seen: inout Seen) {
    let changed = Self.changed(runs)
    let isSame = changed.tv_sec == seen.changed.tv_sec && changed.tv_nsec == seen.changed.tv_nsec
    if seen.count > Self.fewFolders && isSame { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
    seen.names = Dictionary(grouping: names) { String($0.suffix(12)) }
    (seen.count, seen.changed) = (names.count, changed)
  }

  private static func changed(_ path: String) -> timespec {
    var status = stat()
    guard stat(path, &status) == 0 else { return timespec() }
    #if os(Linux)
      return status.st_mtim
    #else
      return status.st_mtimespec
    #endif
  }
}
