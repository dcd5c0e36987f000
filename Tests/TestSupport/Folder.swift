import Foundation

/// A temporary folder with a space in its name, removed on deinitialisation.
public final class Folder {
  public let path: String

  /// - Parameter name: prefix of its name.
  public init(_ name: String = "snnexp test") throws {
    path = NSTemporaryDirectory() + name + " " + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, creating the folders in its name; returns its path.
  @discardableResult public func write(_ text: String, _ name: String = "e.yaml") throws -> String {
    try write(Array(text.utf8), name)
  }

  @discardableResult public func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = path + "/" + name
    if name.contains("/") {
      try FileManager.default.createDirectory(
        atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  public func contents(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }

  public func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  /// All files and folders in it, as paths from here.
  public var files: [String] { (FileManager.default.enumerator(atPath: path)?.allObjects as? [String]) ?? [] }
}
