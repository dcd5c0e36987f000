import Foundation
import HDF5
import TestSupport
import Testing

/// `data.source: analog`: what becomes of a file's values, and errors that say where and why.
@Suite struct AnalogTests {
  private static let (samples, steps, channels) = (20, 7, 3)

  /// A file's values, `[samples, steps, channels]`.
  private static let values: [UInt8] = {
    var random = SplitMix(state: 5)
    return (0..<samples * steps * channels).map { _ in UInt8(truncatingIfNeeded: random.next() >> 40) }
  }()

  static func file(_ change: (HDF5File) throws -> Void = { _ in }) throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    try change(file)
    if try !file.exists("values") { try file.write(values, shape: [samples, steps, channels], to: "values") }
    if try !file.exists("labels") {
      try file.write((0..<samples).map { UInt16($0 % 2) }, shape: [samples], to: "labels")
    }
    return try file.image()
  }

  private static func experiment(
    data: String = "file: a.h5", network: String = "hidden: 5, encoder: {fan_out: 2}", record: Int = 20
  ) -> String {
    """
    experiment: sweep
    data: {source: analog, \(data)}
    network: {\(network)}
    training: {epochs: 1, batch_size: 5}
    record: {samples: \(record)}

    """
  }

  private func run(_ text: String, _ bytes: [UInt8], second: [UInt8]? = nil) throws -> (Program.Output, Sweep) {
    let sweep = try Sweep(text)
    try sweep.folder.write(bytes, "a.h5")
    if let second { try sweep.folder.write(second, "b.h5") }
    return (try Program.run(sweep.loudArguments([])), sweep)
  }

  /// What the network reads is what NumPy would make of the file, rounded to single precision.
  @Test(arguments: [true, false]) func valuesAreAsDocumented(_ standardizes: Bool) throws {
    let (output, sweep) = try run(
      Self.experiment(
        data: "file: a.h5, test: a.h5, select_channels: [2, 0], scale: {factor: -0.25, offset: 1.5}, "
          + "standardize: \(standardizes), repeat_steps: 3"), try Self.file())
    #expect(output.status == 0, "\(output)")
    let folder = sweep.root + "/runs/\(try #require(sweep.runs.first))"
    let (found, shape) = try HDF5File(readingPath: folder + "/recordings.h5").readFloats("inputs/values")
    #expect(shape == [20, 21, 2])
    let chosen = [2, 0].map { channel in
      let all = stride(from: channel, to: Self.values.count, by: 3).map { Double(Self.values[$0]) * -0.25 + 1.5 }
      let mean = all.reduce(0, +) / Double(all.count)
      let deviation = (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)).squareRoot()
      return standardizes ? all.map { ($0 - mean) / (deviation + 1e-3) } : all
    }
    let expected = (0..<20 * 21).flatMap { row in chosen.map { Float($0[row / 21 * 7 + row % 21 / 3]) } }
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 2e-7 * max(1, abs($1)) })
  }

  @Test func weightsHaveGainsAndBiases() throws {
    let (output, sweep) = try run(Self.experiment(), try Self.file())
    #expect(output.status == 0, "\(output)")
    let weights = try HDF5File(readingPath: sweep.root + "/runs/\(try #require(sweep.runs.first))/weights.h5")
    #expect(try weights.shape("encoder/gain") == [6] && weights.shape("encoder/bias") == [6])
    #expect(try weights.shape("hidden/0/input") == [6, 5])
  }

  /// Each class gives its fraction to the test, drawn with the run's seed.
  @Test func testSamplesAreDrawnWithTheSeed() throws {
    let sweep = try Sweep(Self.experiment(data: "file: a.h5, test_fraction: 0.3") + "seeds: [0, 1]\n")
    try sweep.folder.write(try Self.file(), "a.h5")
    #expect(try Program.run(sweep.loudArguments(["record.runs=all"])).status == 0)
    let tested = try sweep.runs.map { run in
      try HDF5File(readingPath: sweep.root + "/runs/\(run)/recordings.h5").readIntegers("sample")
    }
    #expect(tested.count == 2 && tested[0] != tested[1])
    for samples in tested { #expect(samples.count == 6 && samples.filter { $0 % 2 == 0 }.count == 3) }
  }

  private static let badFiles:
    [(what: String, data: String, change: @Sendable (HDF5File) throws -> Void, error: String)] = [
      (
        "two axes", "file: a.h5", { try $0.write(values, shape: [60, 7], to: "values") },
        "values: shape [60, 7], but it must be [samples, time, channels]"
      ),
      (
        "labels", "file: a.h5", { try $0.write([UInt16](repeating: 0, count: 3), shape: [3], to: "labels") },
        "labels: shape [3], but there must be one label per sample: [20]"
      ),
      (
        "a negative label", "file: a.h5",
        { try $0.write((0..<20).map { Int16($0 == 4 ? -1 : 0) }, shape: [20], to: "labels") },
        "sample 4: labels: label -1"
      ),
      (
        "not a number", "file: a.h5",
        { file in
          var values = [Float](repeating: 1, count: 20 * 7 * 3)
          values[3 * 21 + 2 * 3 + 1] = .nan
          try file.write(values, shape: [20, 7, 3], to: "values")
        }, "sample 3: values: nan at step 2, channel 1"
      ),
      (
        "a channel that is not there", "file: a.h5, select_channels: [0, 3]", { _ in },
        "error: channel 3, but"
      ),
      ("too many steps", "file: a.h5, repeat_steps: 9363", { _ in }, "7 steps, each 9363 times, are more than 65535"),
      (
        "too large", "file: a.h5, scale: {factor: 1e300}", { _ in },
        "sample 0, step 0, channel 0: "
      ),
    ]

  @Test(arguments: badFiles.indices) func badFilesAreErrors(_ index: Int) throws {
    let bad = Self.badFiles[index]
    let (output, _) = try run(Self.experiment(data: bad.data), try Self.file(bad.change))
    #expect(output.status == 2 && output.err.contains(bad.error), "\(bad.what): \(output)")
  }

  @Test func anotherTestFileMustFit() throws {
    let text = Self.experiment(data: "file: a.h5, test: b.h5")
    let other = try Self.file { try $0.write(Self.values, shape: [20, 3, 7], to: "values") }
    let (output, _) = try run(text, try Self.file(), second: other)
    #expect(output.status == 2 && output.err.contains("has 3 steps of 7 channels, but data.file has 7 of 3"))
  }

  private static let badExperiments: [(data: String, network: String, error: String)] = [
    ("file: a.h5", "hidden: 5", "data.source: analog needs an encoder"),
    ("file: a.h5", "hidden: 5, encoder: none", "data.source: analog needs an encoder"),
    ("file: a.h5", "hidden: 5, encoder: {fan_out: 2}, time_step: bin", "analog data have no time bins"),
    ("file: a.h5, time_bins: 7", "hidden: 5, encoder: {fan_out: 2}", "time_bins"),
    ("file: a.h5, channels: 3", "hidden: 5, encoder: {fan_out: 2}", "channels"),
    ("file: a.h5, test: a.h5, test_fraction: 0.2", "hidden: 5, encoder: {fan_out: 2}", "test_fraction"),
    (
      "file: a.h5", "hidden: 5, encoder: {fan_out: 2}, readout: {from_step: 7}",
      "7 leaves no step: the data have 7"
    ),
    (
      "file: a.h5", "hidden: 5, encoder: {fan_out: 30000}",
      "3 channels with 30000 units each are 90000 units, at most 65536 can be"
    ),
  ]

  @Test(arguments: badExperiments.indices) func badExperimentsAreErrors(_ index: Int) throws {
    let bad = Self.badExperiments[index]
    let (output, _) = try run(Self.experiment(data: bad.data, network: bad.network), try Self.file())
    #expect(output.status == 2 && output.err.contains(bad.error), "\(bad): \(output)")
  }

  @Test func spikesNeedNoEncoder() throws {
    let sweep = try Sweep(
      "experiment: sweep\ndata: {source: synthetic}\nnetwork: {hidden: 5, encoder: {fan_out: 2}}\n")
    let output = try Program.run(sweep.loudArguments([]))
    #expect(output.status == 2 && output.err.contains("the data are spikes already"), "\(output)")
  }
}
