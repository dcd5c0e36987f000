import Engine
import Files
import Foundation
import KernelTable

/// The file of a dataset in the cache: a head of fixed size, then everything but the terms of the events, then the
/// terms, which are most of it. A reader copies the first two into its own memory, so that no list can lead out of its
/// array whatever happens to the file, and maps the terms.
///
/// All parts have fingerprints, which are checked before anything is used.
struct EventCacheFile {
  private let dataset: SpikeDataset
  private let description: [UInt8]
  private let termsStart: Int

  private static let magic: UInt64 = 0x7365_6e70_786e_6e73  // "snnxpnes", in this machine's byte order
  private static let headWords = 8
  /// Large enough for the pages of all systems.
  private static let pageSize = 64 << 10

  /// The bytes of the whole file.
  let size: Int

  /// What is written in the head.
  private struct Head {
    var size, descriptionSize: Int
    var fingerprint: UInt64

    /// The last word is the fingerprint of the others.
    var words: [UInt64] {
      var words = [
        EventCacheFile.magic, UInt64(EventCache.format), UInt64(size), UInt64(descriptionSize), fingerprint, 0, 0,
      ]
      words.append(Self.fingerprint(of: words))
      return words
    }

    init(size: Int, descriptionSize: Int, fingerprint: UInt64) {
      (self.size, self.descriptionSize, self.fingerprint) = (size, descriptionSize, fingerprint)
    }

    init?(_ words: [UInt64]) {
      guard words.count == EventCacheFile.headWords, let last = words.last,
        last == Self.fingerprint(of: words.dropLast()), let size = Int(exactly: words[2]),
        let descriptionSize = Int(exactly: words[3])
      else { return nil }
      self.init(size: size, descriptionSize: descriptionSize, fingerprint: words[4])
      guard words == self.words else { return nil }
    }

    private static func fingerprint(of words: some Sequence<UInt64>) -> UInt64 {
      words.reduce(into: Fingerprint()) { $0.combine($1) }.value
    }
  }

  init(_ dataset: SpikeDataset, key: String) {
    self.dataset = dataset
    var encoder = CacheEncoder()
    encoder.add(key)
    encoder.add((try? String(decoding: JSONEncoder().encode(dataset.facts), as: UTF8.self)) ?? "")
    encoder.add(dataset.reachableBins)
    encoder.add(dataset.labels)
    encoder.add(dataset.speakers == nil ? 0 : 1)
    encoder.add(dataset.speakers ?? [])
    encoder.add(dataset.classNames == nil ? -1 : dataset.classNames?.count ?? 0)
    for name in dataset.classNames ?? [] { encoder.add(name) }
    encoder.add(dataset.blocks.count)
    for block in dataset.blocks {
      encoder.add(block.eventCount)
      encoder.add(block.fingerprints)
      encoder.add(block.block.spikeCounts)
      for lists in [block.block.byTime, block.block.byChannel] {
        encoder.add(lists.groupCount)
        encoder.add(lists.pairs.bytes, lists.pairs.count)
        encoder.add(lists.groups.bytes, lists.groups.count)
        encoder.add(lists.pairStarts)
        encoder.add(lists.termStarts)
        let digest = TermDigest(lists.terms)
        encoder.add(lists.terms.count)
        encoder.add([digest.fingerprint])
      }
    }
    description = encoder.bytes
    termsStart = (Self.headWords * 8 + description.count + Self.pageSize - 1) / Self.pageSize * Self.pageSize
    size =
      termsStart
      + dataset.blocks.reduce(0) {
        $0 + $1.block.byTime.terms.bytes.count + $1.block.byChannel.terms.bytes.count
      }
  }

  /// - Throws: `FileWriteError`.
  func write(to path: String) throws {
    let file = try AtomicFile(path)
    var fingerprint = Fingerprint()
    fingerprint.combine(bytes: description)
    let head = Head(size: size, descriptionSize: description.count, fingerprint: fingerprint.value)
    try head.words.withUnsafeBytes { try file.append($0) }
    try description.withUnsafeBytes { try file.append($0) }
    try file.append([UInt8](repeating: 0, count: termsStart - Self.headWords * 8 - description.count))
    for block in dataset.blocks {
      try file.append(block.block.byTime.terms.bytes)
      try file.append(block.block.byChannel.terms.bytes)
    }
    try file.commit(flushing: false)
  }

