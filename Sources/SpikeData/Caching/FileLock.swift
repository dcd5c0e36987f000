import Files
import Foundation

/// A lock that one process at a time holds, on a file that exists only as long. The system releases it when the process
/// dies.
struct FileLock {
  private let path: String
  private let descriptor: Int32

  /// Waits for the lock; nil if it was not to be had in time.
  /// - Throws: `FileWriteError`; `CancellationError` if `shouldStop` returned true.
  static func take(_ path: String, seconds: Double, shouldStop: () -> Bool) throws -> FileLock? {
    let pause = 0.02
    for _ in 0...Int(seconds / pause) {
      if shouldStop() { throw CancellationError() }
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else { throw FileWriteError(path: path, reason: String(cString: strerror(errno))) }
      // On a file system without locks, several may compute the same, which costs time only.
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
      // The last holder may have removed the file between our opening and locking it.
      var (locked, named) = (stat(), stat())
      if isLocked, fstat(descriptor, &locked) == 0, stat(path, &named) == 0, locked.st_ino == named.st_ino,
        locked.st_dev == named.st_dev
      {
        return FileLock(path: path, descriptor: descriptor)
      }
      close(descriptor)
      if !isLocked { Thread.sleep(forTimeInterval: pause) }
    }
    return nil
  }

  func release() {
    unlink(path)
    close(descriptor)
  }
}
