import Foundation

/// A file that can't be read: which, and why in words.
public struct FileReadError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    case missing
    case directory
    /// Neither a file nor a folder: reading one may never end. What it is, in words.
    case special(String)
    /// More bytes than a file of its kind can sensibly have.
    case tooLarge(limit: Int)
    /// The system's words.
    case system(String)
  }

  public var path: String
  public var reason: Reason

  public init(path: String, reason: Reason) { (self.path, self.reason) = (path, reason) }

  /// Without the path.
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
