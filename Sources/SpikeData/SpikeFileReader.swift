import Files
import HDF5
import SafeText
import Synchronization

/// The open datasets of a spike file, with their types checked. Claims of more data than the file can hold are refused.
final class SpikeFileReader: Sendable {
  let path: String
  /// The open file, which is read even if another one replaces it meanwhile.
  let source: RegularFile
  let labels: [Int64]
  let speakers: [Int64]?
  let classNames: [String]?
  private let file: HDF5File
  let times: HDF5Sequences
  let units: HDF5Sequences

  var count: Int { labels.count }
  var precision: TimePrecision { times.element.size == 2 ? .half : times.element.size == 4 ? .single : .double }

  /// The bytes of all sequences read so far.
  private let bytesRead = Atomic<Int>(0)
  /// Bytes on disk per sample, before compression: the length and location of a sequence in each of two datasets.
  private static let sampleBytes = 16
  /// The most spikes in a sample: a sample's lists use 32-bit indices.
  private static let mostSpikes = 1 << 28

  init(path: String) throws {
    self.path = path
    source = try InputFile.open(path, kind: .spikes)
    do { file = try HDF5File(reading: source) } catch let error as HDF5Error {
      if let instead = SpikeFileLayout.insteadOfSpikes(source) {
        let found = FileFormat(of: source).map { " but \($0.description)" } ?? ""
        throw SpikeDataError(file: path, problem: "it is not an HDF5 file\(found); \(instead)")
      }
      throw SpikeDataError(file: path, problem: "cannot \(error.operation): \(error.reason)\(Self.remedy(path, error))")
    }
    for field in ["spikes/times", "spikes/units", "labels"] where try !file.exists(field) {
      throw SpikeDataError(
        file: path, field: field, problem: "there is no such dataset; \(SpikeFileLayout.explain(file, path: path))")
    }
    times = try HDF5Sequences("spikes/times", in: file)
    units = try HDF5Sequences("spikes/units", in: file)
    guard times.element.kind == .float, [2, 4, 8].contains(times.element.size) else {
      throw SpikeDataError(
        file: path, field: "spikes/times", problem: "\(times.element), but times must be float16, float32 or float64")
    }
    guard units.element.isInteger else {
      throw SpikeDataError(file: path, field: "spikes/units", problem: "\(units.element), but units must be integers")
    }
    // Check shapes first: a small file can claim, or inflate to, any number of values.
    let shape = try file.shape("labels")
    let labelCount = shape.reduce(1, *)
    guard times.count == units.count, times.count == labelCount else {
      throw SpikeDataError(
        file: path,
        problem: "\(times.count) sequences of times, \(units.count) of units, \(labelCount) labels: the numbers differ")
    }
    guard times.count > 0 else { throw SpikeDataError(file: path, problem: "no samples") }
    guard shape.first == labelCount else {
      throw SpikeDataError(
        file: path, field: "labels", problem: "shape \(shape), but there must be one label per sample")
    }
    guard labelCount <= source.size / Self.sampleBytes else {
      throw SpikeDataError(
        file: path, problem: "it claims \(labelCount) samples, more than a file of \(source.size) bytes can hold")
    }
    labels = try file.readIntegers("labels", atMost: labelCount)
    if try file.exists("extra/speaker") {
      let shape = try file.shape("extra/speaker")
      guard shape == [labelCount] else {
        throw SpikeDataError(
          file: path, field: "extra/speaker",
          problem: "\(CountText.count(shape.reduce(1, *), "speaker")) for \(CountText.count(labelCount, "sample")) "
            + "(shape \(shape))")
      }
      speakers = try file.readIntegers("extra/speaker", atMost: labelCount)
    } else {
      speakers = nil
    }
    classNames = try file.exists("extra/keys") ? try file.readStrings("extra/keys") : nil
  }

  /// Names of the datasets that are not read.
  var others: [String] {
    get throws {
      try file.others(
        than: ["spikes", "spikes/times", "spikes/units", "labels", "extra", "extra/speaker", "extra/keys"],
        in: ["", "spikes", "extra"])
    }
  }

