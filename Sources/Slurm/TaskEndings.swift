import Synchronization

/// The ends of logs that were read.
final class TaskEndings: Sendable {
  private let known = Mutex<[String: String?]>([:])

  /// As `TaskLog.ending`, which reads the file.
  func ending(of path: String) -> String? {
    known.withLock { known in
      if let found = known[path] { return found }
      let found = TaskLog.ending(path)
      known[path] = .some(found)
      return found
    }
  }
}
