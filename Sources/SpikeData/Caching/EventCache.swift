import Engine
import Files
import Foundation
import SafeText
import Synchronization

/// A folder of binned data, so that a run need not read and bin its files again: what a dataset is computed from, its
/// key, names the entry.
///
/// An entry is two files, written to temporary names and renamed: the events (`EventCacheFile`), and a description that
/// says which file that is, down to device, inode and the time of its last change. Only a file of which all that is
/// true is used, and only if it belongs to the user who runs the program: neither damage nor an entry that came from
/// elsewhere, as with an unpacked archive, can give other numbers. What can't be used is computed again and replaced.
///
/// The folder also remembers the hashes of input files, see `hash(of:)`.
public final class EventCache: Sendable {
  public let folder: String
  /// The most bytes that all entries may take; the least recently used ones are removed.
  public let limit: Int

  /// Raised whenever binning gives other events or facts for the same key, or they are stored differently.
  static let format = 2

  /// Why the cache could not be used, the first time.
  private let firstProblem = Mutex<String?>(nil)

  public init(folder: String, limit: Int = EventCacheSettings.defaultLimit) {
    (self.folder, self.limit) = (folder, limit)
  }

  /// Why entries could not be written, if so; everything has been computed without them.
  public var problem: String? { firstProblem.withLock { $0 } }

  private func note(_ problem: String) { firstProblem.withLock { $0 = $0 ?? problem } }

  // MARK: Datasets

  /// How a dataset is to be read.
  struct Demand {
    /// What the samples are computed from, apart from the binning: the hashes of all files, and all parameters.
    var origin: String
    var binning: Binning
    /// `SpikeDataset.name` and `contentHash`.
    var name: String
    var hash: ContentHash?
    /// Labels must be below it.
    var classes: Int?
    var memoryLimit: Int
    var threads: Int

    /// All that the stored bytes depend on. The binning's description has all of its properties.
    var key: String {
      "snnexp \(EventCache.format)\n\(origin)\n\(binning)\n\(SampleEventsBlock.layout(binning.inputs))"
    }
  }

  /// A dataset from the cache, or else computed and kept.
  ///
  /// If several processes want the same one, one computes it and the others wait for it.
  /// - Throws: what `compute` throws; `CancellationError` if `shouldStop` returned true.
  func dataset(
    _ demand: Demand, shouldStop: () -> Bool, compute: () throws -> SpikeDataset
  ) throws -> SpikeDataset {
    let names = EntryNames(key: demand.key, folder: folder)
    if let found = read(demand, names) { return found }
    let lock: FileLock
    let isNew = access(folder, F_OK) != 0
    let parent = (folder as NSString).deletingLastPathComponent
    let isParentNew = isNew && access(parent, F_OK) != 0
    do {
      try prepareFolder()
      guard let taken = try FileLock.take(names.lock, seconds: Self.patience, shouldStop: shouldStop) else {
        return try compute()
      }
      lock = taken
    } catch let error as FileWriteError {
      note("\(error)")
      return try compute()
    }
    if let found = read(demand, names) {
      lock.release()
      return found
    }
    /// Bad input leaves nothing behind.
    func leaveNothing() {
      lock.release()
      if isNew && entries.isEmpty { _ = try? clear() }
      if isParentNew { rmdir(parent) }
    }
    let dataset: SpikeDataset
    do { dataset = try compute() } catch {
      leaveNothing()
      throw error
    }
    // Nothing can be learned from it.
    guard dataset.spikeCount > 0 else {
      leaveNothing()
      return dataset
    }
    do { try write(dataset, demand, names) } catch { note("\(error)") }
    lock.release()
    return dataset
  }

  /// Seconds to wait for another process that computes the same.
  private static let patience = 60.0

  private func read(_ demand: Demand, _ names: EntryNames) -> SpikeDataset? {
    guard let description = EntryDescription.read(names.description), description.key == demand.key,
      let file = try? RegularFile(names.events), file.isOurs, file.identity == description.identity,
      let dataset = EventCacheFile.read(file, demand), file.identity == description.identity
    else { return nil }
    // The description's time is that of the last use. An entry that can't be touched is used all the same.
    utimensat(AT_FDCWD, names.description, nil, 0)
    return dataset
  }

  private func write(_ dataset: SpikeDataset, _ demand: Demand, _ names: EntryNames) throws {
    let content = EventCacheFile(dataset, key: demand.key)
    guard content.size <= limit else {
      return note(
        "\(folder): \(demand.name) takes \(content.size >> 20) MiB once binned, and the cache may have "
          + "\(limit >> 20) MiB (SNNEXP_CACHE_SIZE)")
    }
    removeLeastRecentlyUsed(leaving: limit - content.size)
    if let free = DiskSpace.free(in: folder), free - content.size < Self.spareDisk {
      return note("\(folder): the disk is too full for another \(content.size >> 20) MiB")
    }
    unlink(names.description)
    try content.write(to: names.events)
    guard let file = try? RegularFile(names.events), let identity = file.identity, file.isOurs else {
      unlink(names.events)
      return note("\(folder): this file system does not keep who may write a file, so nothing is cached on it")
    }
    let description = EntryDescription(
      key: demand.key, identity: identity, source: demand.name, binning: demand.binning.summary, samples: dataset.count,
      spikes: dataset.spikeCount)
    try description.write(to: names.description)
  }

