import Foundation

/// The only way results are written: to a temporary name in the same folder, flushed, then renamed. A reader sees the
/// old file or the new one, never a part of it; on error no temporary file remains.
///
/// Flushing, which can take tens of milliseconds, only matters for power loss: an unflushed file may be truncated or
/// empty afterwards. Skip it only for files that can be regenerated and whose damage is noticed.
///
/// The temporary file is locked while it is written, so that a leftover of a dead process can be told from one in use,
/// on any machine that shares the folder (`removeLeftovers`).
public final class AtomicFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Starts writing a file; `commit` makes it appear.
  /// - Throws: `FileWriteError`.
  public init(_ path: String) throws {
    self.path = path
    while true {
      // Unique even across machines that share the folder.
      let name = "\(path).\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16)).tmp"
      let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard file >= 0 else { throw FileWriteError(path: path, reason: String(cString: strerror(errno))) }
      // Until it is locked, another process may take it for a leftover.
      let isLocked = flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
      var status = stat()
      if isLocked && fstat(file, &status) == 0 && status.st_nlink > 0 {
        (temporary, descriptor) = (name, file)
        return
      }
      close(file)
    }
  }

  deinit { abandon() }

  /// - Throws: `FileWriteError`.
  public func append(_ bytes: some Sequence<UInt8>) throws {
    buffer += bytes
    if buffer.count >= 1 << 20 { try flush() }
  }

  /// Bytes in memory, without copying them.
  /// - Throws: `FileWriteError`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    try flush()
    try write(bytes)
  }

  /// - Throws: `FileWriteError`.
  public func append(_ text: String) throws { try append(text.utf8) }

  /// - Parameter flushing: whether the content must survive a power loss from now on.
  /// - Throws: `FileWriteError`.
  public func commit(flushing: Bool = true) throws {
    try flush()
    // Some file systems report only on closing that there was no space. Closes a duplicate, so that the lock stays.
    if flushing {
      if fsync(descriptor) != 0 { throw failure() }
    } else {
      let copy = dup(descriptor)
      if copy >= 0 && close(copy) != 0 { throw failure() }
    }
    // Over NFS, a request that is sent twice can be answered as if it had failed.
    if rename(temporary, path) != 0 && !(errno == ENOENT && FileIdentity.isSame(descriptor, as: path)) {
      throw failure()
    }
    close(descriptor)
    descriptor = -1
  }

  /// Makes the file appear, unflushed, unless there is one already.
  private func commitIfAbsent() throws {
    try flush()
    if link(temporary, path) == 0 || errno == EEXIST || access(path, F_OK) == 0 { return abandon() }
    // A file system without hard links.
    try commit(flushing: false)
  }

  private func flush() throws {
    try write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes(write) }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written > 0 { rest = rest.dropFirst(written) } else if written < 0 && errno != EINTR { throw failure() }
    }
  }

  private func failure() -> FileWriteError {
    let error = FileWriteError(path: path, reason: String(cString: strerror(errno)))
    abandon()
    return error
  }

  private func abandon() {
    guard descriptor >= 0 else { return }
    unlink(temporary)
    close(descriptor)
    descriptor = -1
  }

  /// - Throws: `FileWriteError`.
  public static func write(_ text: String, to path: String, flushing: Bool = true) throws {
    try write(Array(text.utf8), to: path, flushing: flushing)
  }

  /// - Throws: `FileWriteError`.
  public static func write(_ bytes: [UInt8], to path: String, flushing: Bool = true) throws {
    let file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit(flushing: flushing)
  }

  /// Writes a file unless there is one, even one that another process creates at this moment.
  /// - Throws: `FileWriteError`.
  public static func create(_ text: String, at path: String) throws {
    let file = try AtomicFile(path)
    try file.append(text)
    try file.commitIfAbsent()
  }

  /// Creates an empty file, of several processes that try in one alone.
  /// - Returns: false if there is a file of this name.
  /// - Throws: `FileWriteError`.
  public static func reserve(_ path: String) throws -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      if errno == EEXIST { return false }
      throw FileWriteError(path: path, reason: String(cString: strerror(errno)))
    }
    close(file)
    return true
  }

  /// Writes a file unless it already has this content.
  /// - Throws: `FileWriteError`.
  public static func update(_ path: String, with text: String) throws {
    let bytes = Array(text.utf8)
    if (try? RegularFile.contents(of: path, limit: bytes.count)) != bytes { try write(bytes, to: path) }
  }

  /// Creates a folder and its parents.
  /// - Throws: `FileWriteError`.
  public static func createFolder(_ path: String) throws {
    let problem = makeFolder(path)
    if problem != 0 { throw FileWriteError(path: path, reason: String(cString: strerror(problem))) }
  }

  /// - Returns: the error number, which Foundation would not report; 0 on success.
  private static func makeFolder(_ path: String) -> Int32 {
    guard !path.isEmpty, !path.utf8.contains(0) else { return ENOENT }
    if mkdir(path, 0o777) == 0 { return 0 }
    var problem = errno
    let parent = (path as NSString).deletingLastPathComponent
    if problem == ENOENT, !parent.isEmpty, parent != path {
      problem = makeFolder(parent)
      if problem != 0 { return problem }
      if mkdir(path, 0o777) == 0 { return 0 }
      problem = errno
    }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR ? 0 : problem
  }

  /// Makes a folder's file names survive a power loss.
  public static func flushFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Older than any process takes to write a file, whatever the clocks of two machines say.
  private static func isOld(_ descriptor: Int32) -> Bool {
    let day: Int64 = 86_400_000_000_000
    return FileIdentity(descriptor: descriptor).map { $0.modified < FileIdentity.now - day } ?? false
  }

  /// Removes temporary files left in a folder by processes that died.
  ///
  /// Where locks do not tell whether a process on another machine is writing a file, only old ones are removed.
  ///
  /// - Parameters:
  ///   - file: if given, removes only leftovers of this file: for folders that do not belong to us alone.
  ///   - isExclusive: whether no other process writes in the folder.
  public static func removeLeftovers(in folder: String, of file: String? = nil, isExclusive: Bool = false) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasSuffix(".tmp") && file.map({ name.hasPrefix($0 + ".") }) ?? true {
      let path = folder + "/" + name
      let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      let isInUse = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
      if !isInUse && (isExclusive || LockReach.of(folder) == .everyone || isOld(descriptor)) { unlink(path) }
      close(descriptor)
    }
  }
}
