import Foundation
import SpikeData
import TestSupport
import Testing

/// Random spikes and random manifolds.
@Suite struct RandomSourcesTests {
  @Test func ratesAndLabels() throws {
    let spikes = RandomSpikes(channels: 50, rate: 20, samples: 400, testSamples: 100, classes: 4, seed: 3)
    let (train, test) = try spikes.load(channels: 50, timeBins: 100)
    #expect(train.count == 400 && test.count == 100)
    // 400 x 50 x 100 chances of 0.02: 40000 spikes, standard deviation 198.
    #expect(abs(train.spikeCount - 40_000) < 800, "\(train.spikeCount)")
    for label in train.samplesPerClass { #expect(abs(label - 100) < 40) }
    // At most one spike per channel and step, each step as likely as any other.
    var perStep = [Int](repeating: 0, count: 100)
    for sample in 0..<train.count {
      let events = train.byTime(sample)
      #expect(Set(events).count == events.count)
      for event in events { perStep[event[0]] += 1 }
    }
    #expect(perStep.allSatisfy { abs($0 - 400) < 100 }, "\(perStep)")
    #expect(train.byTime(0) != train.byTime(1) && train.byTime(0) != test.byTime(0))
  }

  @Test func sameBitsAlways() throws {
    let spikes = RandomSpikes(channels: 10, rate: 50, samples: 70, testSamples: 3, seed: 1)
    let data = try spikes.load(channels: 10, timeBins: 40, threads: 1)
    #expect(try spikes.load(channels: 10, timeBins: 40, threads: 3).train.content == data.train.content)
    // More samples leave the first as they were.
    var more = spikes
    more.samples = 80
    #expect(try more.load(channels: 10, timeBins: 40).train.content[1...70] == data.train.content[1...])
    more.seed = 2
    #expect(try more.load(channels: 10, timeBins: 40).train.content[1...70] != data.train.content[1...])
  }

  @Test func extremes() throws {
    let all = RandomSpikes(channels: 3, rate: 1000, samples: 2, testSamples: 1)
    #expect(try all.load(channels: 3, timeBins: 5).train.spikeCount == 30)
    let none = RandomSpikes(channels: 3, rate: 0, samples: 2, testSamples: 1)
    #expect(try none.load(channels: 3, timeBins: 5).train.spikeCount == 0)
    // Gaps beyond any integer.
    let rare = RandomSpikes(channels: 3, rate: 1e-14, samples: 2, testSamples: 1)
    #expect(try rare.load(channels: 3, timeBins: 5).train.spikeCount == 0)
    let fast = RandomSpikes(channels: 3, rate: 1001, samples: 2, testSamples: 1)
    #expect(
      errorText { _ = try fast.load(channels: 3, timeBins: 5) }.hasPrefix("data.random.rate: 1001 Hz are 1.001 spikes"))
    let many = RandomSpikes(channels: 60_000, rate: 1000, samples: 10_000_000, testSamples: 1)
    #expect(
      errorText { _ = try many.load(channels: 60_000, timeBins: 60_000, memoryLimit: 1 << 30) }.contains(
        "out of memory"))
  }

  @Test func manifoldsSpikeOncePerChannel() throws {
    let manifolds = RandomManifolds(dimension: 2, channels: 20, classes: 3, samples: 90, testSamples: 30, seed: 5)
    let (train, test) = try manifolds.load(channels: 20, timeBins: 50, threads: 1)
    #expect(train.count == 90 && test.count == 30 && train.samplesPerClass == [30, 30, 30])
    for data in [train, test] {
      for sample in 0..<data.count { #expect(data.byTime(sample).map { $0[1] }.sorted() == Array(0..<20)) }
    }
    #expect(try manifolds.load(channels: 20, timeBins: 50, threads: 3).train.content == train.content)
    // The values of each class and channel are scaled to the whole range, which training and test samples share.
    for label in 0..<3 {
      for channel in 0..<20 {
        var steps: [Int] = []
        for data in [train, test] {
          for sample in stride(from: label, to: data.count, by: 3) {
            steps += data.byTime(sample).filter { $0[1] == channel }.map { $0[0] }
          }
        }
        #expect(steps.min() == 0 && steps.max() == 49)
      }
    }
  }

  /// On a line, samples that are close in one channel are close in all if the manifold is smooth.
  @Test func smoothness() throws {
    func roughness(_ smoothness: Double) throws -> Double {
      let manifolds = RandomManifolds(
        smoothness: smoothness, channels: 12, classes: 1, samples: 400, testSamples: 1, seed: 2)
      let data = try manifolds.load(channels: 12, timeBins: 1000).train
      let steps = (0..<400).map { sample in data.byTime(sample).sorted { $0[1] < $1[1] }.map { Double($0[0]) } }
      // Distance to the nearest other sample, in the mean of the channels.
      let nearest = (0..<400).map { i -> Double in
        var least = Double.infinity
        for j in 0..<400 where j != i {
          var distance = 0.0
          for channel in 0..<12 { distance += abs(steps[i][channel] - steps[j][channel]) }
          least = min(least, distance)
        }
        return least
      }
      return nearest.reduce(0, +) / 400
    }
    let (smooth, rough) = (try roughness(3), try roughness(1))
    #expect(smooth * 3 < rough, "\(smooth) \(rough)")
  }

  @Test func excessiveManifolds() {
    let rough = RandomManifolds(
      dimension: 100, smoothness: 0.001, channels: 60_000, classes: 2, samples: 10_000_000, testSamples: 1)
    #expect(
      errorText { _ = try rough.load(channels: 60_000, timeBins: 10) }.hasPrefix("data.randman: its values are sums"))
    let large = RandomManifolds(smoothness: 100, channels: 60_000, classes: 2, samples: 1_000_000, testSamples: 1)
    #expect(
      errorText { _ = try large.load(channels: 60_000, timeBins: 10, memoryLimit: 1 << 30) }.contains("out of memory"))
  }
}
