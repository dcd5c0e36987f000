import KernelTable

/// The events of several samples, with one allocation per array.
public final class SampleEventsBlock: Sendable {
  private let byTime: Storage
  private let byChannel: Storage
  private let spikeCounts: [Int]

  init(byTime: Storage, byChannel: Storage, spikeCounts: [Int]) {
    self.byTime = byTime
    self.byChannel = byChannel
    self.spikeCounts = spikeCounts
  }

  public var spikeCount: Int { spikeCounts.reduce(0, +) }
  /// Bytes of the arrays.
  public var bytes: Int { byTime.bytes + byChannel.bytes }

  /// One sample's events, valid as long as the block lives.
  public func events(_ sample: Int) -> SampleEvents {
    SampleEvents(byTime: byTime.lists(sample), byChannel: byChannel.lists(sample), spikeCount: spikeCounts[sample])
  }

  /// Paired lists of several samples.
  struct Storage: Sendable {
    let pairs: AlignedBuffer<RowPair>
    let groups: AlignedBuffer<UInt32>
    let groupCount: Int
    let terms: AlignedBuffer<TermPair>
    /// Where each sample's pairs and terms begin.
    let pairStarts: [Int]
    let termStarts: [Int]

    func lists(_ sample: Int) -> PairedSparseRows {
      PairedSparseRows(
        pairs: pairs.pointer + pairStarts[sample], groups: groups.pointer + sample * (groupCount + 1),
        groupCount: groupCount, terms: terms.pointer + termStarts[sample])
    }

    var bytes: Int {
      pairs.count * MemoryLayout<RowPair>.stride + groups.count * MemoryLayout<UInt32>.stride
        + terms.count * MemoryLayout<TermPair>.stride
    }
  }
}
