import Foundation

/// A regular file, open for reading: the only way files from elsewhere are opened. A named pipe or a device, which may
/// deliver bytes forever or none at all, is refused without waiting for it.
///
/// What is read and what is hashed come from the same open file, even if another one is put in its place meanwhile.
public final class RegularFile: Sendable {
  public let path: String
  /// For other code that reads the same open file.
  public let descriptor: Int32
  /// Size in bytes when it was opened.
  public let size: Int

  /// - Throws: `FileReadError`.
  public init(_ path: String) throws(FileReadError) {
    func failure(_ reason: FileReadError.Reason) -> FileReadError { FileReadError(path: path, reason: reason) }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw failure(.missing) }
    // Without O_NONBLOCK, opening a pipe without a writer would block; it has no effect on regular files.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw failure(errno == ENOENT || errno == ENOTDIR ? .missing : .system(String(cString: strerror(errno))))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw failure(.system(reason))
    }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      close(descriptor)
      switch kind {
      case S_IFDIR: throw failure(.directory)
      case S_IFIFO: throw failure(.special("a named pipe"))
      case S_IFCHR, S_IFBLK: throw failure(.special("a device"))
      default: throw failure(.special("a special file"))
      }
    }
    (self.path, self.descriptor, size) = (path, descriptor, Int(status.st_size))
  }

  deinit { close(descriptor) }

  /// Its current identity; nil if the system does not say.
  public var identity: FileIdentity? { FileIdentity(descriptor: descriptor) }

  /// All bytes; the file may have changed since it was opened.
  /// - Throws: `FileReadError`, also if there are more than `limit`.
  public func contents(limit: Int) throws(FileReadError) -> [UInt8] {
    guard size <= limit else { throw FileReadError(path: path, reason: .tooLarge(limit: limit)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    try forEachPiece {
      bytes.append(contentsOf: $0); return bytes.count <= limit
    }
    guard bytes.count <= limit else { throw FileReadError(path: path, reason: .tooLarge(limit: limit)) }
    return bytes
  }

  /// The hash of all current bytes.
  /// - Throws: `FileReadError`.
  public func hash() throws(FileReadError) -> ContentHash {
    var hasher = ContentHash.Hasher()
    try forEachPiece {
      hasher.update($0); return true
    }
    return hasher.finish()
  }

  /// At most `count` bytes starting at an offset; empty if they can't be read.
  public func bytes(at offset: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
    }
  }

  /// Whether it belongs to the user who runs the program, and no one else may write to it.
  public var isOurs: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
  }

  /// Fills memory with the bytes from an offset on; false if there are not as many or they can't be read.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = pread(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Calls `body` with the bytes piece by piece until it returns false. Does not move the file position.
  /// - Throws: `FileReadError`.
  public func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Bool) throws(FileReadError) {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: min(1 << 20, max(4096, size + 1)), alignment: 64)
    defer { piece.deallocate() }
    var offset = 0
    while true {
      let count = pread(descriptor, piece.baseAddress, piece.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileReadError(path: path, reason: .system(String(cString: strerror(errno)))) }
      guard count > 0, body(UnsafeRawBufferPointer(rebasing: piece[..<count])) else { return }
      offset += count
    }
  }

  /// All bytes of the file at `path`.
  /// - Throws: `FileReadError`.
  public static func contents(of path: String, limit: Int) throws(FileReadError) -> [UInt8] {
    for _ in 0..<3 {
      do { return try RegularFile(path).contents(limit: limit) } catch { if !error.isStale { throw error } }
    }
    return try RegularFile(path).contents(limit: limit)
  }

  /// The text of the file at `path`; bytes that are not UTF-8 are replaced.
  /// - Throws: `FileReadError`.
  public static func text(of path: String, limit: Int) throws(FileReadError) -> String {
    String(decoding: try contents(of: path, limit: limit), as: UTF8.self)
  }
}
