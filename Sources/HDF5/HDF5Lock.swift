import CHDF5
import Foundation

/// The C library keeps global state and is usually built without locks of its own, so every call of it holds this lock.
/// Recursive, because handles close themselves wherever their last reference goes.
private let libraryLock = NSRecursiveLock()

/// Runs `body` as the only user of the library.
func withLibrary<Result>(_ body: () throws -> Result) rethrows -> Result {
  libraryLock.lock()
  defer { libraryLock.unlock() }
  // Each time, because a library built with threads has one error stack a thread.
  snn_h5_silence()
  return try body()
}

/// An identifier of the library that closes itself.
final class HDF5Handle {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  init(_ id: hid_t, close: @escaping (hid_t) -> herr_t) {
    self.id = id
    self.close = close
  }

  deinit { withLibrary { _ = close(id) } }
}
