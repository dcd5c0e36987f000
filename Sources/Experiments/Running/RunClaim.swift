import Files
import Foundation

/// The right to train a run, held by one process at a time: a lock on the file `claim` in the run's folder.
///
/// The lock belongs to the open file, so it also works between threads of a process, and the system releases it when
/// the process dies (on a folder shared over NFS, when its machine is gone). The file names its holder, for people.
public final class RunClaim {
  private let path: String
  private let descriptor: Int32
  /// False if the file system has no locks, so that nothing keeps others away.
  let isExclusive: Bool

  private init(path: String, descriptor: Int32, isExclusive: Bool) {
    self.path = path
    self.descriptor = descriptor
    self.isExclusive = isExclusive
  }

  /// nil if another process or thread holds it. Creates the folder.
  /// - Throws: `FileWriteError`.
  static func take(folder: String) throws -> RunClaim? {
    try AtomicFile.createFolder(folder)
    let path = folder + "/claim"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else { throw FileWriteError(path: path, reason: String(cString: strerror(errno))) }
      let isExclusive = flock(descriptor, LOCK_EX | LOCK_NB) == 0
      if !isExclusive && errno == EWOULDBLOCK {
        close(descriptor)
        return nil
      }
      // The previous holder may have removed the file between our opening and locking it.
      var (locked, named) = (stat(), stat())
      guard fstat(descriptor, &locked) == 0, stat(path, &named) == 0, locked.st_ino == named.st_ino,
        locked.st_dev == named.st_dev
      else {
        close(descriptor)
        continue
      }
      ftruncate(descriptor, 0)
      let holder = Array("\(ProcessInfo.processInfo.hostName), process \(getpid())\n".utf8)
      _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      return RunClaim(path: path, descriptor: descriptor, isExclusive: isExclusive)
    }
  }

  /// The file is removed while still locked, so that no one locks a file about to disappear.
  func release() {
    unlink(path)
    close(descriptor)
  }

  /// Who is training the run in `folder`; nil if no one is. A claim left behind by a dead process does not count.
  public static func holder(folder: String) -> String? {
    guard let file = try? RegularFile(folder + "/claim") else { return nil }
    guard flock(file.descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
    let text = (try? file.contents(limit: 256)) ?? []
    return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
