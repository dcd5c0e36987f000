import CSystem
import Files
import Synchronization

/// The end of a file, mapped into memory that is shared with other processes.
///
/// The file may lose its bytes while they are in use; then zeros are read in their place, and `problem` says so.
final class MappedFile: Sendable {
  /// The bytes of the file from the offset on.
  nonisolated(unsafe) let start: UnsafeRawPointer
  let count: Int
  private let file: RegularFile
  private let mapping: Int32
  private let identity: Mutex<FileIdentity>

  /// Nil if it can't be mapped.
  /// - Parameter offset: a multiple of the page size.
  init?(_ file: RegularFile, offset: Int) {
    guard offset < file.size, let identity = file.identity else { return nil }
    var start: UnsafeRawPointer?
    let mapping = snn_map_file(file.descriptor, file.size - offset, offset, &start)
    guard mapping >= 0, let start else { return nil }
    (self.start, count, self.file, self.mapping) = (start, file.size - offset, file, mapping)
    self.identity = Mutex(identity)
  }

  deinit { snn_unmap_file(mapping) }

  /// Why the bytes may not be what they were; nil if they are.
  ///
  /// - Parameter isIntact: reads all bytes and says whether they are right; asked only if something about the file other
  ///   than its content has changed: its name, owner or mode, or that it was removed.
  func problem(isIntact: () -> Bool) -> String? {
    let changed = "it was changed by another program while it was in use, and what was computed meanwhile may be wrong"
    guard snn_mapping_is_damaged(mapping) == 0, let now = file.identity else { return changed }
    let before = identity.withLock { $0 }
    if now == before { return nil }
    guard now.size == before.size, now.modified == before.modified, isIntact(), snn_mapping_is_damaged(mapping) == 0
    else { return changed }
    identity.withLock { $0 = now }
    return nil
  }

  var path: String { file.path }
}
