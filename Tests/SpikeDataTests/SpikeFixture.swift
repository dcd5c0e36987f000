import Foundation
import HDF5
import SpikeData
import TestSupport

/// A small spike file for a temporary location, valid unless a test changes it.
struct SpikeFixture {
  var times: [[Float]] = [[0.1, 0.2, 0.3], [0.0, 0.5], [0.9]]
  var units: [[UInt16]] = [[1, 2, 3], [5, 5], [9]]
  var labels: [Int64] = [0, 1, 2]
  var speakers: [Int64]? = [4, 4, 7]
  var keys: [String]? = ["null", "eins", "zwei"]

  /// The file's bytes. `edit` writes datasets in place of those named in `without`.
  func image(without left: Set<String> = [], edit: (HDF5File) throws -> Void = { _ in }) throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    if !left.contains("spikes/times") { try file.writeSequences(times, to: "spikes/times") }
    if !left.contains("spikes/units") { try file.writeSequences(units, to: "spikes/units") }
    if !left.contains("labels") { try file.write(labels, shape: [labels.count], to: "labels") }
    if let speakers { try file.write(speakers, shape: [speakers.count], to: "extra/speaker") }
    if let keys { try file.writeStrings(keys, to: "extra/keys") }
    try edit(file)
    return try file.image()
  }

  /// Loads the file with ten channels and ten bins.
  func load(classes: Int? = nil, duplicates: Binning.Duplicates = .count, threads: Int = 1) throws -> SpikeDataset {
    try Self.load(try image(), Binning(channels: 10, timeBins: 11, duplicates: duplicates), classes, threads)
  }

  static func load(
    _ image: [UInt8], _ binning: Binning = Binning(channels: 10, timeBins: 11), _ classes: Int? = nil,
    _ threads: Int = 1
  ) throws -> SpikeDataset {
    try withFile(image) { try SpikeFile.load(path: $0, binning: binning, classes: classes, threads: threads) }
  }

  /// Calls `body` with the path of a file of these bytes, which is removed afterwards.
  static func withFile<Result>(_ image: [UInt8], _ body: (String) throws -> Result) throws -> Result {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    return try body(folder.write(image, "data.h5"))
  }
}

/// The description of the error thrown by `body`, without the leading path; empty if none.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    let text = "\(error)"
    guard let range = text.range(of: ".h5: ") else { return text }
    return String(text[range.upperBound...])
  }
}

extension SpikeDataset {
  /// Bin and channel of each spike, from the order by time.
  func byTime(_ sample: Int) -> [[Int]] {
    withExtendedLifetime(self) {
      var spikes: [[Int]] = []
      events(sample).byTime.forEachTerm { spikes += repeatElement([$0, $1], count: $2) }
      return spikes.sorted { $0.lexicographicallyPrecedes($1) }
    }
  }

  /// Bin and channel of each spike, of one channel after the other, from the order by channel.
  func byChannel(_ sample: Int) -> [[Int]] {
    withExtendedLifetime(self) {
      var spikes: [[Int]] = []
      events(sample).byChannel.forEachTerm { spikes += repeatElement([$1, $0], count: $2) }
      return spikes.sorted { [$0[1], $0[0]].lexicographicallyPrecedes([$1[1], $1[0]]) }
    }
  }
}
