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

  /// Names of the datasets that `read` does not read; of those in the samples, that of the first one.
  func others() throws -> [String] {
    var known: Set<String> = ["extra", "data", "extra/train_keys", "extra/test_keys"]
    let sample = keys.first.map { "data/\($0)" } ?? "data"
    for name in ["times", "addrs", "labels"] { known.insert("\(sample)/\(name)") }
    return try file.others(than: known, in: ["", "extra", sample])
  }

  private static func list(_ part: RecordingFile.Part) -> String { "extra/\(part.rawValue)_keys" }

  /// The keys of the samples for training or testing; nil if the file has no list of them.
  private func keys(of part: RecordingFile.Part) throws -> Set<Int64>? {
    guard try file.exists(Self.list(part)) else { return nil }
    return Set(try file.readIntegers(Self.list(part), atMost: HDF5Limits.links))
  }

  /// The samples of a part, ordered by key, and whether each is for training or testing.
  func read(
    _ part: RecordingFile.Part, memoryLimit: Int
  ) throws -> (table: EventTable, parts: [RecordingFile.Part?]?) {
    let (training, testing) = (try keys(of: .train), try keys(of: .test))
    var selected = keys
    if part != .all {
      guard let wanted = part == .train ? training : testing else {
        throw SpikeDataError(
          file: path, problem: "there is no \(Self.list(part)), so training and test samples are not told apart")
      }
      selected = keys.filter { wanted.contains(Int64($0)) }
      guard !selected.isEmpty else {
        throw SpikeDataError(file: path, problem: "\(Self.list(part)) names no sample in data")
      }
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
    guard training != nil || testing != nil else { return (table, nil) }
    return (
      table,
      selected.map { key in
        training?.contains(Int64(key)) == true ? .train : testing?.contains(Int64(key)) == true ? .test : nil
      }
    )
  }
}
