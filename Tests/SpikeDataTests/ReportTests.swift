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

  /// Of an even number of samples, the middle of the two in the middle; means are not truncated.
  @Test func meansAndMedians() throws {
    var fixture = SpikeFixture()
    fixture.times = [[0.5], [0.1, 0.2, 0.3, 0.35, 0.4]]
    fixture.units = fixture.times.map { $0.map { _ in 1 } }
    (fixture.labels, fixture.speakers) = ([0, 1], [1, 1])
    try SpikeFixture.withFile(fixture.image()) { path in
      let report = try SpikeFile.inspect(path: path)
      #expect(report.description.contains("mean 3, median 3, smallest 1, largest 5"), "\(report)")
      #expect(report.description.contains("last spike per sample: median 0.45 s"), "\(report)")
      #expect(report.facts.spikesPerSample?.median == 3)
    }
    fixture.times = [[0.5], [0.1, 0.2], [0.3, 0.35, 0.4, 0.4, 0.4]]
    fixture.units = fixture.times.map { $0.map { _ in 1 } }
    (fixture.labels, fixture.speakers) = ([0, 1, 0], [1, 1, 1])
    try SpikeFixture.withFile(fixture.image()) { path in
      let text = try SpikeFile.inspect(path: path).description
      #expect(text.contains("mean 2.67, median 2, smallest 1, largest 5"), "\(text)")
    }
  }

  @Test func listsWhatIsOddInsteadOfThrowing() throws {
    #expect(
      try report {
        $0.times[0] = []
        $0.units[0] = []
      }.contains("odd: sample 0: no spikes; the network gets no input from such samples"))
    #expect(
      try report {
        $0.times = [[], [], []]
        $0.units = [[], [], []]
      }.contains("bad: no sample has a spike"))
    #expect(try report { $0.times[0] = [0.3, 0.2, 0.1] }.contains("out of order"))
    #expect(try report { $0.times[0][1] = .nan }.contains("sample 0"))
    #expect(try report { $0.times[0] = [0.1] }.contains("sample 0"))
    #expect(try report { $0.labels[0] = -5 }.contains("negative"))
    #expect(
      try report { $0.labels[0] = 255 }.contains(
        "3 different labels up to 255, so 253 of 256 classes have no"))
    #expect(try report { $0.labels[0] = 255 }.contains("extra/keys has 3 words for 256 classes"))
    #expect(try !report().contains("extra/keys has"))
    #expect(try report { $0.labels[0] = 65536 }.contains("bad: label 65536"))
    #expect(try report { $0.times = [[100, 200, 900], [300, 500], [800]] }.contains("times look like milliseconds"))
    #expect(try report { $0.times = [[1e5, 1e5, 9e5], [1e5, 5e5], [8e5]] }.contains("times look like microseconds"))
    #expect(try !report { $0.times = [[1, 2, 9], [3, 5], [8]] }.contains("look like"))
    #expect(
      try report {
        $0.times[0] = (0..<700).map { Float($0) / 1000 }
        $0.units[0] = (0..<700).map { UInt16($0 % 5) }
        $0.units[2] = [69]
      }.contains("spikes on only 7 of the channels 0 to 69"))
    #expect(try report { $0.keys = ["a\u{1b}[31m", "b\nc", "d"] }.contains(#"a\u{1b}[31m"#))
    #expect(try report { $0.speakers = nil }.contains("no extra/speaker, so samples can't be split by speaker"))
    #expect(try !report().contains("no extra/speaker"))
    #expect(try report { $0.times[2] = [1.2] }.contains("come after 1 s"))
    let extremes = try report { ($0.labels[0], $0.labels[1]) = (.max, .min) }
    #expect(extremes.contains("negative labels") && extremes.contains("label 9223372036854775807 is above 65535"))
  }
}
