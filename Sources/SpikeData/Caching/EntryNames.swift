import Files

/// The paths of an entry's files.
struct EntryNames {
  /// The events, the description, and what a process that computes them holds.
  var events, description, lock: String

  private static let prefix = "events-"
  private static let digits = 32

  init(key: String, folder: String) {
    self.init(stem: Self.prefix + ContentHash(of: key).description.prefix(Self.digits), folder: folder)
  }

  /// Nil if a file is not the events of an entry.
  init?(eventsFile name: String, folder: String) {
    guard name.hasSuffix(".bin"), Self.isOwn(name) else { return nil }
    self.init(stem: String(name.dropLast(4)), folder: folder)
  }

  private init(stem: String, folder: String) {
    let stem = folder + "/" + stem
    (events, description, lock) = (stem + ".bin", stem + ".json", stem + ".lock")
  }

  /// Whether a file's name is that of a file of an entry.
  static func isOwn(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, ["bin", "json", "lock"].contains(parts[1]), parts[0].hasPrefix(prefix) else { return false }
    let hash = parts[0].dropFirst(prefix.count)
    return hash.utf8.count == digits
      && hash.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
