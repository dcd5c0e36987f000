import SpikeData
import Testing

@Suite struct ReportTests {
  private func report(_ change: (inout SpikeFixture) -> Void = { _ in }) throws -> String {
    var fixture = SpikeFixture()
    change(&fixture)
    return try SpikeFixture.withFile(fixture.image()) { try SpikeFile.inspect(path: $0).description }
  }

  @Test func saysWhatIsInAFile() throws {
    let text = try report()
    for part in [
      "3 samples", "float32", "uint16", "mean 2, median 2, smallest 1, largest 3", "channels 1 to 9", "eins", "4 (2)",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func listsWhatIsOddInsteadOfThrowing() throws {
    #expect(
      try report {
        $0.times[0] = []
        $0.units[0] = []
      }.contains("without spikes"))
    #expect(try report { $0.times[0] = [0.3, 0.2, 0.1] }.contains("out of order"))
    #expect(try report { $0.times[0][1] = .nan }.contains("sample 0"))
    #expect(try report { $0.times[0] = [0.1] }.contains("sample 0"))
    #expect(try report { $0.labels[0] = -5 }.contains("negative"))
    #expect(try report { $0.labels[0] = 9 }.contains("gaps"))
    #expect(try report { $0.speakers = nil }.contains("speaker"))
    #expect(try report { $0.times[2] = [1.2] }.contains("later than 1 s"))
    #expect(
      try report {
        $0.labels[0] = .max; $0.labels[1] = .min
      } != "")
  }
}
