import Foundation
import TestSupport
import Testing

/// Warnings and errors about data, in the keys of each source.
@Suite struct SourceFindingsTests {
  private static let network = "{hidden: 4, recurrent: false}"

  private func check(
    _ data: String, network: String = network, _ more: [String] = [], json: Bool = false,
    fill: (Folder) throws -> Void = { _ in }
  ) throws -> Program.Output {
    let folder = try Folder()
    try fill(folder)
    let file = try folder.write(
      "experiment: x\ndata: \(data)\nnetwork: \(network)\ntraining: {epochs: 1, batch_size: 2, drop_last: false}\n")
    return try Program.run(["check", file] + more + (json ? ["--json"] : []))
  }

  private func warnings(_ output: Program.Output) -> [Substring] {
    output.err.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
  }

  // MARK: Analog data: their steps follow from the file

  /// 20 samples of 7 steps.
  private func analog(_ data: String, _ network: String, json: Bool = false) throws -> Program.Output {
    try check("{source: analog, file: a.h5, \(data)}", network: network, json: json) {
      try $0.write(try AnalogTests.file(), "a.h5")
    }
  }

  @Test func shortAnalogFilesAreFine() throws {
    let output = try analog("repeat_steps: 2", "{hidden: 4, tau_mem: 40 ms, encoder: {fan_out: 2}}")
    #expect(output.status == 0 && warnings(output).isEmpty, "\(output)")
  }