  /// Bytes of the disk that the cache leaves alone.
  private static let spareDisk = 256 << 20

  /// Creates the folder, marked as one that backups and git leave out.
  private func prepareFolder() throws {
    try AtomicFile.createFolder(folder)
    for (name, text) in Self.marks where access(folder + "/" + name, F_OK) != 0 {
      try AtomicFile.write(text, to: folder + "/" + name, flushing: false)
    }
  }

  private static let marks = [
    (".gitignore", "*\n"),
    (
      "CACHEDIR.TAG",
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This folder holds data that snnexp can compute again. See https://bford.info/cachedir/

      """
    ),
  ]

  // MARK: Entries

  /// An entry as `snnexp data cache list` shows it.
  public struct Entry: Sendable {
    /// The name of its file.
    public var file: String
    public var bytes: Int
    /// Seconds since 1970.
    public var lastUsed: Double
    /// What it was computed from, when it was: the path of a file. Nil if the description is missing or damaged.
    public var source: String?
    public var samples: Int?
    public var spikes: Int?
    /// The binning, as text.
    public var binning: String?
  }

  /// The entries, last used first.
  public var entries: [Entry] {
    names.compactMap { name -> Entry? in
      guard let names = EntryNames(eventsFile: name, folder: folder) else { return nil }
      var (events, description) = (stat(), stat())
      guard lstat(names.events, &events) == 0, events.st_mode & S_IFMT == S_IFREG else { return nil }
      let isDescribed = lstat(names.description, &description) == 0
      let known = isDescribed ? EntryDescription.read(names.description) : nil
      return Entry(
        file: name, bytes: Int(events.st_size),
        lastUsed: Double(FileIdentity(isDescribed ? description : events).modified) / 1e9,
        source: known?.source, samples: known?.samples, spikes: known?.spikes, binning: known?.binning)
    }.sorted { ($0.lastUsed, $1.file) > ($1.lastUsed, $0.file) }
  }

  /// Removes all that the cache has written into the folder, and the folder if nothing else is in it. Processes that use
  /// an entry keep it until they end.
  /// - Returns: the number of entries and their bytes.
  /// - Throws: `FileWriteError`.
  public func clear() throws -> (entries: Int, bytes: Int) {
    let entries = entries
    for name in names where Self.isOwn(name) {
      let path = folder + "/" + name
      if unlink(path) != 0 && errno != ENOENT {
        throw FileWriteError(path: path, reason: String(cString: strerror(errno)))
      }
    }
    removeLeftovers()
    rmdir(folder)
    return (entries.count, entries.reduce(0) { $0 + $1.bytes })
  }

  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  /// Whether a file is one of the cache's: a folder that the user names may hold others.
  private static func isOwn(_ name: String) -> Bool {
    EntryNames.isOwn(name) || RememberedHash.isOwn(name) || marks.contains { $0.0 == name }
  }

  /// Removes entries, the least recently used ones first, until no more than `bytes` are left.
  private func removeLeastRecentlyUsed(leaving bytes: Int) {
    removeLeftovers()
    var used = 0
    for entry in entries {
      used += entry.bytes
      // Without a description it may be about to get one.
      let isNew = entry.source == nil && Date().timeIntervalSince1970 - entry.lastUsed < 60
      guard used > bytes, !isNew, let names = EntryNames(eventsFile: entry.file, folder: folder) else { continue }
      unlink(names.description)
      unlink(names.events)
      used -= entry.bytes
    }
  }

  /// Removes temporary files of the cache that dead processes left.
  private func removeLeftovers() {
    let files = names.filter { $0.hasSuffix(".tmp") }.map { $0.split(separator: ".").prefix(2).joined(separator: ".") }
    for file in Set(files) where Self.isOwn(file) { AtomicFile.removeLeftovers(in: folder, of: file) }
  }

  // MARK: Hashes of input files

  /// The hash of a file's content, remembered as long as size, times, inode and device are the same.
  ///
  /// A file that changed just before it was read is hashed again next time: it might change once more within one step of
  /// the clock, and look the same.
  /// - Throws: `FileReadError`.
  public func hash(of file: RegularFile) throws(FileReadError) -> ContentHash {
    guard file.size >= RememberedHash.smallestFile, let before = file.identity else { return try file.hash() }
    let memory = RememberedHash.path(before, folder: folder)
    if let known = RememberedHash.read(memory), known.identity == before { return ContentHash(digits: known.hash) }
    let start = FileIdentity.now
    let hash = try file.hash()
    if before == file.identity, before.isSettled(at: start) {
      do {
        try prepareFolder()
        RememberedHash.removeOldest(names, folder: folder)
        try RememberedHash(identity: before, hash: hash.description).write(to: memory)
      } catch { note("\(error)") }
    }
    return hash
  }
}
