import Files
import Foundation

/// What is known about an entry without reading its events, as JSON.
struct EntryDescription: Codable {
  /// All that the events depend on.
  var key: String
  /// The file of the events: another one, or the same after a change, is not this entry's.
  var identity: FileIdentity
  /// Where the samples came from, for people.
  var source: String
  /// For people.
  var binning: String
  var samples: Int
  var spikes: Int

  /// Nil if there is none that can be used.
  static func read(_ path: String) -> EntryDescription? { readJSON(path) }

  /// - Throws: `FileWriteError`.
  func write(to path: String) throws { try writeJSON(self, to: path) }
}

/// A small file of the cache; nil if it is missing, damaged, or someone else's.
func readJSON<Value: Decodable>(_ path: String) -> Value? {
  guard let file = try? RegularFile(path), file.isOurs, let bytes = try? file.contents(limit: 1 << 16) else {
    return nil
  }
  return try? JSONDecoder().decode(Value.self, from: Data(bytes))
}

/// - Throws: `FileWriteError`.
func writeJSON(_ value: some Encodable, to path: String) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let bytes = try? encoder.encode(value) else { throw FileWriteError(path: path, reason: "no JSON") }
  try AtomicFile.write(Array(bytes), to: path, flushing: false)
}
