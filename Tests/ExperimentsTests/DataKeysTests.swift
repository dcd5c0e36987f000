import Experiments
import Foundation
import SpikeData
import TestSupport
import Testing

/// The keys of the data sources, and what follows from them.
@Suite struct DataKeysTests {
  private static let images = "experiment: x\ndata: {source: images, folder: none, time_bins: 50}\n"
  private static let recorded = "needs source: files, synthetic or events"

  /// A sample lasts as long as its steps.
  @Test func duration() throws {
    func run(_ overrides: [String]) throws -> RunSpecification {
      try #require(try load(Self.images, overrides).runs.first)
    }
    let usual = try run([])
    #expect(usual.binning.maxTime == 0.05 && usual.binning.rule == .uniform && usual.binning.binWidth == 0.001)
    #expect(usual.timeStepSeconds == 0.001 && usual.binning.channels == 784)
    #expect(try run(["network.time_step=2ms"]).binning.maxTime == 0.1)
    #expect(try run(["data.max_time=50ms"]).numericText == usual.numericText)
    let bin = try run(["data.max_time=200ms", "network.time_step=bin"])
    #expect(bin.timeStepSeconds == 0.004)
    let sweep = try load(Self.images, ["network.time_step=1ms,2ms,3ms"])
    #expect(sweep.runs.map(\.binning.maxTime) == [0.05, 0.1, 50 * 0.003])
    let longer = try load(Self.images, ["data.time_bins=10,20"])
    #expect(longer.runs.map(\.binning.maxTime) == [0.01, 0.02])
  }

  private static let bad: [(overrides: [String], expected: String)] = [
    (
      ["data.max_time=100ms"],
      "network.time_step: 50 steps of 1 ms last 50 ms, but data.max_time is 100 ms | leave out data.max_time, or write time_step: bin"
    ),
    (
      ["network.time_step=bin"],
      "network.time_step: bin needs data.max_time with data.source: images | such as data.max_time: 100 ms, or a fixed step such as time_step: 1 ms"
    ),
    (["data.binning=uniform"], "data.binning \(recorded)"),
    (["data.align=first_spike"], "data.align \(recorded)"),
    (["data.channels=700"], "data.channels: 700, but images has 784 | leave it out, or write 784"),
    (["data.latency.threshold=1"], "data.latency.threshold: 1 is out of range: above 0 and below 1"),
    (["data.file=a.csv"], "data.file needs source: events or source: analog"),
    (["data.select_channels=[1]"], "data.select_channels needs source: analog"),
    (["data.train=a.h5"], "data.train needs source: files"),
    (
      ["data.source=random", "data.channels=101"], "data.channels: 101, but random has 100 | leave it out, or write 100"
    ),
    (["data.source=random", "data.random.rate=5"], "data.random.rate: the rate 5 has no unit | write 5 Hz"),
    (["data.source=events"], "data.file is missing | a CSV or .npz file with sample, time, channel and label"),
    (
      ["data.source=events", "data.file=a.csv", "data.test_fraction=0.2", "data.test=b.csv"],
      "data: give test or test_fraction, not both"
    ),
    (
      ["data.source=events", "data.file=a.csv", "data.test_fraction=1"],
      "data.test_fraction: 1 is out of range: above 0 and below 1"
    ),
  ]

  @Test(arguments: bad.indices) func errors(index: Int) {
    let (overrides, expected) = Self.bad[index]
    let found = ExperimentsTests.errors(Self.images, overrides).map { $0.split(separator: ": ", maxSplits: 1)[1] }
    #expect(found.contains { $0 == expected }, "\(found)")
  }

  /// The number of channels follows from the files.
  @Test func channels() throws {
    let folder = try Folder()
    let file = try folder.write(Self.images.replacing("none", with: "."), "x.yaml")
    try folder.write(
      [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 5] + [UInt8](repeating: 9, count: 15), "train-images-idx3-ubyte")
    let experiment = try Experiment.load(path: file)
    #expect(experiment.runs[0].binning.channels == 15 && experiment.yaml.contains("  channels: 15\n"))
    #expect(throws: ExperimentFileError.self) { try Experiment.load(path: file, overrides: ["data.channels=784"]) }
    #expect(try Experiment.load(path: file, overrides: ["data.channels=15"]).runs[0].binning.channels == 15)
  }

  /// What `config` prints gives the same runs.
  @Test(arguments: [
    [], ["data.max_time=200ms", "network.time_step=bin"], ["network.time_step=1ms,2ms"], ["data.time_bins=10,20"],
    ["data.source=random"], ["data.source=random", "data.random.samples=10,20"],
    ["data.source=random", "data.random.channels=10,20"],
    ["data.source=randman", "data.randman.smoothness=1,2", "network.time_step=0.5ms"],
    ["data.source=events", "data.file=a.csv", "data.test_fraction=0.1,0.2", "data.time_unit=ms"],
    ["data.source=events", "data.file=a.csv", "data.test=b.csv"],
    ["data.source=images,random,synthetic"],
  ]) func configIsAccepted(overrides: [String]) throws {
    let experiment = try load(Self.images, overrides)
    let again = try load(experiment.yaml)
    #expect(again.runs.map(\.numericText) == experiment.runs.map(\.numericText), "\(experiment.yaml)")
    #expect(again.runs.map(\.source) == experiment.runs.map(\.source))
    #expect(again.runs.map(\.binning) == experiment.runs.map(\.binning))
    for run in experiment.runs {
      let single = try #require(try load(run.yaml(name: "x", description: "")).runs.first)
      #expect(single.numericText == run.numericText && single.source == run.source && single.binning == run.binning)
    }
  }

  @Test func sourcesDiffer() throws {
    let texts = try [
      [], ["data.latency.tau=10ms"], ["data.source=random"], ["data.source=random", "data.random.seed=2"],
      ["data.source=randman"], ["data.source=synthetic"],
    ].map { try load(Self.images, $0).runs[0].numericText }
    #expect(Set(texts).count == texts.count)
  }
}
