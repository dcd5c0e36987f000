import HDF5
import SpikeData
import TestSupport
import Testing

/// Neighbouring channels added up to one network input, against counts made here.
@Suite struct ChannelGroupTests {
  private static let sizes = [
    (channels: 10, group: 1), (10, 3), (10, 10), (130, 2), (701, 5), (700, 5), (4200, 1), (5000, 3), (65535, 7),
  ]

  /// Samples of random spikes with many repeats, in no order; one of them with late spikes only.
  private func fixture(channels: Int) -> SpikeFixture {
    var generator = SplitMix(state: UInt64(channels))
    var fixture = SpikeFixture(speakers: nil, keys: nil)
    let counts = (0..<70).map { _ in 1 + generator.below(400) }
    fixture.times = counts.map { n in (0..<n).map { _ in Float(generator.below(1200)) / 1000 } }
    // Half of the spikes on a few channels, so that groups and single channels both repeat.
    fixture.units = counts.map { n in
      (0..<n).map { k in UInt16(generator.below(k % 2 == 0 ? channels : min(channels, 12))) }
    }
    fixture.times[3] = fixture.times[3].map { _ in 1.15 }
    fixture.labels = counts.map { _ in 0 }
    return fixture
  }

  @Test(arguments: sizes) func neighboursAreAddedUp(channels: Int, group: Int) throws {
    let fixture = fixture(channels: channels)
    let image = try fixture.image()
    func load(_ duplicates: Binning.Duplicates, threads: Int = 1) throws -> SpikeDataset {
      try SpikeFixture.load(
        image, Binning(channels: channels, channelGroup: group, timeBins: 11, duplicates: duplicates), nil, threads)
    }
    let (count, twice, binary) = (try load(.count), try load(.count, threads: 2), try load(.binary))
    let inputs = channels / group + (channels % group == 0 ? 0 : 1)
    #expect(count.binning.inputs == inputs && count.binning.channels == channels)
    var (dropped, merged) = (0, 0)
    for sample in fixture.times.indices {
      var counts: [[Int]: Int] = [:]
      for (time, unit) in zip(fixture.times[sample], fixture.units[sample]) {
        let bin = Int(time * 10)
        if bin < 11 { counts[[bin, Int(unit) / group], default: 0] += 1 } else { dropped += 1 }
      }
      #expect(counts.keys.allSatisfy { $0[1] < inputs })
      let events = counts.keys.sorted { $0.lexicographicallyPrecedes($1) }
      let spikes = events.flatMap { repeatElement($0, count: counts[$0] ?? 0) }
      merged += spikes.count - events.count
      for data in [count, twice] {
        #expect(data.byTime(sample) == spikes)
        #expect(data.byChannel(sample) == spikes.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) })
      }
      // Merged after grouping: spikes on two channels of a group are one as well.
      #expect(binary.byTime(sample) == events)
      #expect(binary.byChannel(sample) == events.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) })
    }
    // Facts are about the channels of the file.
    let used = Set(fixture.units.joined())
    for data in [count, twice, binary] {
      let facts = data.facts
      #expect(facts.spikes == fixture.units.joined().count && facts.droppedSpikes == dropped && dropped > 0)
      #expect(facts.usedChannels == used.count && facts.highestChannel == used.max().map { Int($0) })
      #expect(facts.usedInputs == Set(used.map { Int($0) / group }).count)
    }
    #expect(binary.facts.mergedSpikes == merged && merged > 0 && count.facts.mergedSpikes == 0)
    #expect(binary.spikeCount == count.spikeCount - merged)
  }

  /// An event holds up to 256 spikes; no spike of a larger count is lost.
  @Test(arguments: [255, 256, 257, 512, 1000]) func largeCountsAreKept(_ spikes: Int) throws {
    let fixture = SpikeFixture(
      times: [[Float](repeating: 0.5, count: spikes)], units: [(0..<spikes).map { UInt16($0 % 10) }], labels: [0],
      speakers: nil, keys: nil)
    let image = try fixture.image()
    let data = try SpikeFixture.load(image, Binning(channels: 10, channelGroup: 10, timeBins: 11))
    #expect(data.byTime(0) == [[Int]](repeating: [5, 0], count: spikes))
    #expect(data.byChannel(0) == [[Int]](repeating: [5, 0], count: spikes))
    #expect(data.spikeCount == spikes && data.eventCount == (spikes + 255) / 256)
    let binary = try SpikeFixture.load(
      image, Binning(channels: 10, channelGroup: 10, timeBins: 11, duplicates: .binary))
    #expect(binary.byTime(0) == [[5, 0]] && binary.facts.mergedSpikes == spikes - 1)
  }

  @Test func unitsOutsideTheChannelsAreRefusedEvenIfTheirGroupExists() throws {
    var fixture = SpikeFixture()
    fixture.units[0][1] = 10
    let image = try fixture.image()
    let text = message { _ = try SpikeFixture.load(image, Binning(channels: 10, channelGroup: 4, timeBins: 11)) }
    #expect(text.contains("unit 10 at spike 1, but only channels 0..<10 exist (data.channels: 10)"))
  }

  @Test func theBuiltInTaskIsGroupedToo() {
    let speech = SyntheticSpeech(trainSamples: 24, testSamples: 0, seed: 3)
    let plain = speech.makeTrain(binning: Binning(channels: 101, timeBins: 40))
    let grouped = speech.makeTrain(binning: Binning(channels: 101, channelGroup: 5, timeBins: 40), threads: 2)
    #expect(grouped.binning.inputs == 21 && grouped.facts.usedChannels == plain.facts.usedChannels)
    #expect(grouped.facts.usedInputs == 21 && plain.facts.usedInputs == plain.facts.usedChannels)
    for sample in 0..<plain.count {
      let expected = plain.byTime(sample).map { [$0[0], $0[1] / 5] }
      #expect(grouped.byTime(sample) == expected.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }
}
