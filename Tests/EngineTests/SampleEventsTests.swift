import Engine
import KernelTable
import Testing

@Suite struct SampleEventsTests {
  /// The order by channel holds the same events as that by time, each channel once, within its group those with most
  /// events first.
  @Test(arguments: 0..<10) func sortsByChannel(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "sortByChannel")
    let (bins, channels) = (1 + random.below(30), 1 + random.below(60))
    var (byTime, timeOffsets): ([CountedEvent], [UInt32]) = ([], [0])
    for _ in 0..<bins {
      for channel in 0..<channels where random.below(4) == 0 {
        byTime.append(CountedEvent(index: channel, count: 1 + random.below(3)))
      }
      timeOffsets.append(UInt32(byTime.count))
    }
    var order = [UInt16](repeating: 0, count: channels)
    var byChannel = byTime
    var offsets = [UInt32](repeating: 0, count: channels + 1)
    byTime.append(CountedEvent(index: 0, count: 1))  // so that it has an address if there are no events
    SampleEvents.sortByChannel(
      byTime: byTime, timeOffsets: timeOffsets, timeBins: bins, channels: channels, order: &order,
      byChannel: &byChannel, offsets: &offsets)

    var events: [[Int]] = []
    for position in 0..<channels {
      let list = byChannel[Int(offsets[position])..<Int(offsets[position + 1])]
      #expect(list.map(\.index) == list.map(\.index).sorted())
      events += list.map { [$0.index, Int(order[position]), Int($0.count)] }
    }
    var expected: [[Int]] = []
    for t in 0..<bins {
      expected += byTime[Int(timeOffsets[t])..<Int(timeOffsets[t + 1])].map { [t, $0.index, Int($0.count)] }
    }
    let ascending: ([Int], [Int]) -> Bool = { $0.lexicographicallyPrecedes($1) }
    #expect(events.sorted(by: ascending) == expected.sorted(by: ascending))
    for group in 0..<SampleEvents.channelGroups {
      let range = SampleEvents.channels(ofGroup: group, of: channels)
      #expect(Set(order[range].map { Int($0) }) == Set(range))
      let lengths = range.map { offsets[$0 + 1] - offsets[$0] }
      #expect(lengths == lengths.sorted(by: >))
    }
  }
}
