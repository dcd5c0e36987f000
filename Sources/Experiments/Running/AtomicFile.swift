import Foundation

/// A file or folder of results that can't be written, such as on a full disk.
public struct ResultsError: Error, CustomStringConvertible {
  public var path: String
  public var reason: String
  public var description: String { "\(path): cannot write: \(reason)" }
}

/// The one way in which results are written: to a temporary name in the same folder, flushed, renamed. A reader sees the
/// old file or the new one, never a part; an error leaves no temporary file.
enum AtomicFile {
  static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  /// - Throws: `ResultsError`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let temporary = path + ".\(getpid()).tmp"
    func failure(_ code: Int32) -> ResultsError { ResultsError(path: path, reason: String(cString: strerror(code))) }
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure(errno) }
    var error: Int32 = 0
    var offset = 0
    while offset < bytes.count && error == 0 {
      let written = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress! + offset, bytes.count - offset) }
      if written > 0 {
        offset += written
      } else if written < 0 && errno != EINTR {
        error = errno
      }
    }
    if error == 0 && fsync(file) != 0 { error = errno }
    if close(file) != 0 && error == 0 { error = errno }
    if error == 0 && rename(temporary, path) != 0 { error = errno }
    if error != 0 {
      unlink(temporary)
      throw failure(error)
    }
  }

  /// Creates a folder and those above it.
  /// - Throws: `ResultsError`.
  static func createFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ResultsError(path: path, reason: reason(error))
    }
  }

  /// The system's words for a Foundation error.
  private static func reason(_ error: Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let code = underlying?.code { return String(cString: strerror(Int32(code))) }
    return (error as NSError).localizedDescription
  }
}
