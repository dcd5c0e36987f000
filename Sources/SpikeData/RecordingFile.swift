import Files
import Foundation
import HDF5
import SafeText

/// Recorded events in any format that can be converted.
public struct RecordingFile: Sendable {
  /// The layouts of files.
  public enum Layout: String, CaseIterable, Sendable {
    /// HDF5 as the Spiking Heidelberg Digits: one sequence of times and units per sample.
    case shd
    /// HDF5 as snnTorch and torchneuromorphic cache it: a group per sample, `data/<key>`; times in microseconds.
    case groups
    /// Lists of events.
    case csv, npz

    public var description: String {
      switch self {
      case .shd: "HDF5 in SHD layout"
      case .groups: "HDF5 with a group per sample, as snnTorch caches it"
      case .csv: "CSV"
      case .npz: "NumPy .npz"
      }
    }

    /// The same as the subject of a sentence.
    public var shortDescription: String { self == .groups ? "the layout data/<key>" : description }
  }

  /// Which samples to read of a file that has training and test samples.
  public enum Part: String, CaseIterable, Sendable {
    case all, train, test
  }

  let path: String
  public let layout: Layout
  let table: EventTable
  /// Of each sample, whether it is for training or for testing, or that the file does not say so; nil if it tells of
  /// none.
  let parts: [Part?]?
  /// Names of the datasets in an HDF5 file that are not read, such as those about the speakers.
  public let others: [String]
  /// The name of each label, if the file has them.
  public let classNames: [String]?
  /// The type of the times in the file, for people.
  public var timeType: String { table.timeType }
  public var samples: Int { table.count }
  public var events: Int { table.times.count }
  /// How many samples the file has for training and for testing; nil if it does not tell.
  public var partCounts: (train: Int, test: Int)? {
    parts.map { parts in (parts.count { $0 == .train }, parts.count { $0 == .test }) }
  }

  /// Reads a file, whose layout its content tells.
  ///
  /// - Parameters:
  ///   - unit: of the times in CSV and `.npz` files; HDF5 layouts have their own.
  ///   - part: only the groups layout tells training from test samples.
  ///   - memoryLimit: the most bytes that its events may take.
  /// - Throws: `SpikeDataError`, `HDF5Error`.
  public init(path: String, unit: EventTimeUnit = .s, part: Part = .all, memoryLimit: Int = .max) throws {
    self.path = path
    let file = try InputFile.open(path, kind: .events)
    let format = FileFormat(of: file)
    guard format == nil else {
      table = try EventFile.read(path: path, unit: unit, memoryLimit: memoryLimit).table
      (layout, classNames, parts, others) = (format == .text ? .csv : .npz, nil, nil, [])
      try Self.refuse(part, path)
      return
    }
    guard file.size <= memoryLimit / 6 else {
      let problem = OutOfMemoryError(needed: 6 * file.size, available: memoryLimit, remedy: "split the file")
      throw SpikeDataError(file: path, problem: "\(problem)")
    }
    if let groups = try GroupedSpikes(file) {
      (layout, classNames, others) = (.groups, nil, try groups.others())
      (table, parts) = try groups.read(part, memoryLimit: memoryLimit)
    } else {
      try Self.refuse(part, path)
      let reader = try SpikeFileReader(path: path)
      (layout, table, classNames, parts) = (.shd, try Self.table(reader), reader.classNames, nil)
      others = try reader.others
    }
  }

  /// The samples of two files: those for training, then those for testing.
  public init(training: RecordingFile, testing: RecordingFile) {
    (path, layout) = (training.path, training.layout)
    var table = training.table
    table.append(testing.table)
    self.table = table
    parts =
      [Part?](repeating: .train, count: training.samples) + [Part?](repeating: .test, count: testing.samples)
    classNames = training.classNames ?? testing.classNames
    others = training.others + testing.others.filter { !training.others.contains($0) }
  }

  private static func refuse(_ part: Part, _ path: String) throws {
    guard part != .all else { return }
    throw SpikeDataError(
      file: path, problem: "it does not tell training from test samples, as only the layout data/<key> does")
  }

  private static func table(_ reader: SpikeFileReader) throws -> EventTable {
    var table = EventTable(hasSpeakers: reader.speakers != nil)
    (table.channelType, table.timeType) = ("\(reader.units.element)", "\(reader.times.element)")
    try reader.forEachSample { sample, times, units in
      guard times.count == units.count else {
        throw SpikeDataError(
          file: reader.path, sample: sample, field: "spikes",
          problem: "\(CountText.count(times.count, "time")) but \(CountText.count(units.count, "unit"))")
      }
      try table.append(
        times, units, label: reader.labels[sample], speaker: reader.speakers?[sample], path: reader.path)
    }
    return table
  }
}

extension EventTable {
  /// Appends a sample of an HDF5 file.
  /// - Throws: `SpikeDataError` for what cannot be converted: times before 0, numbers beyond 65535.
  mutating func append(_ times: [Double], _ units: [Int64], label: Int64, speaker: Int64?, path: String) throws {
    func failure(_ field: String, _ problem: String) -> SpikeDataError {
      SpikeDataError(file: path, sample: count, field: field, problem: problem)
    }
    for (spike, time) in times.enumerated() where !(time >= 0 && time.isFinite) {
      throw failure("times", "time \(time) at spike \(spike), but times are seconds, finite and not negative")
    }
    for (spike, unit) in units.enumerated() where !(0...65535).contains(unit) {
      throw failure("units", "unit \(unit) at spike \(spike), but units are from 0 to 65535")
    }
    for (name, value) in [("labels", label), ("extra/speaker", speaker ?? 0)] where !(0...65535).contains(value) {
      throw failure(name, "\(value) is not from 0 to 65535")
    }
    append(times, units.map { UInt16($0) }, label: Int(label), speaker: speaker.map { Int($0) })
  }
}
