import Files
import Foundation

/// Size and hash of a file of a finished run, as stored in `run.json`.
public struct ResultFile: Codable, Equatable, Sendable {
  public var size: Int
  public var sha256: String

  /// Reads the file at `path`.
  /// - Throws: `FileReadError`.
  init(path: String) throws {
    let file = try RegularFile(path)
    (size, sha256) = (file.size, try file.hash().description)
  }

  /// What is wrong with the file at `path`, judging by size alone.
  func sizeDamage(path: String) -> String? {
    do {
      let found = try RegularFile(path).size
      return found == size ? nil : "\(found) bytes instead of \(size)"
    } catch { return error.problem }
  }

  /// What is wrong with the file at `path`; nil if it matches the record.
  func damage(path: String) -> String? {
    do {
      let found = try ResultFile(path: path)
      if found.size != size { return "\(found.size) bytes instead of \(size)" }
      return found.sha256 == sha256 ? nil : "content changed since the run ended"
    } catch {
      return (error as? FileReadError)?.problem ?? "\(error)"
    }
  }
}
