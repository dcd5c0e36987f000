import Files
import Foundation

/// The hash of a file that has been read, and what the file looked like.
struct RememberedHash: Codable {
  var identity: FileIdentity
  /// 64 hexadecimal digits.
  var hash: String

  /// Smaller files are hashed in less time than it takes to look them up.
  static let smallestFile = 256 << 10
  /// The most that are kept.
  private static let most = 256
  private static let prefix = "hash-"

  static func path(_ identity: FileIdentity, folder: String) -> String {
    "\(folder)/\(prefix)\(identity.device)-\(identity.inode).json"
  }

  /// Nil if there is none that can be used.
  static func read(_ path: String) -> RememberedHash? {
    let known: RememberedHash? = readJSON(path)
    return known.flatMap { $0.hash.utf8.count == 64 && $0.hash.allSatisfy(\.isHexDigit) ? $0 : nil }
  }

  /// - Throws: `FileWriteError`.
  func write(to path: String) throws { try writeJSON(self, to: path) }

  /// Whether a file's name is that of a remembered hash.
  static func isOwn(_ name: String) -> Bool {
    name.hasPrefix(prefix) && name.hasSuffix(".json")
      && name.dropFirst(prefix.count).dropLast(5).utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2d }
  }

  /// Makes room for one more.
  static func removeOldest(_ names: [String], folder: String) {
    let own = names.filter(isOwn)
    guard own.count >= most else { return }
    func modified(_ name: String) -> Int64 {
      var status = stat()
      return lstat(folder + "/" + name, &status) == 0 ? FileIdentity(status).modified : 0
    }
    let oldest = own.map { (name: $0, time: modified($0)) }.sorted { $0.time < $1.time }
    for file in oldest.prefix(own.count - most + 1) { unlink(folder + "/" + file.name) }
  }
}
