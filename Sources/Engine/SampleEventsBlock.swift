import KernelTable

/// The events of several samples, with one allocation per array, or in memory shared with others.
public final class SampleEventsBlock: Sendable {
  /// The lists of each bin, in one group per block of channels; their terms are channels.
  package let byTime: Storage
  /// The lists of each channel, in one group; their terms are bins.
  package let byChannel: Storage
  package let spikeCounts: [Int]

  package init(byTime: Storage, byChannel: Storage, spikeCounts: [Int]) {
    self.byTime = byTime
    self.byChannel = byChannel
    self.spikeCounts = spikeCounts
  }

  public var spikeCount: Int { spikeCounts.reduce(0, +) }
  /// Bytes of the arrays.
  public var bytes: Int { byTime.bytes + byChannel.bytes }

  /// What else than the events decides about the bytes of the arrays, as text: of two programs that differ here,
  /// neither can use the other's arrays.
  package static func layout(_ channels: Int) -> String {
    "\(SampleEvents.channelBlocks(of: channels)) groups, pairs of \(MemoryLayout<RowPair>.stride) bytes, terms of "
      + "\(MemoryLayout<TermPair>.stride)"
  }

  /// One sample's events, valid as long as the block lives.
  public func events(_ sample: Int) -> SampleEvents {
    SampleEvents(byTime: byTime.lists(sample), byChannel: byChannel.lists(sample), spikeCount: spikeCounts[sample])
  }

  /// Paired lists of several samples.
  package struct Storage: Sendable {
    package let pairs: SharedBuffer<RowPair>
    package let groups: SharedBuffer<UInt32>
    package let groupCount: Int
    package let terms: SharedBuffer<TermPair>
    /// Where each sample's pairs and terms begin.
    package let pairStarts: [Int]
    package let termStarts: [Int]

    package init(
      pairs: SharedBuffer<RowPair>, groups: SharedBuffer<UInt32>, groupCount: Int, terms: SharedBuffer<TermPair>,
      pairStarts: [Int], termStarts: [Int]
    ) {
      self.pairs = pairs
      self.groups = groups
      self.groupCount = groupCount
      self.terms = terms
      self.pairStarts = pairStarts
      self.termStarts = termStarts
    }

    func lists(_ sample: Int) -> PairedSparseRows {
      PairedSparseRows(
        pairs: pairs.pointer + pairStarts[sample], groups: groups.pointer + sample * (groupCount + 1),
        groupCount: groupCount, terms: terms.pointer + termStarts[sample])
    }

    var bytes: Int { pairs.bytes.count + groups.bytes.count + terms.bytes.count }

    /// Whether all lists lie within the arrays and all rows are below `rows`, so that kernels can follow them: what
    /// another program may have written need not be so. Terms are not looked at; see `TermDigest`.
    package func isSound(samples: Int, rows: Int) -> Bool {
      guard groupCount > 0, pairStarts.count == samples, termStarts.count == samples,
        groups.count == samples * (groupCount + 1)
      else { return false }
      for sample in 0..<samples {
        let (pairStart, termStart) = (pairStarts[sample], termStarts[sample])
        guard pairStart >= 0, termStart >= 0, pairStart < pairs.count, termStart <= terms.count else { return false }
        let own = groups.pointer + sample * (groupCount + 1)
        guard own[0] == 0 else { return false }
        for group in 0..<groupCount where own[group] > own[group + 1] { return false }
        // One more pair marks the end of the last.
        let end = Int(own[groupCount])
        guard end < pairs.count - pairStart else { return false }
        let list = pairs.pointer + pairStart
        for pair in 0..<end {
          guard Int(list[pair].first) < rows, Int(list[pair].second) < rows, list[pair].begin <= list[pair + 1].begin
          else { return false }
        }
        guard Int(list[end].begin) <= terms.count - termStart else { return false }
      }
      return true
    }
  }
}
