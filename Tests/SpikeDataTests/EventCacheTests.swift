import Files
import Foundation
import SpikeData
import TestSupport
import Testing

/// Binned data from the cache, against the same data read from their file.
@Suite struct EventCacheTests {
  /// A spike file and a cache.
  private final class Place {
    let folder: Folder
    let path: String
    let hash: ContentHash
    let fixture: SpikeFixture
    let cache: EventCache
    var binning = Binning(channels: 300, timeBins: 41)
    /// The fractions of the file that were read: none if the samples came from the cache.
    private(set) var progress: [Double] = []

    init(limit: Int = 1 << 30, samples: Int = 150) throws {
      folder = try Folder()
      var random = SplitMix(state: 7)
      let counts = (0..<samples).map { _ in 1 + random.below(80) }
      fixture = SpikeFixture(
        times: counts.map { n in (0..<n).map { _ in Float(random.below(1100)) / 1000 } },
        units: counts.map { n in (0..<n).map { _ in UInt16(random.below(300)) } },
        labels: (0..<samples).map { Int64($0 % 5) }, speakers: (0..<samples).map { Int64($0 % 3) }, keys: ["a", "b"])
      path = try folder.write(fixture.image(), "data.h5")
      hash = try SpikeFile.fingerprint(path: path)
      cache = EventCache(folder: folder.path + "/cache", limit: limit)
    }

    func load(
      _ cache: EventCache?, classes: Int? = nil, shouldStop: @escaping () -> Bool = { false }
    ) throws -> SpikeDataset {
      progress = []
      let request = LoadingRequest(
        binning: binning, timeStep: 0.001, classes: classes, threads: 2, cache: cache, hash: { [hash] _ in hash },
        shouldStop: shouldStop, progress: { self.progress.append($1) })
      return try SpikeFiles(train: path, test: path).load(request).train
    }

    var events: String { folder.path + "/cache/" + (cache.entries.first?.file ?? "") }
    var description: String { events.replacingOccurrences(of: ".bin", with: ".json") }

