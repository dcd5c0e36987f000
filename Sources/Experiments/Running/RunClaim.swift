import Files
import Foundation

/// The right to train a run, held by one process at a time: a lock on the file `claim` in the run's folder.
///
/// The lock belongs to the open file, so it also works between threads of a process, and the system releases it when
/// the process dies (on a folder shared over NFS, when its machine is gone). The file names its holder, for people.
/// Where locks do not reach all machines, a lease is held besides.
public final class RunClaim {
  private let path: String
  private let descriptor: Int32
  /// nil where locks suffice.
  private let lease: RunLease?

  /// Another process took over the run, whose lease had not been renewed, as when this process was stopped for minutes.
  struct Lost: Error {}

  private init(path: String, descriptor: Int32, lease: RunLease?) {
    self.path = path
    self.descriptor = descriptor
    self.lease = lease
  }

  /// nil if another process or thread holds it. Creates the folder.
  /// - Throws: `FileWriteError`.
  static func take(folder: String) throws -> RunClaim? {
    try AtomicFile.createFolder(folder)
    let path = folder + "/claim"
    var misses = 0
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
      // On a network file system, the previous holder may have removed the file while we opened it.
      if descriptor < 0, [ENOENT, ESTALE].contains(errno), misses < 100 {
        misses += 1
        usleep(10_000)
        continue
      }
      guard descriptor >= 0 else { throw FileWriteError(path: path, reason: String(cString: strerror(errno))) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
        close(descriptor)
        return nil
      }
      // The previous holder may have removed the file between our opening and locking it.
      guard FileIdentity.isSame(descriptor, as: path) else {
        close(descriptor)
        continue
      }
      var lease: RunLease?
      if LockReach.of(folder) != .everyone {
        do { lease = try RunLease.take(folder: folder) } catch {
          close(descriptor)
          throw error
        }
        guard lease != nil else {
          close(descriptor)
          return nil
        }
      }
      ftruncate(descriptor, 0)
      let holder = Array("\(ProcessInfo.processInfo.hostName), process \(getpid())\n".utf8)
      _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      return RunClaim(path: path, descriptor: descriptor, lease: lease)
    }
  }

  /// - Throws: `Lost`. Before anything is written that another process could be writing too.
  func verify() throws {
    if let lease, !lease.isHeld { throw Lost() }
  }

  /// The file is removed while still locked, so that no one locks a file about to disappear.
  func release() {
    // Of a claim that was lost, the file may be another's.
    if lease?.verify() ?? true { unlink(path) }
    lease?.release()
    close(descriptor)
  }

  /// Who is training the run in `folder`; nil if no one is. A claim left behind by a dead process does not count.
  public static func holder(folder: String) -> String? {
    if let holder = RunLease.holder(folder: folder) { return holder }
    guard let file = try? RegularFile(folder + "/claim") else { return nil }
    guard flock(file.descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
    let text = (try? file.contents(limit: 256)) ?? []
    return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
