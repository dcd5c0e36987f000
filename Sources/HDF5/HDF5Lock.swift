import CHDF5
import Foundation

/// The C library has global state and is usually built without locking, so every call to it holds this lock. The lock
/// is recursive, because handles close themselves wherever their last reference disappears.
private let libraryLock = NSRecursiveLock()

/// Runs `body` while holding the lock.
func withLibrary<Result>(_ body: () throws -> Result) rethrows -> Result {
  libraryLock.lock()
  defer { libraryLock.unlock() }
  // Every time, because a thread-safe build of the library has one error stack per thread.
  snn_h5_silence()
  return try body()
}

/// A library identifier that closes itself.
final class HDF5Handle {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  init(_ id: hid_t, close: @escaping (hid_t) -> herr_t) {
    self.id = id
    self.close = close
  }

  deinit { withLibrary { _ = close(id) } }
}
