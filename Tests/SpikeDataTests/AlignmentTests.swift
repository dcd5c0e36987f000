import HDF5
import SpikeData
import TestSupport
import Testing

/// Times counted from the first spike of their sample, against double-precision arithmetic here.
@Suite struct AlignmentTests {
  private func binning(_ rule: Binning.Rule, _ alignment: Binning.Alignment = .firstSpike) -> Binning {
    Binning(channels: 10, timeBins: 5, rule: rule, alignment: alignment)
  }

  @Test func aSampleByHand() throws {
    let fixture = SpikeFixture(
      times: [[0.75, 0.5, 1.5, 1.875], [0.125]], units: [[1, 2, 3, 4], [5]], labels: [0, 0], speakers: nil, keys: nil)
    let image = try fixture.image()
    let none = try SpikeFixture.load(image, binning(.notebook, .none))
    #expect(none.byTime(0) == [[2, 2], [3, 1]] && none.byTime(1) == [[0, 5]])
    #expect(none.droppedSpikes == 2 && none.facts.times == 0.125...1.875)
    // 0.25, 0, 1 and 1.375 s after the first spike, times four; bin 5 is late.
    let notebook = try SpikeFixture.load(image, binning(.notebook))
    #expect(notebook.byTime(0) == [[0, 2], [1, 1], [4, 3]] && notebook.byTime(1) == [[0, 5]])
    #expect(notebook.droppedSpikes == 1 && notebook.facts.times == 0...1.375 && notebook.facts.emptySamples == 0)
    let spytorch = try SpikeFixture.load(image, binning(.spytorch))
    #expect(spytorch.byTime(0) == [[1, 2], [2, 1]] && spytorch.byTime(1) == [[1, 5]])
    // Times five.
    let uniform = try SpikeFixture.load(image, binning(.uniform))
    #expect(uniform.byTime(0) == [[0, 2], [1, 1]] && uniform.byTime(1) == [[0, 5]])
    #expect(spytorch.droppedSpikes == 2 && uniform.droppedSpikes == 2)
  }

  /// - Parameter seconds: the times of a row, as they are in the file.
  private func check<T: HDF5Scalar>(_ rows: [[T]], _ seconds: (T) -> Double) throws {
    let units = rows.map { row in row.indices.map { UInt16($0) } }
    let image = try SpikeFixture(speakers: nil, keys: nil).image(without: ["spikes/times", "spikes/units", "labels"]) {
      try $0.writeSequences(rows, to: "spikes/times")
      try $0.writeSequences(units, to: "spikes/units")
      try $0.write([Int64](repeating: 0, count: rows.count), shape: [rows.count], to: "labels")
    }
    for rule in Binning.Rule.allCases {
      for (timeBins, maxTime) in [(100, 1.0), (53, 0.6), (1000, 0.8)] {
        let data = try SpikeFixture.load(
          image, Binning(channels: 500, timeBins: timeBins, maxTime: maxTime, rule: rule, alignment: .firstSpike))
        var dropped = 0
        for (sample, row) in rows.enumerated() {
          let times = row.map(seconds)
          let first = times.min() ?? .nan
          var expected: [[Int]] = []
          for (channel, time) in times.enumerated() {
            let factor = Double(rule == .uniform ? timeBins : timeBins - 1)
            let bin = Int((time - first) * factor / maxTime) + (rule == .spytorch ? 1 : 0)
            if bin < timeBins { expected.append([bin, channel]) } else { dropped += 1 }
          }
          #expect(data.byTime(sample) == expected.sorted { $0.lexicographicallyPrecedes($1) }, "\(rule)")
        }
        #expect(data.droppedSpikes == dropped && dropped > 0 && data.reachableBins == timeBins)
      }
    }
  }

  /// Samples whose times are in no order.
  private func rows<T>(_ time: (inout SplitMix) -> T) -> [[T]] {
    var generator = SplitMix(state: 5)
    return (0..<30).map { _ in (0..<(1 + generator.below(499))).map { _ in time(&generator) } }
  }