    /// Makes the description name the file as it is now: as if the disk had changed it.
    func adopt() throws {
      let file = try RegularFile(events)
      var json =
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: description))) as? [String: Any]
        ?? [:]
      json["identity"] = try JSONSerialization.jsonObject(with: JSONEncoder().encode(file.identity))
      try JSONSerialization.data(withJSONObject: json).write(to: URL(fileURLWithPath: description))
    }
  }

  private func expectEqual(_ a: SpikeDataset, _ b: SpikeDataset) {
    #expect(a.name == b.name && a.binning == b.binning && a.labels == b.labels && a.speakers == b.speakers)
    #expect(a.classNames == b.classNames && a.facts == b.facts && a.reachableBins == b.reachableBins)
    #expect(a.contentHash == b.contentHash && a.spikeCount == b.spikeCount && a.eventCount == b.eventCount)
    #expect(a.bytes == b.bytes)
    for sample in 0..<min(a.count, b.count) {
      let same =
        a.byTime(sample) == b.byTime(sample) && a.byChannel(sample) == b.byChannel(sample)
        && a.fingerprint(sample) == b.fingerprint(sample)
      #expect(same, "sample \(sample)")
    }
  }

  @Test(arguments: Binning.Rule.allCases) func whatIsCachedIsWhatWasComputed(_ rule: Binning.Rule) throws {
    let place = try Place()
    for (group, duplicates, alignment) in [
      (1, Binning.Duplicates.count, Binning.Alignment.none), (7, .binary, .firstSpike),
    ] {
      place.binning = Binning(
        channels: 300, channelGroup: group, timeBins: 41, rule: rule, duplicates: duplicates, alignment: alignment)
      let direct = try place.load(nil)
      expectEqual(try place.load(place.cache), direct)
      #expect(!place.progress.isEmpty)
      expectEqual(try place.load(place.cache), direct)
      #expect(place.progress.isEmpty)
    }
    #expect(place.cache.entries.count == 2 && place.cache.problem == nil)
    #expect(place.folder.files.allSatisfy { !$0.hasSuffix(".tmp") && !$0.hasSuffix(".lock") })
  }

  /// All that decides about the events decides about the entry.
  @Test func anotherBinningIsAnotherEntry() throws {
    let place = try Place()
    let changes: [(inout Binning) -> Void] = [
      { _ in }, { $0.channels = 301 }, { $0.channelGroup = 2 }, { $0.timeBins = 40 }, { $0.maxTime = 0.9 },
      { $0.rule = .uniform }, { $0.duplicates = .binary }, { $0.alignment = .firstSpike },
    ]
    for change in changes {
      place.binning = Binning(channels: 300, timeBins: 41)
      change(&place.binning)
      let loaded = try place.load(place.cache)
      #expect(!place.progress.isEmpty)
      expectEqual(loaded, try place.load(nil))
    }
    #expect(place.cache.entries.count == changes.count)
  }

  @Test func labelsAndStopsAreStillObeyed() throws {
    let place = try Place()
    _ = try place.load(place.cache)
    #expect(message { _ = try place.load(place.cache, classes: 4) }.contains("only labels 0..<4 exist"))
    _ = try place.load(place.cache, classes: 5)
    #expect(place.progress.isEmpty)
    place.binning.timeBins = 30
    #expect(throws: CancellationError.self) { try place.load(place.cache, shouldStop: { true }) }
  }

  /// Damage of any kind, also where nothing tells it from outside.
  @Test(arguments: [false, true]) func aDamagedEntryIsReplaced(_ isAdopted: Bool) throws {
    let place = try Place()
    let direct = try place.load(nil)
    _ = try place.load(place.cache)
    let sound = try Data(contentsOf: URL(fileURLWithPath: place.events))
    var random = SplitMix(state: 11)
    for round in 0..<120 {
      var bytes = sound
      switch round % 6 {
      case 0: bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
      case 1: bytes.removeLast(1 + random.below(bytes.count))
      case 2: bytes.append(contentsOf: [UInt8](repeating: 0, count: 1 + random.below(5000)))
      case 3:
        // The head and what follows it.
        bytes[random.below(4096)] = UInt8(truncatingIfNeeded: random.next())
        bytes[random.below(64)] ^= 1 << UInt8(random.below(8))
      case 4:
        let start = random.below(bytes.count - 8)
        for i in 0..<8 { bytes[start + i] = UInt8(truncatingIfNeeded: random.next()) }
      default: bytes = Data((0..<random.below(3000)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
      }
      let isChanged = bytes != sound
      try bytes.write(to: URL(fileURLWithPath: place.events))
      chmod(place.events, 0o644)
      if isAdopted { try place.adopt() }
      let loaded = try place.load(place.cache)
      // Between the description and the terms are bytes that mean nothing.
      let isRead = !place.progress.isEmpty
      if !isAdopted && isChanged { #expect(isRead, "round \(round)") }
      if round % 20 < 6 { expectEqual(loaded, direct) }
      #expect(loaded.spikeCount == direct.spikeCount, "round \(round)")
      if isRead {
        _ = try place.load(place.cache)
        #expect(place.progress.isEmpty, "not replaced in round \(round)")
      }
    }
    #expect(place.cache.problem == nil)
  }

  @Test func aDamagedDescriptionIsReplaced() throws {
    let place = try Place()
    _ = try place.load(place.cache)
    let sound = try Data(contentsOf: URL(fileURLWithPath: place.description))
    let deep = Data(String(repeating: "[", count: 60_000).utf8)
    for bytes in [Data(), Data("{}".utf8), sound.dropLast(9), deep, Data(repeating: 0x20, count: 1 << 17)] {
      try bytes.write(to: URL(fileURLWithPath: place.description))
      _ = place.cache.entries
      _ = try place.load(place.cache)
      #expect(!place.progress.isEmpty)
      _ = try place.load(place.cache)
      #expect(place.progress.isEmpty)
    }
  }

  /// A folder that was copied or unpacked holds files that someone else may have made.
  @Test func copiedEntriesAreNotUsed() throws {
    let place = try Place()
    _ = try place.load(place.cache)
    let copy = place.folder.path + "/copy"
    try FileManager.default.copyItem(atPath: place.cache.folder, toPath: copy)
    _ = try place.load(EventCache(folder: copy))
    #expect(!place.progress.isEmpty)
    // Nor those that others may write.
    chmod(place.events, 0o666)
    try place.adopt()
    _ = try place.load(place.cache)
    #expect(!place.progress.isEmpty)
  }

  @Test func specialFilesDoNotStopIt() throws {
    let place = try Place()
    let direct = try place.load(nil)
    _ = try place.load(place.cache)
    let (events, description) = (place.events, place.description)
    for file in [events, description] {
      unlink(file)
      mkfifo(file, 0o600)
      expectEqual(try place.load(place.cache), direct)
      #expect(!place.progress.isEmpty)
      unlink(file)
      try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
      expectEqual(try place.load(place.cache), direct)
      #expect(!place.progress.isEmpty)
      rmdir(file)
    }
    #expect(place.cache.problem?.contains("cannot write") == true)
  }

  /// Another program takes bytes away that are mapped.
  @Test(arguments: [0, 1 << 16, 1 << 17]) func aFileThatShrinksWhileItIsUsedIsNoticed(_ size: Int) throws {
    let place = try Place(samples: 900)
    _ = try place.load(place.cache)
    let data = try place.load(place.cache)
    #expect(place.progress.isEmpty)
    try data.verify()
    #expect(truncate(place.events, off_t(size)) == 0)
    var terms = 0
    for sample in 0..<data.count { data.events(sample).byTime.forEachTerm { _, _, _ in terms += 1 } }
    #expect(terms < data.eventCount)
    #expect(message { try data.verify() }.contains("it was changed by another program while it was in use"))
    // What comes next is right.
    expectEqual(try place.load(place.cache), try place.load(nil))
  }

  @Test func aFileThatIsWrittenWhileItIsUsedIsNoticed() throws {
    let place = try Place()
    _ = try place.load(place.cache)
    let data = try place.load(place.cache)
    let file = FileHandle(forWritingAtPath: place.events)
    try file?.seekToEnd()
    let end = try file?.offset() ?? 0
    try file?.seek(toOffset: end - 8)
    try file?.write(contentsOf: Data([1, 2, 3, 4, 5, 6, 7, 8]))
    #expect(message { try data.verify() }.contains("it was changed by another program while it was in use"))
  }

  /// Removing an entry, or renaming its folder, changes nothing for those who use it.
  @Test func aFileThatIsRemovedWhileItIsUsedStaysWhole() throws {
    let place = try Place()
    let direct = try place.load(place.cache)
    let data = try place.load(place.cache)
    #expect(try place.cache.clear().entries == 1)
    try data.verify()
    expectEqual(data, direct)
    #expect(!place.folder.exists("cache"))
  }

  @Test func theLeastRecentlyUsedEntriesGo() throws {
    let place = try Place()
    _ = try place.load(place.cache)
    let size = try #require(place.cache.entries.first?.bytes)
    let small = EventCache(folder: place.cache.folder, limit: 3 * size + size / 2)
    for bins in [42, 43, 44, 41, 45] {
      place.binning.timeBins = bins
      _ = try place.load(small)
      #expect(small.entries.reduce(0) { $0 + $1.bytes } <= small.limit)
    }
    #expect(small.entries.count == 3 && small.problem == nil)
    // The last ones are there.
    for bins in [44, 41, 45] {
      place.binning.timeBins = bins
      _ = try place.load(small)
      #expect(place.progress.isEmpty, "\(bins)")
    }
    // One that is larger than all may be is not kept, and that is told.
    let tiny = EventCache(folder: place.folder.path + "/tiny", limit: 100)
    _ = try place.load(tiny)
    #expect(tiny.entries.isEmpty && tiny.problem?.contains("SNNEXP_CACHE_SIZE") == true)
  }

  @Test func aFolderThatCantBeWrittenIsTold() throws {
    let place = try Place()
    let cache = EventCache(folder: place.path + "/below a file")
    expectEqual(try place.load(cache), try place.load(nil))
    #expect(cache.problem?.contains("cannot write") == true && cache.entries.isEmpty)
  }

  /// A folder that the user names may hold other things.
  @Test func clearingLeavesOtherFilesAlone() throws {
    let place = try Place()
    let others = [
      "notes.txt", "events-1.bin", "old.tmp", "hash-x.json", "events-\(String(repeating: "g", count: 32)).bin",
    ]
    for name in others { try place.folder.write("mine", "cache/" + name) }
    _ = try place.load(place.cache)
    _ = try place.cache.clear()
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: place.cache.folder)) == Set(others))
  }

  // MARK: Hashes

  /// Written by the compiler long ago.
  private let settled = CommandLine.arguments[0]

  private func remembered(_ folder: Folder) -> [String] { folder.files.filter { $0.hasPrefix("cache/hash-") } }

  @Test func hashesOfSettledFilesAreRemembered() throws {
    let folder = try Folder()
    let cache = EventCache(folder: folder.path + "/cache")
    let file = try RegularFile(settled)
    try #require(file.identity?.isSettled(at: FileIdentity.now) == true)
    let hash = try file.hash()
    #expect(try cache.hash(of: file) == hash)
    let memory = try #require(remembered(folder).first)
    // It is used: another hash in its place is believed.
    let text = String(decoding: try folder.contents(memory), as: UTF8.self)
    let other = String(repeating: "a", count: 64)
    try folder.write(text.replacingOccurrences(of: hash.description, with: other), memory)
    chmod(folder.path + "/" + memory, 0o644)
    #expect(try cache.hash(of: file).description == other)
    // But not for a file that looks different in any way.
    for part in ["changed", "device", "inode", "modified", "size"] {
      let changed = text.replacing(try Regex("\"\(part)\":[0-9]"), with: "\"\(part)\":1")
        .replacingOccurrences(of: hash.description, with: other)
      if changed.contains("\"\(part)\":1") && text.contains("\"\(part)\":1") { continue }
      try folder.write(changed, memory)
      #expect(try cache.hash(of: file) == hash, "\(part)")
    }
    for bad in ["", "{", "[]", text.replacingOccurrences(of: hash.description, with: "12")] {
      try folder.write(bad, memory)
      #expect(try cache.hash(of: file) == hash)
    }
  }

  /// As git's index does with files that changed just before it was written: within one step of the clock they may change
  /// again and look the same.
  @Test func hashesOfFilesThatJustChangedAreNotRemembered() throws {
    let folder = try Folder()
    let cache = EventCache(folder: folder.path + "/cache")
    let path = try folder.write([UInt8](repeating: 1, count: 1 << 20), "data.bin")
    // Setting the time of modification back does not hide the change.
    let past = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    utimensat(AT_FDCWD, path, past, 0)
    let file = try RegularFile(path)
    #expect(try cache.hash(of: file) == file.hash())
    #expect(remembered(folder).isEmpty)
    let identity = try #require(file.identity)
    #expect(!identity.isSettled(at: identity.changed + 2_000_000_000))
    #expect(identity.isSettled(at: identity.changed + 3_000_000_000))
  }

  @Test func sizesAreReadWithUnits() {
    let sizes: [(String, Int?)] = [
      ("0", 0), ("1000", 1000), ("500 MB", 500_000_000), ("2GiB", 2 << 30), ("1.5k", 1500), ("1T", 1_000_000_000_000),
      ("3 kib", 3072), ("", nil), ("-1", nil), ("MB", nil), ("5 X", nil), ("5 MBB", nil), ("1e400", nil),
      ("99999999999999T", nil),
    ]
    for (text, bytes) in sizes { #expect(EventCacheSettings.bytes(text) == bytes, "\(text)") }
  }
}