  /// What to do about a file that is not an HDF5 file or is damaged.
  private static func remedy(_ path: String, _ error: HDF5Error) -> String {
    if path.hasSuffix(".part") {
      return "; an unfinished download: rerun the same snnexp data fetch command to resume"
    }
    if let command = MissingSpikeFile.fetchCommand(for: path) {
      return "; get the published file with: \(command) --force"
    }
    return error.reason.contains("truncated") ? "; a download or copy was interrupted: get it again" : ""
  }

  /// The times and units of a range of samples; read each sample only once.
  func read(_ range: Range<Int>) throws -> (times: HDF5SequenceBlock, units: HDF5SequenceBlock) {
    let block = (try times.read(range), try units.read(range))
    let bytes = block.0.byteCount + block.1.byteCount
    // Sequences are stored uncompressed. In a hostile file all samples may share the same bytes.
    guard bytesRead.add(bytes, ordering: .relaxed).newValue <= source.size else {
      throw SpikeDataError(
        file: path, field: "spikes",
        problem:
          "the samples up to \(range.upperBound - 1) have more bytes than the file (\(source.size)): they overlap")
    }
    for index in 0..<range.count where block.0.length(index) > Self.mostSpikes {
      throw SpikeDataError(
        file: path, sample: range.lowerBound + index, field: "spikes",
        problem: "\(block.0.length(index)) spikes, but at most \(Self.mostSpikes) per sample are read")
    }
    return block
  }

  /// Calls `body` with the number, times in seconds and channels of each sample in turn.
  /// - Parameter progress: called with the fraction of the samples read so far.
  func forEachSample(
    progress: (Double) -> Void = { _ in }, _ body: (_ sample: Int, _ times: [Double], _ units: [Int64]) throws -> Void
  ) throws {
    var (seconds, numbers): ([Double], [Int64]) = ([], [])
    for start in stride(from: 0, to: count, by: EventBlock.samples) {
      let range = start..<min(start + EventBlock.samples, count)
      let (times, units) = try read(range)
      for index in 0..<range.count {
        self.seconds(times, index, into: &seconds)
        self.numbers(units, index, into: &numbers)
        try body(start + index, seconds, numbers)
      }
      progress(Double(range.upperBound) / Double(count))
    }
  }

  /// The bins of a sample's times (see `TimeBinner`).
  func bins(_ block: HDF5SequenceBlock, _ index: Int, _ binner: TimeBinner, into bins: inout [Int32]) {
    if binner.isAligned {
      var times: [Double] = []
      seconds(block, index, into: &times)
      return binner.alignedBins(times, into: &bins)
    }
    switch times.element.size {
    case 2:
      binner.halfTable.withUnsafeBufferPointer { table in
        map(block, index, HDF5Half.self, into: &bins) { table[Int($0.bits)] }
      }
    case 4: map(block, index, Float.self, into: &bins) { binner.bin($0) }
    default: map(block, index, Double.self, into: &bins) { binner.bin($0) }
    }
  }

  /// The earliest and latest of a sample's times, in seconds; invalid times count without their sign. Nil without
  /// spikes.
  func span(_ block: HDF5SequenceBlock, _ index: Int) -> ClosedRange<Double>? {
    // Non-negative floating-point numbers have the same order as their bits.
    func span<T: HDF5Scalar & FixedWidthInteger>(_: T.Type, _ seconds: (T) -> Double) -> ClosedRange<Double>? {
      block.withElements(index, as: T.self) { bits in
        var (least, most) = (T.max, T.min)
        for bits in bits {
          least = min(least, bits & (T.max >> 1))
          most = max(most, bits & (T.max >> 1))
        }
        guard least <= most, seconds(least) <= seconds(most) else { return nil }
        return seconds(least)...seconds(most)
      }
    }
    return switch times.element.size {
    case 2: span(UInt16.self) { Double(HalfPrecision.float($0)) }
    case 4: span(UInt32.self) { Double(Float(bitPattern: $0)) }
    default: span(UInt64.self) { Double(bitPattern: $0) }
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

  /// A sample's units; values beyond `Int64` are clamped.
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

  /// Transforms a sample's elements into an array that is reused from sample to sample.
  @inline(__always)
  private func map<T: HDF5Scalar, U>(
    _ block: HDF5SequenceBlock, _ index: Int, _: T.Type, into values: inout [U], _ transform: (T) -> U
  ) {
    values.removeAll(keepingCapacity: true)
    block.withElements(index, as: T.self) { values.append(contentsOf: $0.lazy.map(transform)) }
  }
}
