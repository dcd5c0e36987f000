/// A file or folder that can't be written, for example because the disk is full.
public struct FileWriteError: Error, CustomStringConvertible {
  public var path: String
  public var reason: String
  public var description: String { "\(path): cannot write: \(reason)" }

  public init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }
}
