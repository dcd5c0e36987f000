import Files
import Foundation

/// The beginning of a file that is being fetched, beside where it will stand. It outlives the process, so that the next one
/// fetches only the rest; what it came from is kept with it.
package final class PartialFile {
  /// From where the bytes came, to know whether more of the same can be had.
  struct Origin: Equatable {
    var url: String
    /// The sum that the whole was to have.
    var md5: MD5
    /// Bytes of the whole, if the server said so.
    var size: Int?
    /// What the server calls this state of the file, see `Transfer.Head`.
    var validator: String?
  }

  let path: String
  private(set) var size: Int
  private(set) var origin: Origin?
  private let descriptor: Int32
  private var originPath: String { path + ".origin" }

  /// Opens the file, which is made if there is none, and keeps other processes from it.
  /// - Throws: `FetchError`, also if another process has it.
  package init(_ path: String) throws {
    self.path = path
    while true {
      // No waiting for a named pipe, and no writing through a link.
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
      guard file >= 0 else {
        throw FetchError("\(path): cannot write: \(errno == ELOOP ? "it is a link" : Self.systemWords)")
      }
      let isElsewhere = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
      var status = stat()
      guard !isElsewhere, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        close(file)
        throw FetchError(
          isElsewhere ? "\(path): another process is fetching it; wait for that one" : "\(path): it is no regular file")
      }
      // Whoever had it may have removed it meanwhile.
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
        throw FetchError("\(path): cannot write: \(Self.systemWords); what is there is kept, the same command resumes")
      }
    }
  }

  /// Forgets all bytes.
  /// - Throws: `FetchError`.
  func restart() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw FetchError("\(path): cannot write: \(Self.systemWords)")
    }
    size = 0
  }

  /// Keeps from where the bytes to come are.
  /// - Throws: `FileWriteError`.
  func note(_ origin: Origin) throws {
    guard origin != self.origin else { return }
    self.origin = origin
    var lines = ["url \(origin.url)", "md5 \(origin.md5)"]
    if let size = origin.size { lines.append("size \(size)") }
    if let validator = origin.validator { lines.append("validator \(validator)") }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: originPath)
  }

  /// What the file says of its origin; nothing if any of it makes no sense.
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

  /// The bytes so far, for reading.
  /// - Throws: `FileReadError`, `FetchError` if they can't be put on the disk.
  func contents() throws -> RegularFile {
    guard fsync(descriptor) == 0 else { throw FetchError("\(path): cannot write: \(Self.systemWords)") }
    return try RegularFile(path)
  }

  /// Removes it from the disk.
  package func remove() {
    unlink(path)
    unlink(originPath)
  }

  private static var systemWords: String { String(cString: strerror(errno)) }
}
