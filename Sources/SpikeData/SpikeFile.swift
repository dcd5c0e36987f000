import Engine
import HDF5

/// HDF5 files in the layout of the Spiking Heidelberg Digits: `spikes/times` (sequences of float16, 32 or 64, in seconds),
/// `spikes/units` (sequences of integers), `labels`, and optionally `extra/speaker` and `extra/keys` (the word of a label).
public enum SpikeFile {
  /// Labels beyond this are taken for damage rather than for classes.
  static let mostClasses = 1 << 16

  /// Reads, checks and bins a file. Times need not be sorted.
  ///
  /// - Parameters:
  ///   - classes: number of classes; by default the largest label plus one.
  ///   - threads: threads that bin while the calling one reads.
  ///   - progress: called on the calling thread with the share that has been read.
  /// - Throws: `SpikeDataError` naming file, sample, dataset and value.
  public static func load(
    path: String, binning: Binning, classes: Int? = nil, threads: Int = 1, progress: ((Double) -> Void)? = nil
  ) throws -> SpikeDataset {
    try check(binning, path)
    let source = try SpikeFileSource(path: path)
    let labels = try self.labels(of: source, classes: classes)
    let builder = BlockBuilder(binning, halfPrecision: source.times.element.size == 2)
    let count = labels.count
    let blockCount = (count + EventBlock.samples - 1) / EventBlock.samples
    let collector = BlockCollector(count: blockCount, threads: threads)
    for index in 0..<blockCount where !collector.hasFailed {
      let end = min(count, (index + 1) * EventBlock.samples)
      do {
        let columns = try source.read(index * EventBlock.samples..<end)
        collector.add(index) { try builder.block(columns) }
      } catch { collector.add(index) { throw error } }
      progress?(Double(end) / Double(count))
    }
    return SpikeDataset(
      name: path, binning: binning, labels: labels, classes: classes ?? (labels.max() ?? -1) + 1,
      speakers: source.speakers?.map { Int($0) }, classNames: source.keys, blocks: try collector.wait())
  }

  /// The fingerprint of the bytes of a file.
  ///
  /// - Throws: `SpikeDataError` if it cannot be read.
  public static func fingerprint(path: String) throws -> Fingerprint {
    do { return try Fingerprint(contentsOf: path) } catch {
      throw SpikeDataError(file: path, problem: "cannot read it: \(error)")
    }
  }

  private static func check(_ binning: Binning, _ path: String) throws {
    guard (1...1 << 16).contains(binning.channels) else {
      throw SpikeDataError(file: path, problem: "data.channels: \(binning.channels), expected 1 to \(1 << 16)")
    }
    guard (1...TimeBinner.mostTimeBins).contains(binning.timeBins) else {
      throw SpikeDataError(
        file: path, problem: "data.time_bins: \(binning.timeBins), expected 1 to \(TimeBinner.mostTimeBins)")
    }
    guard binning.maxTime.isFinite, binning.maxTime > 0 else {
      throw SpikeDataError(file: path, problem: "data.max_time: \(binning.maxTime) s, expected a time above 0 s")
    }
  }

  private static func labels(of source: SpikeFileSource, classes: Int?) throws -> [Int] {
    try source.labels.enumerated().map { sample, label in
      guard label >= 0, label < Int64(classes ?? mostClasses) else {
        let limit = classes.map { "0..\($0 - 1) (data.classes: \($0))" } ?? "0..\(mostClasses - 1)"
        throw SpikeDataError(
          file: source.path, sample: sample, field: "labels", problem: "label \(label), expected \(limit)")
      }
      return Int(label)
    }
  }
}
