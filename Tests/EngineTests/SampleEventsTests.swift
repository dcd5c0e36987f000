import Engine
import KernelTable
import Testing

@Suite struct SampleEventsTests {
  /// Both orders contain each event of each sample once, in its group, and rows are paired by equal length.
  @Test(arguments: 0..<12) func holdsEachEventInBothOrders(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "events")
    // One block of channels, or several.
    let (bins, channels) = (1 + random.below(30), 1 + random.below(round % 2 == 0 ? 60 : 600))
    var builder = SampleEventsBuilder(timeBins: bins, channels: channels)
    var samples: [[[Int]]] = []
    for sample in 0..<4 {
      var (events, ends, expected) = ([CountedEvent](), [Int](), [[Int]]())
      for bin in 0..<bins {
        // The third sample is empty.
        for channel in 0..<channels where random.below(4) == 0 && sample != 2 {
          // More spikes than one event can count become several events, so a list may be longer than the number of bins
          // or channels.
          for _ in 0..<(round % 3 == 0 && random.below(20) == 0 ? 40 : 1) {
            let count = 1 + random.below(3)
            events.append(CountedEvent(index: channel, count: count))
            expected.append([bin, channel, count])
          }
        }
        ends.append(events.count)
      }
      builder.add(events, ends: ends)
      samples.append(expected)
    }
    let block = builder.block()
    for (sample, expected) in samples.enumerated() {
      withExtendedLifetime(block) {
        let events = block.events(sample)
        #expect(events.spikeCount == expected.reduce(0) { $0 + $1[2] })

        let blocks = SampleEvents.channelBlocks(of: channels)
        #expect(blocks == (channels + 175) / 176)
        let byTime = check(events.byTime, groups: blocks, longest: (channels + blocks - 1) / blocks) {
          group, bin, channel in
          channel * blocks / channels == group
        }
        #expect(byTime.map { [$0.row, $0.index, $0.count] }.sorted(by: ascending) == expected.sorted(by: ascending))

        let byChannel = check(events.byChannel, groups: 1, longest: bins) { _, _, _ in true }
        #expect(byChannel.map { [$0.index, $0.row, $0.count] }.sorted(by: ascending) == expected.sorted(by: ascending))

        let first = events.byTime.pairs(ofGroups: 0..<1).flatMap { p in
          [Int(events.byTime.pairs[p].first), Int(events.byTime.pairs[p].second)]
        }
        #expect(Set(first) == Set(0..<bins), "every bin gets a current")
      }
    }
  }

  private let ascending: ([Int], [Int]) -> Bool = { $0.lexicographicallyPrecedes($1) }

  /// The terms of all lists, after checks of their form.
  private func check(
    _ lists: PairedSparseRows, groups: Int, longest: Int, isIn: (_ group: Int, _ row: Int, _ index: Int) -> Bool
  ) -> [(row: Int, index: Int, count: Int)] {
    var terms: [(row: Int, index: Int, count: Int)] = []
    #expect(lists.groupCount == groups)
    for group in 0..<groups {
      var rows: [Int] = []
      var lengths: [Int] = []
      for p in lists.pairs(ofGroups: group..<group + 1) {
        let range = Int(lists.pairs[p].begin)..<Int(lists.pairs[p + 1].begin)
        let first = range.map { lists.terms[$0].first }
        let second = range.map { lists.terms[$0].second }
        let (listedFirst, listed) = (Array(first.prefix { $0.count > 0 }), Array(second.prefix { $0.count > 0 }))
        #expect(first[listedFirst.count...].allSatisfy { $0.count == 0 })
        #expect(second[listed.count...].allSatisfy { $0.count == 0 })
        #expect(max(listedFirst.count, listed.count) == range.count)
        lengths.append(listedFirst.count)
        if lists.pairs[p].second == lists.pairs[p].first {
          #expect(listed.isEmpty)
        } else {
          lengths.append(listed.count)
          rows.append(Int(lists.pairs[p].second))
        }
        rows.append(Int(lists.pairs[p].first))
        for (row, list) in [(lists.pairs[p].first, listedFirst), (lists.pairs[p].second, listed)] {
          #expect(list.map(\.index) == list.map(\.index).sorted())
          for term in list {
            #expect(isIn(group, Int(row), term.index))
            terms.append((Int(row), term.index, Int(term.count)))
          }
        }
      }
      let sorted = lengths.map { min($0, longest) }
      #expect(sorted == sorted.sorted(by: >))
      #expect(Set(rows).count == rows.count, "a row is in one pair of a group")
    }
    var visited: [[Int]] = []
    lists.forEachTerm { visited.append([$0, $1, $2]) }
    #expect(visited.sorted(by: ascending) == terms.map { [$0.row, $0.index, $0.count] }.sorted(by: ascending))
    return terms
  }
}
