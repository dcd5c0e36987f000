import ArgumentParser
import Display
import Experiments
import Foundation
import JSON
import MonotonicClock
import SafeText
import SpikeData

struct DataInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Print the contents of a data file, and anything unusual.",
    discussion: examples(
      "snnexp data info data/shd_train.h5", "snnexp data info data/shd_train.h5 --json",
      "snnexp data info events.csv --time-unit ms", "snnexp data info data/braille.h5",
      "snnexp data info data/fashion-mnist/train-images-idx3-ubyte.gz"))
  @Argument(
    help: "HDF5 file (spikes, or analog values), events as CSV or .npz, or an IDX file of images or labels.",
    completion: .file(), transform: userPath) var file: String
  @Option(help: "Unit of the times in a CSV or .npz file.") var timeUnit = EventTimeUnit.s
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let kind = DataFileKind(path: file)
    guard timeUnit == .s || kind == .events || !FileManager.default.fileExists(atPath: file) else {
      throw ValidationError("--time-unit is for CSV and .npz: other formats have their own unit")
    }
    switch kind {
    case .images:
      let report = try orExit { try ImageFileReport(path: file, memoryLimit: RunMemory.total) }
      json ? print(Self.object(report).text) : print(prose: "\(report)")
    case .analog:
      let report = try orExit { try AnalogFileReport(path: file, memoryLimit: RunMemory.total) }
      json ? print(Self.object(report).text) : print(prose: "\(report)")
    case .events, .groups:
      let report = try orExit {
        try SpikeFileReport(recording: file, unit: timeUnit, memoryLimit: RunMemory.total)
      }
      json ? print(Self.object(report, file: file).text) : print(prose: "\(report)")
    case .spikes: try printSpikeFile()
    }
  }

  private func printSpikeFile() throws {
    let name = SafeText.line(file)
    let isShown = Terminal.messages.canRedraw
    let start = now()
    var percent = -1
    func erase() {
      if percent >= 0 { emit("\r\u{1b}[K") }
    }
    defer { erase() }
    let report = try orExit {
      try SpikeFile.inspect(path: file) { share in
        // Show progress only if reading takes longer than a second.
        guard isShown, now() - start > 1, Int(share * 100) > percent else { return }
        percent = Int(share * 100)
        emit("\r\u{1b}[Kreading \(name) \(percent) %")
      }
    }
    erase()
    percent = -1
    json ? print(Self.object(report, file: file).text) : print(prose: "\(report)")
  }

  private static func object(_ report: ImageFileReport) -> JSONValue {
    .object([
      ("file", .string(report.path)), ("shape", .list(report.shape.map { .integer($0) })),
      (
        "values",
        .object([
          ("min", JSONValue(report.range?.lowerBound)), ("max", JSONValue(report.range?.upperBound)),
          ("mean", .number(report.mean)), ("zeros", .number(report.zeros)),
        ])
      ),
      (
        "classes",
        report.labels.map { labels in
          .list(labels.map { .object([("label", .integer($0.label)), ("samples", .integer($0.samples))]) })
        } ?? .null
      ),
    ])
  }

  private static func object(_ report: AnalogFileReport) -> JSONValue {
    .object([
      ("file", .string(report.path)), ("samples", .integer(report.samples)), ("steps", .integer(report.steps)),
      ("type", .string(report.type)),
      (
        "channels",
        .list(
          report.channels.enumerated().map { index, channel in
            .object([
              ("channel", .integer(index)), ("min", .number(channel.min)), ("max", .number(channel.max)),
              ("mean", .number(channel.mean)), ("std", .number(channel.deviation)),
              ("constant", .boolean(channel.isConstant)),
            ])
          })
      ),
      ("classes", Self.list(report.labels)), ("speakers", Self.list(report.speakers)),
      ("bad", .list(report.bad.map { .string($0) })), ("odd", .list(report.odd.map { .string($0) })),
    ])
  }

  private static func list(_ labels: [(label: Int, name: String?, samples: Int)]) -> JSONValue {
    .list(
      labels.map {
        .object([("label", .integer($0.label)), ("name", JSONValue($0.name)), ("samples", .integer($0.samples))])
      })
  }

  private static func list(_ speakers: [(speaker: Int, samples: Int)]?) -> JSONValue {
    guard let speakers else { return .null }
    return .list(speakers.map { .object([("speaker", .integer($0.speaker)), ("samples", .integer($0.samples))]) })
  }

  private static func object(_ report: SpikeFileReport, file: String) -> JSONValue {
    let facts = report.facts
    return .object([
      ("file", .string(file)), ("samples", .integer(facts.samples)), ("spikes", .integer(facts.spikes)),
      (
        "spikes_per_sample",
        .object([
          ("mean", .number(Double(facts.spikes) / Double(max(1, facts.samples)))),
          ("median", JSONValue(facts.spikesPerSample.map(\.median))),
          ("min", JSONValue(facts.spikesPerSample.map(\.least))),
          ("max", JSONValue(facts.spikesPerSample.map(\.most))),
        ])
      ),
      (
        "channels",
        .object([
          ("min", JSONValue(facts.channels?.lowerBound)), ("max", JSONValue(facts.channels?.upperBound)),
          ("used", .integer(facts.usedChannels)), ("type", .string(facts.unitType)),
        ])
      ),
      (
        "times",
        .object([
          ("first_s", JSONValue(facts.times?.lowerBound)), ("last_s", JSONValue(facts.times?.upperBound)),
          ("type", .string(facts.timeType)),
        ])
      ),
      ("classes", Self.list(facts.labels)), ("speakers", Self.list(facts.speakers)),
      (
        "histograms",
        .object([
          ("spikes", Self.list(facts.spikeHistogram)), ("last_spike_s", Self.list(facts.durationHistogram)),
        ])
      ),
      ("bad", .list(report.bad.map { .string($0) })), ("odd", .list(report.odd.map { .string($0) })),
    ])
  }

  /// The intervals of a histogram, from and up to below which, and how many samples each has.
  private static func list(_ histogram: Histogram?) -> JSONValue {
    guard let histogram else { return .list([]) }
    return .list(
      histogram.counts.indices.map { interval in
        .object([
          ("from", .number(histogram.end(interval))), ("to", .number(histogram.end(interval + 1))),
          ("samples", .integer(histogram.counts[interval])),
        ])
      })
  }
}