  /// The dataset in a file; nil unless it is the wanted one and intact.
  static func read(_ file: RegularFile, _ demand: EventCache.Demand) -> SpikeDataset? {
    var words = [UInt64](repeating: 0, count: headWords)
    guard words.withUnsafeMutableBytes({ file.read(into: $0, at: 0) }), let head = Head(words), head.size == file.size,
      head.size <= demand.memoryLimit, head.descriptionSize >= 0, head.descriptionSize <= file.size
    else { return nil }
    let description = AlignedBuffer<UInt8>(count: head.descriptionSize)
    let bytes = UnsafeMutableRawBufferPointer(start: description.pointer, count: description.count)
    var fingerprint = Fingerprint()
    guard file.read(into: bytes, at: headWords * 8) else { return nil }
    fingerprint.combine(bytes: UnsafeRawBufferPointer(bytes))
    guard fingerprint.value == head.fingerprint else { return nil }
    let termsStart = (headWords * 8 + head.descriptionSize + pageSize - 1) / pageSize * pageSize
    // Without a single event there is nothing to map.
    guard let mapped = MappedFile(file, offset: termsStart) else { return nil }
    var contents = Contents(CacheDecoder(description), mapped)
    return contents.dataset(demand)
  }

  /// What is read, piece by piece.
  private struct Contents {
    private var decoder: CacheDecoder
    private let mapped: MappedFile
    private var nextTerm = 0
    private var digests: [(terms: SharedBuffer<TermPair>, fingerprint: UInt64, limit: Int)] = []

    init(_ decoder: CacheDecoder, _ mapped: MappedFile) { (self.decoder, self.mapped) = (decoder, mapped) }

    mutating func dataset(_ demand: EventCache.Demand) -> SpikeDataset? {
      guard decoder.text() == demand.key, let json = decoder.text(),
        let facts = try? JSONDecoder().decode(SpikeFacts.self, from: Data(json.utf8)),
        let reachableBins = decoder.number(), let labels: [Int] = decoder.array(), !labels.isEmpty,
        labels.allSatisfy({ (0..<min(65536, demand.classes ?? 65536)).contains($0) }),
        let hasSpeakers = decoder.number(), let speakers: [Int] = decoder.array(),
        hasSpeakers == 0 || speakers.count == labels.count, let nameCount = decoder.number()
      else { return nil }
      var names: [String]?
      if nameCount >= 0 {
        var found: [String] = []
        while found.count < nameCount {
          guard let name = decoder.text() else { return nil }
          found.append(name)
        }
        names = found
      }
      guard let count = decoder.number(), count == (labels.count + EventBlock.samples - 1) / EventBlock.samples else {
        return nil
      }
      var blocks: [EventBlock] = []
      for index in 0..<count {
        guard
          let block = block(
            samples: min(EventBlock.samples, labels.count - index * EventBlock.samples), binning: demand.binning)
        else { return nil }
        blocks.append(block)
      }
      guard nextTerm * MemoryLayout<TermPair>.stride == mapped.count else { return nil }
      let check = TermCheck(mapped: mapped, lists: digests, threads: demand.threads)
      guard check.isIntact else { return nil }
      return SpikeDataset(
        name: demand.name, binning: demand.binning, labels: labels, speakers: hasSpeakers == 0 ? nil : speakers,
        classNames: names, facts: facts, reachableBins: reachableBins, contentHash: demand.hash, blocks: blocks,
        source: check)
    }

    private mutating func block(samples: Int, binning: Binning) -> EventBlock? {
      let (bins, inputs) = (binning.timeBins, binning.inputs)
      guard let eventCount = decoder.number(), let fingerprints: [UInt64] = decoder.array(),
        let spikeCounts: [Int] = decoder.array(), fingerprints.count == samples, spikeCounts.count == samples,
        let byTime = lists(samples, rows: bins, indices: inputs, groups: SampleEvents.channelBlocks(of: inputs)),
        let byChannel = lists(samples, rows: inputs, indices: bins, groups: 1)
      else { return nil }
      return EventBlock(
        block: SampleEventsBlock(byTime: byTime, byChannel: byChannel, spikeCounts: spikeCounts),
        eventCount: eventCount, fingerprints: fingerprints)
    }

    private mutating func lists(
      _ samples: Int, rows: Int, indices: Int, groups wanted: Int
    ) -> SampleEventsBlock.Storage? {
      guard let groupCount = decoder.number(), groupCount == wanted,
        let pairs: SharedBuffer<RowPair> = decoder.elements(), let groups: SharedBuffer<UInt32> = decoder.elements(),
        let pairStarts: [Int] = decoder.array(), let termStarts: [Int] = decoder.array(),
        let termCount = decoder.number(), termCount >= 0, let fingerprint: [UInt64] = decoder.array(),
        fingerprint.count == 1, termCount <= mapped.count / MemoryLayout<TermPair>.stride - nextTerm
      else { return nil }
      let start = mapped.start.assumingMemoryBound(to: TermPair.self) + nextTerm
      nextTerm += termCount
      let terms = SharedBuffer(pointer: start, count: termCount, owner: mapped)
      digests.append((terms, fingerprint[0], indices))
      let storage = SampleEventsBlock.Storage(
        pairs: pairs, groups: groups, groupCount: groupCount, terms: terms, pairStarts: pairStarts,
        termStarts: termStarts)
      return storage.isSound(samples: samples, rows: rows) ? storage : nil
    }
  }
}
