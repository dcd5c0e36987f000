/// A seeded, SHD-like task that needs no file.
public struct SyntheticSpeech: Hashable, Sendable {
  public var trainSamples: Int
  public var testSamples: Int
  /// Seed of the data, apart from the seeds of the runs.
  public var seed: UInt64

  public init(trainSamples: Int = 2000, testSamples: Int = 500, seed: UInt64 = 1) {
    self.trainSamples = trainSamples
    self.testSamples = testSamples
    self.seed = seed
  }
}