  @Test func analogStepsAreThoseOfTheFile() throws {
    let output = try analog(
      "repeat_steps: 2",
      "{hidden: 4, tau_mem: 56 ms, encoder: {fan_out: 2, tau_mem: 0.5 ms}, delays: {recurrent: {max: 14 ms}}}")
    let found = warnings(output)
    #expect(output.status == 0 && found.count == 3, "\(output)")
    for part in [
      "network.tau_mem is 56 ms, 4 times the duration of a sample (14 ms: 14 time steps of 1 ms)",
      "use a shorter tau_mem, a larger data.repeat_steps, or",
      "network.encoder.tau_mem is 0.5 ms, shorter than a time step",
      "network.delays.recurrent.max is 14 ms, not shorter than a sample (14 ms)",
    ] { #expect(found.contains { $0.contains(part) }, "\(part): \(found)") }
    #expect(output.out.contains("encoder tau_mem: 0.5 ms = 0.5 steps, 0.5 ms of the stimulus"), "\(output.out)")
  }

  @Test func encodersAreInJSON() throws {
    let output = try analog("repeat_steps: 20", "{hidden: 4, encoder: {fan_out: 2, tau_mem: 1 s}}", json: true)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [String: Any])
    let encoder = try #require((object["points"] as? [[String: Any]])?.first?["encoder"] as? [String: Any])
    #expect(encoder["units"] as? Int == 6 && encoder["fan_out"] as? Int == 2 && encoder["trained"] as? Bool == true)
    #expect(encoder["tau_mem_s"] as? Double == 1 && encoder["tau_mem_steps"] as? Double == 1000)
    let warnings = try #require(object["warnings"] as? [[String: String]])
    #expect(
      warnings.map { $0["message"] } == [
        "network.encoder.tau_mem is 1 s, 7.14 times the duration of a sample (140 ms: 140 time steps of 1 ms)"
      ])
  }

  // MARK: Sources without files

  @Test func randomSpikesAtNoRate() throws {
    let output = try check("{source: random, random: {rate: 0 Hz, samples: 256}, time_bins: 200}")
    #expect(output.status == 2, "\(output)")
    #expect(
      output.err.contains(
        "none of the 256 samples of random train has a spike at 0 Hz in 200 time steps; raise data.random.rate"),
      "\(output)")
  }

  @Test func randomSpikesAtALowRate() throws {
    let output = try check(
      "{source: random, random: {channels: 1, rate: 20 Hz, samples: 16, test_samples: 16}, time_bins: 50}")
    #expect(output.status == 0 && output.err.contains("; raise data.random.rate or data.time_bins"), "\(output)")
    #expect(!output.err.contains("file") && !output.err.contains("keep one of each"), "\(output)")
  }

  @Test func tooHighARate() throws {
    let output = try check("{source: random, random: {rate: 2000 Hz}}")
    #expect(output.status == 2 && output.err.contains("2000 Hz are 2 spikes per time step"), "\(output)")
  }

  /// Equal samples are drawn by chance, and nobody could remove them.
  @Test func manifoldsMayRepeat() throws {
    let output = try check("{source: randman, randman: {dimension: 1, smoothness: 2}}")
    #expect(output.status == 0 && warnings(output).isEmpty, "\(output)")
  }

  // MARK: Images

  /// Images of one brightness each, 3 x 3 pixels.
  private func images(_ brightness: [UInt8], side: Int = 3) -> (Folder) throws -> Void {
    { folder in
      func header(_ sizes: [Int]) -> [UInt8] {
        [0, 0, 8, UInt8(sizes.count)]
          + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
      }
      for part in ["train", "t10k"] {
        let pixels = brightness.flatMap { [UInt8](repeating: $0, count: side * side) }
        try folder.write(header([brightness.count, side, side]) + pixels, "\(part)-images-idx3-ubyte")
        try folder.write(
          header([brightness.count]) + brightness.indices.map { UInt8($0 % 2) }, "\(part)-labels-idx1-ubyte")
      }
    }
  }

  @Test(
    arguments: [
      ([10, 20, 30, 40], 3, "none of the 4 samples of", "lower data.latency.threshold"),
      ([51, 51, 51, 51], 3, "all 36 come after the last one (50 ms), at 290 ms", "or lower data.latency.tau (20 ms)"),
      ([200, 210], 300, "300 x 300 = 90000 pixels", "at most 65535 inputs"),
    ] as [([UInt8], Int, String, String)])
  func imagesWithoutSpikes(_ brightness: [UInt8], _ side: Int, _ problem: String, _ remedy: String) throws {
    let output = try check("{source: images, folder: ., time_bins: 50}", fill: images(brightness, side: side))
    #expect(output.status == 2 && output.err.contains(problem) && output.err.contains(remedy), "\(output)")
  }

  @Test func shiftedImages() throws {
    let output = try check(
      "{source: images, folder: ., time_bins: 50, augment: {channel_shift: 1, drop_events: 0.25}}",
      fill: images([100, 150, 200, 250]))
    #expect(output.out.contains("augment: channel_shift 1, drop_events 0.25\n"), "\(output)")
    #expect(
      output.err.contains(
        "data.augment.channel_shift is 1, but the channels of images are pixels, row after row: up to 1 pixel of each row"
      ),
      "\(output)")
  }

  // MARK: Events and their unit

  private func events(_ factor: Double, _ more: [String] = []) throws -> Program.Output {
    try check(
      "{source: events, file: e.csv, channels: 4, time_bins: 20, binning: uniform, test_fraction: 0.25}", more
    ) { folder in
      let rows = (0..<8).flatMap { sample in
        (0..<12).map { event in
          let time = (0.003 + 0.07 * Double(event) + 0.01 * Double(sample)) * factor
          return "\(sample),\(time),\(event % 4),\(sample % 2)"
        }
      }
      try folder.write(Array((["sample,time,channel,label"] + rows).joined(separator: "\n").utf8), "e.csv")
    }
  }

  @Test func unitsOfEvents() throws {
    #expect(try warnings(events(1)).isEmpty)
    let cases: [(factor: Double, more: [String], expected: String)] = [
      (
        1000, ["data.max_time=5s"],
        "if the file's times are milliseconds, which would put it at 843 ms, set data.time_unit: ms (it is s)"
      ),
      (
        1e6, ["data.time_unit=ms", "data.max_time=5s"],
        "if the file's times are microseconds, which would put it at 843 ms, set data.time_unit: us (it is ms)"
      ),
      (
        1, ["data.time_unit=us"],
        "data.time_unit is us: if the file's times are seconds, which would put it at 843 ms, set it to s"
      ),
      (
        1000, ["data.time_unit=ms", "data.max_time=100ms"],
        "the last one is at 843 ms; raise data.max_time (100 ms) to keep them"
      ),
    ]
    for (factor, more, expected) in cases {
      let output = try events(factor, more)
      #expect(output.status == 0 && warnings(output).contains { $0.contains(expected) }, "\(expected): \(output)")
    }
    let none = try events(1, ["data.max_time=1ms"])
    #expect(
      none.status == 2
        && none.err.contains("; raise data.max_time; or, if the file's times are not seconds, set data.time_unit"),
      "\(none)")
  }
}
