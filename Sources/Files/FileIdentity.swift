import Foundation

/// What the system says about a file without reading it: if nothing of it has changed, neither has the content.
///
/// The time of the last status change can't be set by a program, unlike that of the last modification. But clocks
/// advance in steps: a file that changes twice within one step looks the same after both, so an identity says nothing
/// about a file that was changed just before it was read (`isSettled`).
public struct FileIdentity: Hashable, Sendable, Codable {
  public var device: UInt64
  public var inode: UInt64
  public var size: Int64
  /// Nanoseconds since 1970 of the last modification.
  public var modified: Int64
  /// Nanoseconds since 1970 of the last change of content, name, owner or mode.
  public var changed: Int64

  public init(_ status: stat) {
    func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    size = Int64(status.st_size)
    #if canImport(Darwin)
      (modified, changed) = (nanoseconds(status.st_mtimespec), nanoseconds(status.st_ctimespec))
    #else
      (modified, changed) = (nanoseconds(status.st_mtim), nanoseconds(status.st_ctim))
    #endif
  }

  /// Of a file that is open; nil if the system does not say.
  public init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Whether `path` names the file that is open. Opens it once more: over NFS, only that asks the server.
  public static func isSame(_ descriptor: Int32, as path: String) -> Bool {
    let named = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
    guard named >= 0 else { return false }
    defer { close(named) }
    var (ours, theirs) = (stat(), stat())
    return fstat(descriptor, &ours) == 0 && fstat(named, &theirs) == 0 && ours.st_ino == theirs.st_ino
      && ours.st_dev == theirs.st_dev
  }

  /// Whether the last change lies far enough before `time`, in nanoseconds since 1970, that a change from then on will
  /// show. The coarsest clock of a file system in use has steps of two seconds.
  public func isSettled(at time: Int64) -> Bool { max(modified, changed) < time &- 2_500_000_000 }

  /// The current time in nanoseconds since 1970.
  public static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