  @Test func everyPrecisionIsComputedInDouble() throws {
    // Float16 from 2^-10 to 2, subnormals and zero among them.
    try check(
      rows { generator in
        let usual = generator.below(8) > 0
        return HDF5Half(bits: UInt16(usual ? 0x1400 + generator.below(0x2c00) : generator.below(0x1000)))
      }
    ) { half in
      let (exponent, fraction) = (Int(half.bits >> 10), Double(half.bits & 0x3ff))
      return exponent == 0
        ? fraction * 0x1p-24 : (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
    try check(rows { Float($0.below(1 << 20)) / 700_000 }) { Double($0) }
    try check(rows { Double($0.below(1 << 40)) / 700_000_000_000 }) { $0 }
  }

  @Test func largeTimesOfLowPrecisionAreInRange() throws {
    let image = try SpikeFixture().image(without: ["spikes/times"]) {
      // 0.5, 1 and 1.5 s.
      let times: [[UInt16]] = [[0x3800, 0x3c00, 0x3e00], [0x3800, 0x3800], [0x3800]]
      try $0.writeSequences(times.map { $0.map { HDF5Half(bits: $0) } }, to: "spikes/times")
    }
    let wide = Binning(channels: 10, timeBins: 11, maxTime: 1e5)
    #expect(throws: BinningRangeError.self) { try SpikeFixture.load(image, wide) }
    var aligned = wide
    aligned.alignment = .firstSpike
    #expect(try SpikeFixture.load(image, aligned).byTime(0) == [[0, 1], [0, 2], [0, 3]])
  }

  /// A time that is no time is refused, wherever it would be counted from.
  @Test(arguments: [-0.5, .nan, .infinity, -.infinity] as [Float]) func badTimesAreRefused(_ time: Float) throws {
    var fixture = SpikeFixture()
    fixture.times[0][2] = time
    let image = try fixture.image()
    let text = message { _ = try SpikeFixture.load(image, binning(.notebook)) }
    #expect(text.contains("sample 0: spikes/times: time \(time) at spike 2"), "\(text)")
  }

  @Test(arguments: [Binning.Alignment.none, .firstSpike])
  func samplesWithoutSpikesHaveNone(_ alignment: Binning.Alignment) throws {
    var fixture = SpikeFixture()
    (fixture.times[1], fixture.units[1]) = ([], [])
    let data = try SpikeFixture.load(fixture.image(), binning(.notebook, alignment))
    #expect(data.byTime(1).isEmpty && !data.byTime(0).isEmpty && !data.byTime(2).isEmpty)
    #expect(data.count == 3 && data.facts.emptySamples == 1)
  }

  @Test func theBuiltInTaskIsAlignedToo() throws {
    let speech = SyntheticSpeech(trainSamples: 24, testSamples: 0, seed: 3)
    let usual = Binning(channels: 100, timeBins: 40_000, maxTime: 2, rule: .uniform)
    var aligned = usual
    aligned.alignment = .firstSpike
    let (before, after) = (speech.makeTrain(binning: usual), speech.makeTrain(binning: aligned, threads: 2))
    var shifts: Set<Int> = []
    for sample in 0..<before.count {
      let (a, b) = (before.byTime(sample), after.byTime(sample))
      let shift = try #require(a.first)[0]
      shifts.insert(shift)
      #expect(a.count == b.count && b.first?[0] == 0)
      // Every channel's spikes move by the same time, up to where bins begin.
      let byChannel = { (spikes: [[Int]]) in spikes.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) } }
      #expect(zip(byChannel(a), byChannel(b)).allSatisfy { $0[1] == $1[1] && (0...1).contains($0[0] - $1[0] - shift) })
    }
    #expect(shifts.count > 5 && after.facts.times?.lowerBound == 0 && after.facts.spikes == before.facts.spikes)
  }
}
