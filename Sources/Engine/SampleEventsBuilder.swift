import KernelTable

/// Collects the events of samples for a `SampleEventsBlock`.
public struct SampleEventsBuilder {
  private let timeBins: Int
  private let channels: Int
  private let blocks: Int
  private var byTime: Lists
  private var byChannel: Lists
  private var spikeCounts: [Int] = []

  public init(timeBins: Int, channels: Int) {
    self.timeBins = timeBins
    self.channels = channels
    blocks = SampleEvents.channelBlocks(of: channels)
    byTime = Lists(keys: blocks * timeBins, longest: (channels + blocks - 1) / blocks, groups: blocks)
    byChannel = Lists(keys: channels, longest: timeBins, groups: 1)
  }

  /// Adds a sample.
  ///
  /// - Parameters:
  ///   - events: channels with counts, bin after bin, ascending within a bin.
  ///   - ends: where the events of each bin end.
  public mutating func add(_ events: [CountedEvent], ends: [Int]) {
    let (timeBins, channels, blocks) = (timeBins, channels, blocks)
    let blockOf = { (channel: Int) in channel * blocks / channels }
    func forEach(_ body: (_ bin: Int, _ event: CountedEvent) -> Void) {
      var e = 0
      for bin in 0..<timeBins {
        while e < ends[bin] {
          body(bin, events[e])
          e += 1
        }
      }
    }
    forEach { bin, event in
      byTime.counts[blockOf(event.index) * timeBins + bin] += 1
      byChannel.counts[event.index] += 1
    }
    for block in 0..<blocks {
      let first = block * timeBins
      byTime.place(first..<first + timeBins, firstKey: first, keepEmpty: block == 0)
    }
    byChannel.place(0..<channels, firstKey: 0, keepEmpty: false)
    byTime.fill { put in forEach { bin, event in put(blockOf(event.index) * timeBins + bin, event) } }
    byChannel.fill { put in
      forEach { bin, event in put(event.index, CountedEvent(index: bin, count: Int(event.count))) }
    }
    spikeCounts.append(events.reduce(0) { $0 + Int($1.count) })
  }

  public func block() -> SampleEventsBlock {
    SampleEventsBlock(byTime: byTime.storage(), byChannel: byChannel.storage(), spikeCounts: spikeCounts)
  }

  /// Paired lists to which samples are appended.
  private struct Lists {
    var counts: [UInt32]
    private let placer: RowPairPlacer
    private let groupCount: Int
    private var pairs: [RowPair] = []
    private var groups: [UInt32] = []
    private var terms: [TermPair] = []
    private var pairStarts: [Int] = []
    private var termStarts: [Int] = []
    // Of the current sample.
    private var samplePairs: [RowPair]
    private var (pairCount, termCount) = (0, 0)

    init(keys: Int, longest: Int, groups: Int) {
      counts = [UInt32](repeating: 0, count: keys)
      placer = RowPairPlacer(keys: keys, longest: longest)
      groupCount = groups
      samplePairs = [RowPair](repeating: RowPair(first: 0, second: 0, begin: 0), count: (keys + groups) / 2 + 1)
    }

    mutating func place(_ keys: Range<Int>, firstKey: Int, keepEmpty: Bool) {
      groups.append(UInt32(pairCount))
      let (placer, counts) = (placer, counts)
      var (pairCount, termCount) = (pairCount, termCount)
      samplePairs.withUnsafeMutableBufferPointer { pairs in
        guard let pairs = pairs.baseAddress else { return }
        counts.withUnsafeBufferPointer { counts in
          guard let counts = counts.baseAddress else { return }
          placer.place(
            keys: keys, firstKey: firstKey, counts: counts, keepEmpty: keepEmpty, pairs: pairs, pairCount: &pairCount,
            termCount: &termCount)
        }
      }
      (self.pairCount, self.termCount) = (pairCount, termCount)
    }

    /// Finishes the sample. `body` is given a function that takes a key and its next term.
    mutating func fill(_ body: ((Int, CountedEvent) -> Void) -> Void) {
      groups.append(UInt32(pairCount))
      pairStarts.append(pairs.count)
      termStarts.append(terms.count)
      pairs += samplePairs[...pairCount]
      terms += repeatElement(TermPair(), count: termCount)
      let (next, start) = (placer.next.pointer, 2 * (terms.count - termCount))
      terms.withUnsafeMutableBytes { bytes in
        let words = bytes.bindMemory(to: CountedEvent.self)
        body { key, term in
          words[start + Int(next[key])] = term
          next[key] += 2
        }
      }
      for key in counts.indices { counts[key] = 0 }
      (pairCount, termCount) = (0, 0)
    }

    func storage() -> SampleEventsBlock.Storage {
      func copy<Element: BitwiseCopyable>(_ array: [Element]) -> SharedBuffer<Element> {
        let buffer = AlignedBuffer<Element>(count: array.count)
        array.withUnsafeBufferPointer { source in
          if let start = source.baseAddress { buffer.pointer.update(from: start, count: array.count) }
        }
        return SharedBuffer(buffer)
      }
      return SampleEventsBlock.Storage(
        pairs: copy(pairs), groups: copy(groups), groupCount: groupCount, terms: copy(terms), pairStarts: pairStarts,
        termStarts: termStarts)
    }
  }
}
