import Files
import HDF5
import SafeText

/// The HDF5 layout in which snnTorch and torchneuromorphic cache data sets: a group `data/<key>` per sample with `times`
/// (microseconds), `addrs` ([spikes, 1]) and `labels` (one number); keys of the training and the test samples in
/// `extra/train_keys` and `extra/test_keys`.
struct GroupedSpikes {
  private let file: HDF5File
  private let path: String
  private let keys: [Int]

  /// Nil if the file has another layout.
  /// - Throws: `SpikeDataError` if it is not HDF5 or has keys that are not numbers, `HDF5Error`.
  init?(_ source: RegularFile) throws {
    path = source.path
    do { file = try HDF5File(reading: source) } catch let error as HDF5Error {
      throw SpikeDataError(file: source.path, problem: "cannot \(error.operation): \(error.reason)")
    }
    guard try file.exists("data"), let names = try? file.names(in: "data"), let first = names.first,
      try file.exists("data/\(first)/times")
    else { return nil }
    keys = try names.map { name in
      guard let key = Int(name), key >= 0 else {
        throw SpikeDataError(
          file: source.path, problem: "the group data/\(SafeText.excerpt(name, limit: 40)) is not named by a number")
      }
      return key
    }.sorted()
  }

  /// The samples of a part, ordered by key.
  func read(_ part: RecordingFile.Part, memoryLimit: Int) throws -> EventTable {
    let selected: [Int]
    switch part {
    case .all: selected = keys
    case .train, .test:
      let name = "extra/\(part.rawValue)_keys"
      guard try file.exists(name) else {
        throw SpikeDataError(
          file: path, problem: "there is no \(name), so training and test samples are not told apart")
      }
      let wanted = Set(try file.readIntegers(name, atMost: HDF5Limits.links))
      selected = keys.filter { wanted.contains(Int64($0)) }
      guard !selected.isEmpty else { throw SpikeDataError(file: path, problem: "\(name) names no sample in data") }
    }
    var table = EventTable(hasSpeakers: false)
    (table.channelType, table.timeType) = ("addrs", "whole microseconds")
    // A small file may claim any number of values.
    let most = memoryLimit / 64
    for key in selected {
      func failure(_ problem: String) -> SpikeDataError {
        SpikeDataError(file: path, field: "data/\(key)", problem: problem)
      }
      let group = "data/\(key)"
      let shape = try file.shape("\(group)/addrs")
      let times = try file.readIntegers("\(group)/times", atMost: most)
      guard shape == [times.count] || shape == [times.count, 1] else {
        throw failure(
          "addrs have the shape \(shape) for \(times.count) times; only data with one address per spike, such as SHD, can "
            + "be converted, not pixels of a camera")
      }
      let units = try file.readIntegers("\(group)/addrs", atMost: most)
      guard let label = try file.readIntegers("\(group)/labels", atMost: 1).first else { throw failure("no label") }
      guard table.times.count + times.count <= most else {
        let problem = OutOfMemoryError(
          needed: (table.times.count + times.count) * 64, available: memoryLimit, remedy: "split the file")
        throw SpikeDataError(file: path, problem: "\(problem)")
      }
      try table.append(times.map { Double($0) / 1e6 }, units, label: label, speaker: nil, path: path)
    }
    return table
  }
}
