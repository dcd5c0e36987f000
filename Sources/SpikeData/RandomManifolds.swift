import Engine

/// Spike times on smooth random manifolds (Zenke and Vogels 2021, The remarkable robustness of surrogate gradient
/// learning for instilling complex function in spiking neural networks, Neural Computation 33): each class is a random
/// manifold, from which its samples are drawn. Every channel spikes once, so only the times tell the classes apart.
///
/// A sample has random coordinates x_1 ... x_D, uniform in [0, 1). The value of a channel is
///
///     f(x) = product over d of  sum over k = 1 ... K - 1 of  a_dk (k + 1)^-alpha sin(2 pi (k x_d b_dk + c_dk))
///
/// with a, b and c uniform in [0, 1) for each class, channel and dimension, alpha the smoothness, and
/// K = min(ceil(1000^(1 / alpha)), 1000). As in the published code, values are scaled per class and channel to 0 ... 1
/// over all samples, y = (f - min) / (max - min + 1e-7), and the spike comes in step trunc(y T).
public struct RandomManifolds: SpikeSource {
  /// D, the number of coordinates.
  public var dimension: Int
  /// alpha: the larger, the smoother.
  public var smoothness: Double
  public var channels: Int
  public var classes: Int
  /// The number of training samples of all classes together.
  public var samples: Int
  /// The number of test samples, from the same manifolds.
  public var testSamples: Int
  /// Seed of the data, independent of the seeds of the runs.
  public var seed: UInt64

  public init(
    dimension: Int = 1, smoothness: Double = 2, channels: Int = 100, classes: Int = 10, samples: Int = 8000,
    testSamples: Int = 2000, seed: UInt64 = 1
  ) {
    (self.dimension, self.smoothness, self.channels, self.classes) = (dimension, smoothness, channels, classes)
    (self.samples, self.testSamples, self.seed) = (samples, testSamples, seed)
  }

  public var identity: String {
    "randman 1 \(dimension) \(smoothness) \(channels) \(classes) \(samples) \(testSamples) \(seed)"
  }

  public var provenance: [String: String] { ["source": "randman", "seed": "\(seed)"] }

  /// K, the number of terms.
  var terms: Int {
    let wanted = Elementary.exp(Elementary.log(1000) / smoothness)
    return max(1, Int(min((wanted - 1e-9).rounded(.up), 1000)))
  }

  /// The most terms to evaluate: some minutes of computing.
  private static let mostWork = 2e11

  public func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset) {
    let all = samples + testSamples
    let work = Double(all) * Double(channels) * Double(dimension) * Double(terms)
    guard work <= Self.mostWork else {
      throw SpikeSourceError(
        key: "data.randman",
        "its values are sums of \(work) terms in all, which would take hours: use fewer samples, channels or dimensions, "
          + "or a larger smoothness")
    }
    // Values, and the events made of them.
    let bytes = all.multipliedReportingOverflow(by: channels * 24)
    guard !bytes.overflow, bytes.partialValue <= request.memoryLimit else {
      let problem = OutOfMemoryError(
        needed: bytes.overflow ? .max : bytes.partialValue, available: request.memoryLimit, remedy: "use fewer samples")
      throw SpikeSourceError(key: "data.randman", "\(problem)")
    }
    if let limit = request.classes, limit < classes {
      throw SpikeSourceError(key: "data.classes", "\(limit), but data.randman.classes is \(classes)")
    }
    let steps = try steps(request)
    func make(_ part: String, _ range: Range<Int>) throws -> SpikeDataset {
      let builder = DatasetBuilder(
        name: "randman \(part)", binning: request.binning, labels: range.map { $0 % classes },
        reachableBins: request.binning.timeBins)
      let (channels, timeStep) = (channels, request.timeStep)
      return try builder.build(request) { sample, block in
        let row = (range.lowerBound + sample) * channels
        for channel in 0..<channels {
          let step = steps[row + channel]
          block.add(bin: step, channel: channel, time: Double(step) * timeStep)
        }
      }
    }
    return (try make("train", 0..<samples), try make("test", samples..<all))
  }

  /// The step of each spike, [samples, channels], training samples first; sample i belongs to class i mod classes.
  func steps(_ request: LoadingRequest) throws -> [UInt16] {
    let all = samples + testSamples
    var coordinates = RandomStream(seed: seed, stream: "randman/coordinates")
    let x = (0..<all * dimension).map { _ in coordinates.uniform() }
    let bins = Double(request.binning.timeBins)
    let (channels, classes, dimension) = (channels, classes, dimension)
    let (terms, seed) = (terms, seed)
    let weights = (0..<terms).map { Elementary.exp(-smoothness * Elementary.log(Double($0 + 1))) }
    // A row per channel, so that threads write to separate memory.
    let columns = BlockCollector<[UInt16]>(count: channels, threads: min(request.threads, channels))
    for channel in 0..<channels where !columns.hasFailed {
      if request.shouldStop() {
        _ = try? columns.wait()
        throw CancellationError()
      }
      columns.add(channel) {
        var column = [UInt16](repeating: 0, count: all)
        for label in 0..<min(classes, all) {
          var random = RandomStream(seed: seed, stream: "randman/\(label)/\(channel)")
          // a_dk, b_dk, c_dk.
          let factors = (0..<dimension * terms).map { _ in (random.uniform(), random.uniform(), random.uniform()) }
          let members = Array(stride(from: label, to: all, by: classes))
          let values = members.map { sample in
            var product = 1.0
            for d in 0..<dimension {
              var sum = 0.0
              for k in 1..<max(1, terms) {
                let (a, b, c) = factors[d * terms + k]
                sum += a * weights[k] * Self.sine(turns: Double(k) * x[sample * dimension + d] * b + c)
              }
              product *= sum
            }
            return product
          }
          guard let least = values.min(), let most = values.max() else { continue }
          for (sample, value) in zip(members, values) {
            column[sample] = UInt16((value - least) / (most - least + 1e-7) * bins)
          }
        }
        return column
      }
    }
    var steps = [UInt16](repeating: 0, count: all * channels)
    for (channel, column) in try columns.wait().enumerated() {
      for (sample, step) in column.enumerated() { steps[sample * channels + channel] = step }
    }
    return steps
  }

  /// sin(2 pi x), the same on every machine.
  static func sine(turns x: Double) -> Double {
    // sin(2 pi x) = cos(pi (2 x - 1/2)), which repeats every 2 and is even.
    let half = x - 0.25
    return Elementary.cosineOfPi(times: abs(2 * (half - half.rounded())))
  }
}
