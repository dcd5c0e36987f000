import Files
import Foundation

/// The part of a file downloaded so far, stored next to its final place. It outlives the process, so that the next one
/// fetches only the rest; its origin is stored with it.
package final class PartialFile {
  /// Where the bytes came from, to decide whether the download can be resumed.
  struct Origin: Equatable {
    var url: String
    /// The expected MD5 sum of the whole file.
    var md5: MD5
    /// The size of the whole file, if the server stated it.
    var size: Int?
    /// The server's identifier for this version of the file (see `Transfer.Head`).
    var validator: String?
  }

  let path: String
  private(set) var size: Int
  private(set) var origin: Origin?
  private let descriptor: Int32
  private var originPath: String { path + ".origin" }

  /// Opens the file, creating it if necessary, and locks out other processes.
  /// - Throws: `FetchError`, also if another process has it locked.
  package init(_ path: String) throws {
    self.path = path
    while true {
      // Do not wait for a named pipe, and do not write through a link.
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
      guard file >= 0 else {
        throw FetchError("\(path): cannot write: \(errno == ELOOP ? "it is a link" : Self.systemWords)")
      }
      let isElsewhere = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
      var status = stat()
      guard !isElsewhere, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        close(file)
        throw FetchError(
          isElsewhere
            ? "\(path): another process is fetching it; wait for that one" : "\(path): it is not a regular file")
      }
      // The process that had it locked may have removed it meanwhile.
      if status.st_nlink > 0 {
        (descriptor, size) = (file, Int(status.st_size))
        break
      }
      close(file)
    }
    origin = Self.readOrigin(path + ".origin")
    lseek(descriptor, 0, SEEK_END)
  }

  deinit { close(descriptor) }

  /// - Throws: `FetchError`.
  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written > 0 {
        rest = rest.dropFirst(written)
        size += written
      } else if written == 0 || errno != EINTR {
        throw FetchError(
          "\(path): cannot write: \(Self.systemWords); what was downloaded is kept: rerun the same command to resume")
      }
    }
  }

  /// Discards all bytes.
  /// - Throws: `FetchError`.
  func restart() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw FetchError("\(path): cannot write: \(Self.systemWords)")
    }
    size = 0
  }

  /// Records the origin of the bytes that follow.
  /// - Throws: `FileWriteError`.
  func note(_ origin: Origin) throws {
    guard origin != self.origin else { return }
    self.origin = origin
    var lines = ["url \(origin.url)", "md5 \(origin.md5)"]
    if let size = origin.size { lines.append("size \(size)") }
    if let validator = origin.validator { lines.append("validator \(validator)") }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: originPath)
  }

  /// The recorded origin; nil if any of it makes no sense.
  private static func readOrigin(_ path: String) -> Origin? {
    guard let text = try? RegularFile.text(of: path, limit: 1 << 14) else { return nil }
    var fields: [Substring: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      fields[parts[0]] = String(parts[1])
    }
    guard let url = fields["url"], let md5 = fields["md5"].flatMap({ MD5($0) }) else { return nil }
    return Origin(
      url: url, md5: md5, size: fields["size"].flatMap { Int($0) },
      validator: fields["validator"].flatMap { Transfer.isSendable($0) ? $0 : nil })
  }

  /// The bytes so far, opened for reading.
  /// - Throws: `FileReadError`, `FetchError` if they can't be flushed to disk.
  func contents() throws -> RegularFile {
    guard fsync(descriptor) == 0 else { throw FetchError("\(path): cannot write: \(Self.systemWords)") }
    return try RegularFile(path)
  }

  /// Deletes the file.
  package func remove() {
    unlink(path)
    unlink(originPath)
  }

  private static var systemWords: String { String(cString: strerror(errno)) }
}
