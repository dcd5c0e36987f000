import Engine
import Foundation

/// Random spike trains with random labels, as in SpyTorch tutorial 1: nothing that training samples teach helps with
/// others. Training accuracy tells how much a network can learn by heart; test accuracy stays at chance.
///
/// Each channel spikes in each step with the probability rate * time step, independently; labels are uniform.
public struct RandomSpikes: SpikeSource {
  public var channels: Int
  /// Spikes per second and channel.
  public var rate: Double
  /// The number of training samples.
  public var samples: Int
  /// The number of test samples: other ones, from the same distribution.
  public var testSamples: Int
  public var classes: Int
  /// Seed of the data, independent of the seeds of the runs.
  public var seed: UInt64

  public init(
    channels: Int = 100, rate: Double = 5, samples: Int = 256, testSamples: Int = 256, classes: Int = 2,
    seed: UInt64 = 1
  ) {
    (self.channels, self.rate, self.samples, self.testSamples) = (channels, rate, samples, testSamples)
    (self.classes, self.seed) = (classes, seed)
  }

  public var identity: String { "random 1 \(channels) \(rate) \(samples) \(testSamples) \(classes) \(seed)" }

  public var provenance: [String: String] { ["source": "random", "seed": "\(seed)"] }

  public func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset) {
    let probability = rate * request.timeStep
    guard probability <= 1 else {
      throw SpikeSourceError(
        key: "data.random.rate",
        String(format: "%.6g Hz are %.6g spikes per time step", rate, probability)
          + ", but a channel has at most one: use a lower rate or a shorter network.time_step")
    }
    // Nothing is drawn if it would not fit into memory.
    let expected = Double(samples + testSamples) * Double(channels) * Double(request.binning.timeBins) * probability
    let bytes = Int(min(0x1p60, expected * Self.bytesPerSpike + Double(samples + testSamples) * 64))
    guard bytes <= request.memoryLimit else {
      let problem = OutOfMemoryError(
        needed: bytes, available: request.memoryLimit, remedy: "use fewer samples, or a lower rate")
      throw SpikeSourceError(key: "data.random", "\(problem)")
    }
    return (
      try make("train", samples, probability, request), try make("test", testSamples, probability, request)
    )
  }

  /// In a dataset, about.
  private static let bytesPerSpike = 16.0

  private func make(
    _ part: String, _ count: Int, _ probability: Double, _ request: LoadingRequest
  ) throws -> SpikeDataset {
    var random = RandomStream(seed: seed, stream: "random/\(part)/labels")
    let labels = (0..<count).map { _ in random.below(classes) }
    if let limit = request.classes, let label = labels.max(), label >= limit {
      throw SpikeSourceError(key: "data.classes", "\(limit), but data.random.classes is \(classes)")
    }
    let builder = DatasetBuilder(
      name: "random \(part)", binning: request.binning, labels: labels, reachableBins: request.binning.timeBins)
    let (timeStep, steps, channels, seed) = (request.timeStep, request.binning.timeBins, channels, seed)
    return try builder.build(request) { sample, block in
      guard probability > 0 else { return }
      var random = RandomStream(seed: seed, stream: "random/\(part)/\(sample)")
      // Steps without a spike are skipped at once: their number has a geometric distribution.
      let scale = probability < 1 ? 1 / Elementary.log(1 - probability) : 0
      // Below about 1e-16, 1 - probability is 1.
      guard scale.isFinite else { return }
      for channel in 0..<channels {
        var step = 0
        while true {
          let gap = (Elementary.log(1 - random.uniform()) * scale).rounded(.down)
          guard gap < Double(steps - step) else { break }
          step += Int(gap)
          block.add(bin: UInt16(step), channel: channel, time: Double(step) * timeStep)
          step += 1
        }
      }
    }
  }
}
