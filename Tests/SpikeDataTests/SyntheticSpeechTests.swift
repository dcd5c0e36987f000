import SpikeData
import Testing

@Suite struct SyntheticSpeechTests {
  private let speech = SyntheticSpeech(trainSamples: 24, testSamples: 10, seed: 3)
  private let binning = Binning(channels: 100, timeBins: 40)

  private func all(_ data: SpikeDataset) -> [[[Int]]] { (0..<data.count).map { data.byTime($0) } }

  @Test func isTheSameForTheSameSeedOnAnyNumberOfThreads() {
    let data = all(speech.makeTrain(binning: binning, threads: 1))
    #expect(data == all(speech.makeTrain(binning: binning, threads: 3)))
    var other = speech
    other.seed = 4
    #expect(data != all(other.makeTrain(binning: binning)))
  }

  /// More samples extend the same samples; test samples differ.
  @Test func samplesAreIndependent() {
    let data = all(speech.makeTrain(binning: binning))
    var larger = speech
    larger.trainSamples = 30
    #expect(all(larger.makeTrain(binning: binning)).prefix(24) == data[...])
    #expect(all(speech.makeTest(binning: binning)).prefix(10) != data.prefix(10))
  }

  @Test func looksLikeSpeech() {
    let data = speech.makeTrain(binning: Binning())
    #expect(data.count == 24 && data.classes == 20)
    #expect(Set(data.labels) == Set(0..<20))
    #expect(data.classNames?.count == 20 && data.speakers?.count == 24)
    #expect((3000...12000).contains(data.spikeCount / data.count))
    for sample in 0..<data.count { #expect(data.byTime(sample).count > 500) }
  }

  /// Mirrored classes have similar spectra over the whole time and different ones over half of it.
  @Test func onlyTheOrderTellsPairsApart() {
    let data = SyntheticSpeech(trainSamples: 160, testSamples: 1, seed: 3).makeTrain(binning: binning)
    func spectrum(_ label: Int, firstHalf: Bool) -> [Double] {
      var counts = [Double](repeating: 0, count: binning.channels)
      for sample in 0..<data.count where data.labels[sample] == label {
        for event in data.byTime(sample) where !firstHalf || event[0] < 20 { counts[event[1]] += 1 }
      }
      let total = counts.reduce(0, +)
      return counts.map { $0 / total }
    }
    func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } }
    var (whole, half, others) = (0.0, 0.0, 0.0)
    for pair in 0..<10 {
      let (a, b) = (2 * pair, 2 * pair + 1)
      whole += distance(spectrum(a, firstHalf: false), spectrum(b, firstHalf: false))
      half += distance(spectrum(a, firstHalf: true), spectrum(b, firstHalf: true))
      others += distance(spectrum(a, firstHalf: false), spectrum((a + 2) % 20, firstHalf: false))
    }
    #expect(whole < 0.5 * half && whole < 0.5 * others)
  }

  @Test func everyRuleAndOddSizesWork() {
    for rule in Binning.Rule.allCases {
      for (channels, bins) in [(1, 1), (3, 2), (701, 1001)] {
        let data = SyntheticSpeech(trainSamples: 20, testSamples: 0).makeTrain(
          binning: Binning(channels: channels, timeBins: bins, rule: rule, duplicates: .binary))
        // With `spytorch` the first of the bins stays empty.
        let most = 20 * channels * (rule == .spytorch ? bins - 1 : bins)
        #expect(data.count == 20 && data.spikeCount <= most && (data.spikeCount > 0) == (most > 0))
      }
    }
    #expect(SyntheticSpeech(trainSamples: 1, testSamples: 0).makeTest(binning: Binning()).count == 0)
  }

  @Test(arguments: [
    Binning(), Binning(timeBins: 1000), Binning(channels: 64, timeBins: 50, duplicates: .binary),
    Binning(channels: 3000, timeBins: 20, rule: .spytorch), Binning(channels: 5, timeBins: 4, rule: .uniform),
    Binning(maxTime: 0.3), Binning(timeBins: 65535), Binning(channels: 703, channelGroup: 5),
    Binning(channelGroup: 700, timeBins: 3), Binning(channelGroup: 2, duplicates: .binary, alignment: .firstSpike),
  ]) func memoryIsEstimated(_ binning: Binning) {
    let speech = SyntheticSpeech(trainSamples: 400, testSamples: 50, seed: 5)
    let bytes = speech.makeTrain(binning: binning, threads: 2).bytes + speech.makeTest(binning: binning).bytes
    let ratio = Double(speech.estimatedBytes(binning: binning)) / Double(bytes)
    #expect((0.9...1.1).contains(ratio), "\(ratio) of \(bytes)")
  }

  @Test func memoryOfTheMostSamplesIsEstimated() {
    let few = SyntheticSpeech(trainSamples: 1000, testSamples: 0).estimatedBytes(binning: Binning())
    let most = SyntheticSpeech(trainSamples: 10_000_000, testSamples: 0).estimatedBytes(binning: Binning())
    #expect(abs(Double(most) / Double(few) - 10_000) < 1)
  }

  @Test func theLargestBinningsWork() {
    for binning in [Binning(channels: 65535, timeBins: 300), Binning(channels: 300, timeBins: 65535)] {
      let data = SyntheticSpeech(trainSamples: 3, testSamples: 0).makeTrain(binning: binning)
      #expect(data.spikeCount == data.facts.spikes - data.facts.droppedSpikes && data.spikeCount > 3000)
    }
  }

  @Test func lateSpikesAreCounted() {
    let all = speech.makeTrain(binning: Binning(rule: .uniform)).facts
    let half = speech.makeTrain(binning: Binning(maxTime: 0.5, rule: .uniform)).facts
    #expect(half.spikes == all.spikes && all.droppedSpikes < all.spikes / 100)
    #expect(half.droppedSpikes > all.spikes / 4 && half.droppedSpikes < all.spikes * 3 / 4)
    #expect((all.times?.lowerBound ?? -1) >= 0 && (all.times?.upperBound ?? 0) > 0.8)
    #expect(all.usedChannels == 700 && all.highestChannel == 699)
  }
}
