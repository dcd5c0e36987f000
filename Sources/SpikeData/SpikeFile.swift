import Engine
import Foundation
import HDF5

/// Something wrong in a spike file: which sample, which field, what was found and what was expected.
public struct SpikeDataError: Error, CustomStringConvertible, Sendable {
  public var file: String
  public var sample: Int?
  public var field: String?
  public var problem: String

  public var description: String {
    ([file] + [sample.map { "sample \($0)" }, field].compactMap { $0 } + [problem]).joined(separator: ": ")
  }
}

/// Reads spike files in the layout of the Spiking Heidelberg Digits (Cramer et al. 2020): `spikes/times` (seconds) and
/// `spikes/units`, a sequence per sample, `labels`, and if present `extra/speaker` and `extra/keys` (the word of each label).
public enum SpikeFile {
  /// Reads and bins a file. Times may be of any float width, units and labels integers of any width.
  ///
  /// - Parameters:
  ///   - classes: labels must be below it; nil: any label from 0.
  ///   - threads: threads that bin while the calling one reads.
  ///   - progress: called on the calling thread with the share of the samples that is read.
  /// - Throws: `SpikeDataError` for what the data say, `HDF5Error` for what can't be read.
  public static func load(
    path: String, binning: Binning, classes: Int?, threads: Int = 1, progress: ((Double) -> Void)? = nil
  ) throws -> SpikeDataset {
    let reader = try SpikeFileReader(path: path)
    let labels = try reader.labels.enumerated().map { sample, label in
      guard label >= 0, label < Int64(classes ?? 65536) else {
        let limit = classes.map { "only labels 0..<\($0) exist (data.classes: \($0))" } ?? "labels are 0..<65536"
        throw SpikeDataError(file: path, sample: sample, field: "labels", problem: "label \(label), but \(limit)")
      }
      return Int(label)
    }
    let binner = TimeBinner(binning, halfPrecision: reader.times.element.size == 2)
    let blockCount = (reader.count + EventBlock.samples - 1) / EventBlock.samples
    let blocks = BlockCollector<BinnedBlock>(count: blockCount, threads: threads)
    // The library reads on one thread at a time; others bin what has been read.
    for index in 0..<blockCount where !blocks.hasFailed {
      let range = index * EventBlock.samples..<min((index + 1) * EventBlock.samples, reader.count)
      do {
        let (times, units) = try reader.read(range)
        blocks.add(index) { try block(reader, range, times, units, binner, binning) }
      } catch { blocks.add(index) { throw error } }
      progress?(Double(range.upperBound) / Double(reader.count))
    }
    let binned = try blocks.wait()
    return SpikeDataset(
      name: path, binning: binning, labels: labels, speakers: reader.speakers?.map { Int($0) },
      classNames: reader.classNames, droppedSpikes: binned.reduce(0) { $0 + $1.dropped }, blocks: binned.map(\.events))
  }

  private struct BinnedBlock: Sendable {
    var events: EventBlock
    /// Spikes beyond the last bin.
    var dropped: Int
  }

  /// Checks, bins and sorts the spikes of the samples of `range`.
  private static func block(
    _ reader: SpikeFileReader, _ range: Range<Int>, _ times: HDF5SequenceBlock, _ units: HDF5SequenceBlock,
    _ binner: TimeBinner, _ binning: Binning
  ) throws -> BinnedBlock {
    var dropped = 0
    var (bins, channels, ends): ([UInt16], [UInt16], [Int]) = ([], [], [])
    let total = (0..<range.count).reduce(0) { $0 + times.length($1) }
    bins.reserveCapacity(total)
    channels.reserveCapacity(total)
    var sampleBins: [Int32] = []
    var sampleUnits: [Int64] = []
    for index in 0..<range.count {
      func problem(_ field: String, _ text: String) -> SpikeDataError {
        SpikeDataError(file: reader.path, sample: range.lowerBound + index, field: field, problem: text)
      }
      let count = times.length(index)
      guard count == units.length(index) else {
        throw problem("spikes", "\(count) times but \(units.length(index)) units")
      }
      guard count > 0 else { throw problem("spikes", "no spikes") }
      reader.bins(times, index, binner, into: &sampleBins)
      reader.numbers(units, index, into: &sampleUnits)
      for spike in 0..<count {
        let (bin, unit) = (sampleBins[spike], sampleUnits[spike])
        guard unit >= 0, unit < Int64(binning.channels) else {
          throw problem(
            "spikes/units",
            "unit \(unit) at spike \(spike), but only channels 0..<\(binning.channels) exist "
              + "(data.channels: \(binning.channels))")
        }
        if bin >= 0 {
          bins.append(UInt16(truncatingIfNeeded: bin))
          channels.append(UInt16(truncatingIfNeeded: unit))
        } else if bin == TimeBinner.late {
          dropped += 1
        } else {
          var seconds: [Double] = []
          reader.seconds(times, index, into: &seconds)
          throw problem(
            "spikes/times",
            "time \(seconds[spike]) at spike \(spike), but times are seconds, finite and not negative")
        }
      }
      ends.append(bins.count)
    }
    return BinnedBlock(
      events: EventBlock(bins: bins, channels: channels, ends: ends, binning: binning), dropped: dropped)
  }

