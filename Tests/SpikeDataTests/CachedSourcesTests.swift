import Files
import SpikeData
import TestSupport
import Testing

/// Images and event files from the cache, against the same samples computed from their files.
@Suite struct CachedSourcesTests {
  /// A cache, and the requests that use it.
  private final class Place {
    let folder: Folder
    let cache: EventCache
    var binning = Binning(channels: 8, timeBins: 20, maxTime: 1, rule: .uniform)
    var timeStep = 1e-3
    /// Whether a file was read.
    private(set) var hasRead = false

    init() throws {
      folder = try Folder()
      cache = EventCache(folder: folder.path + "/cache")
    }

    func load(
      _ source: some SpikeSource, cached: Bool = true, classes: Int? = nil
    ) throws -> (train: SpikeDataset, test: SpikeDataset) {
      hasRead = false
      return try source.load(
        LoadingRequest(
          binning: binning, timeStep: timeStep, classes: classes, threads: 2, cache: cached ? cache : nil,
          hash: { try? RegularFile($0).hash() }, progress: { _, _ in self.hasRead = true }))
    }

    /// Loads it without the cache, into it and from it.
    func check(_ source: some SpikeSource, _ comment: Comment) throws {
      let direct = try load(source, cached: false)
      for isRead in [true, false] {
        let found = try load(source)
        #expect(hasRead == isRead, comment)
        for (a, b) in [(found.train, direct.train), (found.test, direct.test)] {
          #expect(a.content == b.content && a.facts == b.facts && a.speakers == b.speakers, comment)
          #expect(a.name == b.name && a.contentHash == b.contentHash && a.reachableBins == b.reachableBins, comment)
          #expect((0..<a.count).allSatisfy { a.fingerprint($0) == b.fingerprint($0) }, comment)
        }
      }
    }
  }

  /// All that the samples depend on is part of an entry's name.
  @Test func images() throws {
    let place = try Place()
    place.binning = Binning(channels: 784, timeBins: 100, maxTime: 0.1, rule: .uniform)
    let folder = try fixture("fashion-mnist")
    try place.check(LatencyImages(folder: folder), "the defaults")
    try place.check(LatencyImages(folder: folder, tau: 0.021), "tau")
    try place.check(LatencyImages(folder: folder, threshold: 0.21), "threshold")
    place.timeStep = 2e-3
    try place.check(LatencyImages(folder: folder), "time step")
    place.binning.timeBins = 50
    try place.check(LatencyImages(folder: folder), "time bins")
    #expect(place.cache.entries.count == 10)
    #expect(errorText { _ = try place.load(LatencyImages(folder: folder), classes: 1) }.contains("only labels 0..<1"))
  }

  @Test(arguments: ["events.csv", "events.npz"]) func events(_ name: String) throws {
    let place = try Place()
    let path = try fixture(name)
    func source(_ unit: EventTimeUnit) -> EventRecordings {
      EventRecordings(file: path, unit: unit, tested: .fraction(0.25))
    }
    for unit in EventTimeUnit.allCases { try place.check(source(unit), "\(unit)") }
    place.binning.alignment = .firstSpike
    try place.check(source(.s), "alignment")
    #expect(place.cache.entries.count == EventTimeUnit.allCases.count + 1)
    #expect(errorText { _ = try place.load(source(.s), classes: 2) }.contains("only labels 0..<2"))
  }

  /// The labels of images are in a file of their own.
  @Test func anotherFileOfLabelsIsAnotherEntry() throws {
    let place = try Place()
    place.binning = Binning(channels: 4, timeBins: 100, maxTime: 0.1, rule: .uniform)
    let folder = try Folder()
    func write(label: UInt8) throws {
      for name in ["train", "t10k"] {
        try folder.write(idx([2, 2, 2], [0, 60, 120, 255, 255, 0, 60, 120]), "\(name)-images-idx3-ubyte")
        try folder.write(idx([2], [0, label]), "\(name)-labels-idx1-ubyte")
      }
    }
    for label in [1, 2] as [UInt8] {
      try write(label: label)
      try place.check(LatencyImages(folder: folder.path), "label \(label)")
      #expect(try place.load(LatencyImages(folder: folder.path)).train.labels == [0, Int(label)])
    }
  }
}
