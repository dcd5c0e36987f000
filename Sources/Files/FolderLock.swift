import Foundation

/// A lock that one process at a time holds on a folder, in a file `lock` that exists only as long. The system releases
/// it when the process dies. Where there are no locks, or no file can be created, nothing is locked.
///
/// A lock on the folder itself would need no file, but over NFS it would not reach other machines.
public final class FolderLock {
  private let path: String
  private let descriptor: Int32

  /// Waits for the lock.
  /// - Parameter waiting: called once if another process has it.
  public init(_ folder: String, waiting: () -> Void = {}) {
    path = folder + "/lock"
    var hasTold = false
    while true {
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
      var result: Int32 = -1
      if file >= 0 {
        result = flock(file, LOCK_EX | LOCK_NB)
        let isTaken = result != 0 && errno == EWOULDBLOCK
        if isTaken, !hasTold {
          waiting()
          hasTold = true
        }
        if isTaken { repeat { result = flock(file, LOCK_EX) } while result != 0 && errno == EINTR }
      }
      guard result == 0 else {
        if file >= 0 {
          unlink(path)
          close(file)
        }
        descriptor = -1
        return
      }
      // The previous holder may have removed the file between our opening and locking it.
      if FileIdentity.isSame(file, as: path) {
        descriptor = file
        return
      }
      close(file)
    }
  }

  deinit { release() }

  public func release() {
    guard descriptor >= 0, isHeld else { return }
    isHeld = false
    unlink(path)
    close(descriptor)
  }

  private var isHeld = true
}
