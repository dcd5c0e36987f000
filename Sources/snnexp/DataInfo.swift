import ArgumentParser
import Display
import Experiments
import Files
import JSON
import MonotonicClock
import SafeText
import SpikeData

struct DataInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Print the contents of a data file, and anything unusual.",
    discussion: examples(
      "snnexp data info data/shd_train.h5", "snnexp data info data/shd_train.h5 --json",
      "snnexp data info events.csv --time-unit ms", "snnexp data info data/fashion-mnist/train-images-idx3-ubyte.gz"))
  @Argument(
    help: "HDF5 file in SHD layout, events as CSV or .npz, or an IDX file of images or labels.",
    completion: .file(), transform: userPath) var file: String
  @Option(help: "Unit of the times in a CSV or .npz file.") var timeUnit = EventTimeUnit.s
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    if ImageFileReport.isIDX(path: file) {
      let report = try orExit { try ImageFileReport(path: file, memoryLimit: RunMemory.total) }
      return json ? print(Self.object(report).text) : print(prose: "\(report)")
    }
    // What is wrong with a file that can't be opened is told below, where it is read.
    let opened = try? RegularFile(file)
    if let format = opened.flatMap({ FileFormat(of: $0) }), format == .text || format == .numpyArchive {
      let report = try orExit {
        try SpikeFileReport(events: file, unit: timeUnit, memoryLimit: RunMemory.total)
      }
      return json ? print(Self.object(report, file: file).text) : print(prose: "\(report)")
    }
    guard timeUnit == .s || opened == nil else {
      throw ValidationError("--time-unit is for CSV and .npz: HDF5 has seconds")
    }
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
      (
        "classes",
        .list(
          facts.labels.map {
            .object([("label", .integer($0.label)), ("name", JSONValue($0.name)), ("samples", .integer($0.samples))])
          })
      ),
      (
        "speakers",
        facts.speakers.map { speakers in
          .list(speakers.map { .object([("speaker", .integer($0.speaker)), ("samples", .integer($0.samples))]) })
        } ?? .null
      ),
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