  /// A fingerprint of the file's bytes.
  /// - Throws: `SpikeDataError` if it can't be read.
  public static func fingerprint(path: String) throws -> Fingerprint {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw SpikeDataError(file: path, problem: "no such file")
    }
    guard !isDirectory.boolValue else { throw SpikeDataError(file: path, problem: "it is a directory") }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw SpikeDataError(file: path, problem: "permission denied")
    }
    defer { try? file.close() }
    var fingerprint = Fingerprint()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var filled = 0
    while true {
      let count = read(file.fileDescriptor, piece.baseAddress.map { $0 + filled }, piece.count - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw SpikeDataError(file: path, problem: "cannot be read: \(String(cString: strerror(errno)))")
      }
      filled += count
      // Only whole pieces and the last one: the value must not depend on how much a call happens to read.
      guard count == 0 || filled == piece.count else { continue }
      if filled > 0 { fingerprint.combine(bytes: UnsafeRawBufferPointer(rebasing: piece[..<filled])) }
      if count == 0 { return fingerprint }
      filled = 0
    }
  }
}

/// The datasets of a spike file, opened and of the right kinds.
final class SpikeFileReader: Sendable {
  let path: String
  let labels: [Int64]
  let speakers: [Int64]?
  let classNames: [String]?
  let times: HDF5Sequences
  let units: HDF5Sequences

  var count: Int { labels.count }

  init(path: String) throws {
    self.path = path
    let file = try HDF5File(readingPath: path)
    for field in ["spikes/times", "spikes/units", "labels"] where try !file.exists(field) {
      throw SpikeDataError(file: path, field: field, problem: "there is no such dataset")
    }
    times = try HDF5Sequences("spikes/times", in: file)
    units = try HDF5Sequences("spikes/units", in: file)
    labels = try file.readIntegers("labels")
    guard times.element.kind == .float, [2, 4, 8].contains(times.element.size) else {
      throw SpikeDataError(
        file: path, field: "spikes/times", problem: "\(times.element), but times are float16, float32 or float64")
    }
    guard units.element.isInteger else {
      throw SpikeDataError(file: path, field: "spikes/units", problem: "\(units.element), but units are integers")
    }
    guard times.count == units.count, times.count == labels.count else {
      throw SpikeDataError(
        file: path,
        problem: "\(times.count) sequences of times, \(units.count) of units, \(labels.count) labels: not the same")
    }
    guard !labels.isEmpty else { throw SpikeDataError(file: path, problem: "no samples") }
    let shape = try file.shape("labels")
    guard shape.first == labels.count else {
      throw SpikeDataError(file: path, field: "labels", problem: "they have the shape \(shape), but are one a sample")
    }
    speakers = try file.exists("extra/speaker") ? try file.readIntegers("extra/speaker") : nil
    if let speakers, speakers.count != labels.count {
      throw SpikeDataError(
        file: path, field: "extra/speaker", problem: "\(speakers.count) speakers for \(labels.count) samples")
    }
    classNames = try file.exists("extra/keys") ? try file.readStrings("extra/keys") : nil
  }

  func read(_ range: Range<Int>) throws -> (HDF5SequenceBlock, HDF5SequenceBlock) {
    (try times.read(range), try units.read(range))
  }

  /// The bins of a sample's times, see `TimeBinner`.
  func bins(_ block: HDF5SequenceBlock, _ index: Int, _ binner: TimeBinner, into bins: inout [Int32]) {
    switch times.element.size {
    case 2:
      binner.halfTable.withUnsafeBufferPointer { table in
        map(block, index, HDF5Half.self, into: &bins) { table[Int($0.bits)] }
      }
    case 4: map(block, index, Float.self, into: &bins) { binner.bin($0) }
    default: map(block, index, Double.self, into: &bins) { binner.bin($0) }
    }
  }

  /// A sample's times.
  func seconds(_ block: HDF5SequenceBlock, _ index: Int, into seconds: inout [Double]) {
    switch times.element.size {
    case 2: map(block, index, HDF5Half.self, into: &seconds) { Double(HalfPrecision.float($0.bits)) }
    case 4: map(block, index, Float.self, into: &seconds) { Double($0) }
    default: map(block, index, Double.self, into: &seconds) { $0 }
    }
  }

  /// A sample's units; beyond `Int64` they are clamped.
  func numbers(_ block: HDF5SequenceBlock, _ index: Int, into numbers: inout [Int64]) {
    func convert<T: HDF5Scalar & BinaryInteger>(_: T.Type) {
      map(block, index, T.self, into: &numbers) { Int64(clamping: $0) }
    }
    let signed = units.element.kind == .signed
    switch units.element.size {
    case 1: signed ? convert(Int8.self) : convert(UInt8.self)
    case 2: signed ? convert(Int16.self) : convert(UInt16.self)
    case 4: signed ? convert(Int32.self) : convert(UInt32.self)
    default: signed ? convert(Int64.self) : convert(UInt64.self)
    }
  }

  /// Puts what `transform` makes of a sample's elements into an array that is kept from sample to sample.
  @inline(__always)
  private func map<T: HDF5Scalar, U>(
    _ block: HDF5SequenceBlock, _ index: Int, _: T.Type, into values: inout [U], _ transform: (T) -> U
  ) {
    values.removeAll(keepingCapacity: true)
    block.withElements(index, as: T.self) { values.append(contentsOf: $0.lazy.map(transform)) }
  }
}
