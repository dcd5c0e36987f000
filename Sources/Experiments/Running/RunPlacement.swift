import Files
import Foundation
import Synchronization

/// Decides which folder a run is trained in, when its turn comes.
///
/// For a run without a folder, the plan has only chosen a name. Another process whose sweep gives the same run another
/// name may have created a folder meanwhile; that folder is used then, so that no run is trained twice. Folders are
/// created one at a time, under a lock. Without locks, a run of two names may be trained twice.
final class RunPlacement: Sendable {
  private let folder: String
  private var runs: String { folder + "/runs" }
  private let seen = Mutex(Seen())

  /// The folders seen at the last check, by the 12 digits at the end of their names.
  private struct Seen {
    var names: [String: [String]] = [:]
    var count = -1
    var changed = timespec()
  }

  /// Up to this many folders are listed quickly; with more, first check whether the listing has changed.
  private static let fewFolders = 4096

  /// - Parameter folder: `results/<experiment>`.
  init(folder: String) { self.folder = folder }

  /// The run with its current folder, which stores its hash.
  /// - Throws: `FileWriteError`.
  func settle(_ run: PlannedRun) throws -> PlannedRun {
    if RunReport.hash(folder: run.folder) == run.hash { return run }
    let lock = FolderLock(folder)
    defer { lock.release() }
    return try seen.withLock { seen in
      look(&seen)
      let others = seen.names[String(run.hash.prefix(12))] ?? []
      if let name = others.first(where: { RunReport.hash(folder: "\(runs)/\($0)") == run.hash }) {
        var settled = run
        (settled.id, settled.folder) = (name, "\(runs)/\(name)")
        return settled
      }
      try AtomicFile.createFolder(run.folder)
      // Enough for others to see which run owns the folder. Without locks, one of them may have been faster.
      try AtomicFile.create("{\"hash\" : \"\(run.hash)\", \"state\" : \"pending\"}\n", at: run.folder + "/run.json")
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
