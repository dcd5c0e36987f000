import SpikeData
import Testing

@Suite struct SplitTests {
  private static let shared = SyntheticSpeech(trainSamples: 200, testSamples: 10).makeTrain(
    binning: Binning(channels: 50, timeBins: 20))
  private var data: SpikeDataset { Self.shared }

  @Test func bySpeakers() throws {
    let speakers = try #require(data.speakers)
    let split = try SampleSplit.bySpeakers(data, [3, 8])
    #expect(split.validation == data.labels.indices.filter { [3, 8].contains(speakers[$0]) })
    #expect((split.training + split.validation).sorted() == Array(data.labels.indices))
  }

  @Test func impossibleSplits() throws {
    #expect(message { _ = try SampleSplit.bySpeakers(data, [99]) }.contains("99"))
    #expect(message { _ = try SampleSplit.bySpeakers(data, Array(Set(data.speakers ?? []))) }.contains("training"))
    #expect(message { _ = try SampleSplit.bySpeakers(data, []) }.contains("validation"))
    #expect(message { _ = try SampleSplit.stratified(data, fraction: 0, seed: 1) }.contains("validation"))
    #expect(message { _ = try SampleSplit.stratified(data, fraction: 1, seed: 1) }.contains("training"))
    let nameless = try SpikeFixture(speakers: nil).load()
    #expect(message { _ = try SampleSplit.bySpeakers(nameless, [1]) }.contains("extra/speaker"))
  }

  @Test func stratifiedKeepsTheShareOfEachClass() throws {
    let split = try SampleSplit.stratified(data, fraction: 0.2, seed: 7)
    #expect((split.training + split.validation).sorted() == Array(data.labels.indices))
    for label in 0..<data.classes {
      #expect(split.validation.filter { data.labels[$0] == label }.count == 2)
    }
    #expect(try SampleSplit.stratified(data, fraction: 0.2, seed: 7).validation == split.validation)
    #expect(try SampleSplit.stratified(data, fraction: 0.2, seed: 8).validation != split.validation)
  }

  private func dataset(_ labels: [Int64]) throws -> SpikeDataset {
    try SpikeFixture(
      times: labels.map { _ in [0.1] }, units: labels.map { _ in [1] }, labels: labels, speakers: nil, keys: nil
    ).load()
  }

  /// As many samples as the fraction says, not the sum of the rounded class quotas.
  @Test(arguments: [
    (100, 20, 0.1, 10), (40, 20, 0.2, 8), (40, 20, 0.9, 36), (3, 3, 0.5, 2), (2, 2, 0.9, 1), (7, 1, 0.29, 2),
  ]) func aShareOfTheSamples(_ samples: Int, _ classes: Int, _ fraction: Double, _ held: Int) throws {
    let data = try dataset((0..<samples).map { Int64($0 % classes) })
    let split = try SampleSplit.stratified(data, fraction: fraction, seed: 3)
    #expect(split.validation.count == held && split.training.count == samples - held)
    #expect(split.share == Double(held) / Double(samples) && split.wantedShare == fraction)
    let counts = (0..<classes).map { label in split.validation.count { data.labels[$0] == label } }
    let quota = fraction * Double(samples) / Double(classes)
    for count in counts { #expect(abs(Double(count) - quota) < 1, "\(counts)") }
    #expect(split.classesWithoutValidation == (0..<classes).filter { counts[$0] == 0 })
    #expect(split.classesWithoutTraining == (0..<classes).filter { counts[$0] == samples / classes })
  }

  @Test func largestRemaindersGiveOneMore() throws {
    // Quotas of 0.3: 3.0, 1.8, 0.9, 0.3; 6 in all.
    let sizes = [10, 6, 3, 1]
    let data = try dataset(sizes.enumerated().flatMap { [Int64](repeating: Int64($0.offset), count: $0.element) })
    for seed in 0..<5 as Range<UInt64> {
      let split = try SampleSplit.stratified(data, fraction: 0.3, seed: seed)
      #expect((0..<4).map { label in split.validation.count { data.labels[$0] == label } } == [3, 2, 1, 0])
      #expect(split.classesWithoutValidation == [3])
    }
  }

  /// Which of equal classes give one more sample is drawn at random: over seeds, each does equally often.
  @Test func tiesFavourNoClass() throws {
    let data = try dataset((0..<40).map { Int64($0 % 20) })
    var counts = [Int](repeating: 0, count: 20)
    for seed in 0..<500 as Range<UInt64> {
      for sample in try SampleSplit.stratified(data, fraction: 0.2, seed: seed).validation {
        counts[data.labels[sample]] += 1
      }
    }
    // 200 each, standard deviation sqrt(500 * 0.4 * 0.6) = 11.
    for count in counts { #expect((150...250).contains(count), "\(counts)") }
  }
}
