import Engine
import SpikeData
import Testing

/// Each change alone, on samples of the built-in task.
@Suite struct AugmenterTests {
  private static let dataset: SpikeDataset = {
    var speech = SyntheticSpeech()
    (speech.trainSamples, speech.testSamples) = (60, 20)
    return speech.makeTrain(binning: Binning(channelGroup: 5, timeBins: 50, rule: .uniform), threads: 1)
  }()

  private struct Spike: Hashable, Comparable {
    var bin: Int
    var channel: Int
    static func < (a: Spike, b: Spike) -> Bool { (a.bin, a.channel) < (b.bin, b.channel) }
  }

  private func spikes(_ events: SampleEvents) -> [Spike] {
    var spikes: [Spike] = []
    events.byTime.forEachTerm { bin, channel, count in
      spikes += repeatElement(Spike(bin: bin, channel: channel), count: count)
    }
    return spikes.sorted()
  }

  private func original(_ sample: Int) -> [Spike] { spikes(Self.dataset.events(sample)) }

  /// All samples, changed.
  private func changed(
    seed: UInt64 = 1, epoch: Int = 1, indices: [Int]? = nil, _ set: (inout Augmentation) -> Void
  ) -> [[Spike]] {
    var augmentation = Augmentation()
    set(&augmentation)
    let all = indices ?? Array(0..<Self.dataset.count)
    let samples = Augmenter(augmentation, dataset: Self.dataset, indices: all, seed: seed).samples(all, epoch: epoch)
    return withExtendedLifetime(samples) { samples.events.map(spikes) }
  }

  @Test func nothingChangesWithoutAny() {
    let found = changed { _ in }
    #expect(found.indices.allSatisfy { found[$0] == original($0) })
  }

  /// The same in any company, another one for each seed and epoch.
  @Test func dependsOnSeedEpochAndSampleAlone() {
    let set: (inout Augmentation) -> Void = { ($0.channelShift, $0.timeStretch, $0.dropEvents) = (9, 0.2, 0.3) }
    let found = changed(set)
    #expect(changed(set) == found && changed(seed: 2, set) != found && changed(epoch: 2, set) != found)
    for index in [0, 17, 59] { #expect(changed(indices: [index], set)[0] == found[index]) }
  }

  @Test func shiftMovesWholeSamples() {
    var moves: Set<Int> = []
    for (index, found) in changed({ $0.channelShift = 6 }).enumerated() {
      let candidates = (-6...6).filter { move in
        original(index).map { Spike(bin: $0.bin, channel: $0.channel + move) }
          .filter { (0..<140).contains($0.channel) } == found
      }
      #expect(candidates.count == 1)
      moves.formUnion(candidates)
    }
    // Sixty draws of thirteen numbers.
    #expect((moves.min() ?? 0) < -4 && (moves.max() ?? 0) > 4 && moves.count > 9)
  }

  @Test func stretchKeepsOrderAndChannels() {
    for (index, found) in changed({ $0.timeStretch = 0.5 }).enumerated() {
      let factor =
        (Double(found.map(\.bin).reduce(0, +)) / Double(found.count) + 0.5)
        / (Double(original(index).map(\.bin).reduce(0, +)) / Double(original(index).count) + 0.5)
      #expect((0.3...1.6).contains(factor))
      // What is lost is what came latest.
      #expect(found.count <= original(index).count)
      if factor < 0.95 {
        #expect(found.map(\.channel).sorted() == original(index).map(\.channel).sorted())
      }
    }
  }

  /// Mean and variance of 4,000 spikes that were in one place; rounding adds a twelfth to the variance.
  @Test func jitterHasTheGivenDeviation() throws {
    let fixture = SpikeFixture(
      times: [[Float](repeating: 0.51, count: 4000)], units: [[UInt16](repeating: 50, count: 4000)], labels: [0],
      speakers: nil, keys: nil)
    let dataset = try SpikeFixture.load(
      try fixture.image(), Binning(channels: 100, timeBins: 50, maxTime: 1, rule: .uniform))
    func moments(_ part: KeyPath<Spike, Int>, _ set: (inout Augmentation) -> Void) -> (mean: Double, variance: Double) {
      var augmentation = Augmentation()
      set(&augmentation)
      let samples = Augmenter(augmentation, dataset: dataset, indices: [0], seed: 1).samples([0], epoch: 1)
      let numbers = withExtendedLifetime(samples) { spikes(samples.events[0]).map { Double($0[keyPath: part]) } }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count))
    }
    let channels = moments(\.channel) { $0.channelJitter = 2 }
    #expect(abs(channels.mean - 50) < 0.2 && abs(channels.variance - 4.08) < 0.4, "\(channels)")
    // 40 ms are two bins.
    let bins = moments(\.bin) { $0.timeJitter = 0.04 }
    #expect(abs(bins.mean - 25) < 0.2 && abs(bins.variance - 4.08) < 0.4, "\(bins)")
  }

  @Test func dropsTheGivenShare() {
    let found = changed { $0.dropEvents = 0.25 }
    let (kept, all) = (found.map(\.count).reduce(0, +), found.indices.map { original($0).count }.reduce(0, +))
    #expect(abs(Double(kept) / Double(all) - 0.75) < 0.01)
  }

  /// Half of the spikes of each, of the same class, never of a sample that does not train.
  @Test func blendsWithinTheClass() {
    let training = (0..<60).filter { $0 % 2 == 0 }
    let found = changed(indices: training) { $0.blend = 1 }
    for (index, blended) in zip(training, found) {
      let partners = training.filter {
        $0 != index && Self.dataset.labels[$0] == Self.dataset.labels[index]
      }
      guard !partners.isEmpty else {
        #expect(blended == original(index))
        continue
      }
      #expect(blended != original(index))
      let counts = (partners + [index]).map { original($0).count }
      #expect(blended.count > counts.min()! * 3 / 4 && blended.count < counts.max()! * 5 / 4)
    }
  }

  @Test func extremesDoNoHarm() {
    let found = changed {
      ($0.channelShift, $0.channelJitter, $0.timeJitter) = (65535, 1e30, 1e30)
      ($0.timeStretch, $0.dropEvents, $0.blend) = (0.999, 0.999, 1)
    }
    #expect(found.joined().allSatisfy { (0..<50).contains($0.bin) && (0..<140).contains($0.channel) })
  }
}
