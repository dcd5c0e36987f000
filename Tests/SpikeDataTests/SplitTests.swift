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
}
