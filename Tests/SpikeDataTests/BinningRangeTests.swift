import HDF5
import SpikeData
import Testing

/// Binnings that numpy computes wrongly in the precision of the times. Which ones become infinite, or lose times before
/// `maxTime`, was found by evaluating `floor(t * (T - 1) / maxTime)` with numpy 2.4 on all float16 times.
@Suite struct BinningRangeTests {
  private func key(_ binning: Binning, _ times: TimePrecision = .half) -> String? {
    do {
      try binning.check(times: times)
      return nil
    } catch { return error.key.rawValue }
  }

  @Test(
    arguments: [
      (100, 1.0, nil), (100, 660, nil), (65520, 1, nil), (65521, 1, "time_bins"), (65535, 1, "time_bins"),
      (100, 700, "max_time"), (100, 65519, "max_time"), (100, 65520, "max_time"), (100, 1e5, "max_time"),
      (40000, 2, "max_time"), (100, 6e-5, "max_time"), (100, 1e-8, "max_time"), (100, 6.2e-5, nil),
    ] as [(Int, Double, String?)]) func halfPrecision(_ timeBins: Int, _ maxTime: Double, _ expected: String?)
  {
    for rule in [Binning.Rule.notebook, .spytorch] {
      #expect(key(Binning(timeBins: timeBins, maxTime: maxTime, rule: rule)) == expected)
    }
    #expect(key(Binning(timeBins: timeBins, maxTime: maxTime, rule: .uniform)) == nil)
    #expect(key(Binning(timeBins: timeBins, maxTime: maxTime), .single) == nil)
  }

  @Test func otherPrecisions() {
    for (maxTime, expected) in [(1e38, "max_time"), (1e39, "max_time"), (1e-38, "max_time"), (1e30, nil)] {
      #expect(key(Binning(maxTime: maxTime), .single) == expected)
      #expect(key(Binning(maxTime: maxTime), .double) == nil)
    }
    for rule in Binning.Rule.allCases {
      #expect(key(Binning(maxTime: 1e307, rule: rule), .double) == "max_time")
      #expect(key(Binning(maxTime: 1e-310, rule: rule), .double) == "max_time")
    }
  }

  @Test func filesOfHalfPrecisionAreRefusedOnLoading() throws {
    let half = try SpikeFixture().image(without: ["spikes/times"]) {
      try $0.writeSequences([[0, 0, 0], [0, 0], [0]].map { $0.map { HDF5Half(bits: $0) } }, to: "spikes/times")
    }
    let binning = Binning(channels: 10, maxTime: 1e5)
    #expect(
      message { _ = try SpikeFixture.load(half, binning) }
        == "data.max_time: 100000.0 s is infinite in float16, the precision of the times, whose largest number is 65504.0; "
        + "binning: uniform computes in double precision")
    #expect(message { _ = try SpikeFixture.load(SpikeFixture().image(), binning) } == "")
  }

  /// Bins that numpy fills with all float16 times.
  @Test(arguments: [(100, 100), (2049, 2049), (2050, 2049), (4000, 3001), (65505, 7168), (65520, 7168)])
  func coarseTimesLeaveBinsEmpty(_ timeBins: Int, _ reached: Int) throws {
    let half = try SpikeFixture().image(without: ["spikes/times"]) {
      try $0.writeSequences([[0, 0, 0], [0, 0], [0]].map { $0.map { HDF5Half(bits: $0) } }, to: "spikes/times")
    }
    #expect(try SpikeFixture.load(half, Binning(channels: 10, timeBins: timeBins)).reachableBins == reached)
    let single = try SpikeFixture().image()
    #expect(try SpikeFixture.load(single, Binning(channels: 10, timeBins: timeBins)).reachableBins == timeBins)
  }
}
