import Foundation

/// A file that can't be read: its path, and why.
public struct FileReadError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    case missing
    case directory
    /// Neither a regular file nor a folder, so reading it may never end. The value says what it is.
    case special(String)
    /// Larger than a file of its kind can sensibly be.
    case tooLarge(limit: Int)
    /// The system's error message.
    case system(String)
  }

  public var path: String
  public var reason: Reason

  public init(path: String, reason: Reason) { (self.path, self.reason) = (path, reason) }

  /// Whether the file was replaced on another machine while it was read, which opening it again solves.
  public var isStale: Bool { reason == .system(String(cString: strerror(ESTALE))) }

  /// The message without the path.
  public var problem: String {
    switch reason {
    case .missing: "no such file"
    case .directory: "it is a directory"
    case .special(let kind): "it is \(kind), not a regular file; copy what it gives into a file first"
    case .tooLarge(let limit): "it has more than \(limit >> 10) KiB, the most that such a file may have"
    case .system(let text): "cannot be read: \(text)"
    }
  }

  public var description: String { "\(path): \(problem)" }
}
