import Files
import HDF5
import SafeText

/// Reads spike files in the layout of the Spiking Heidelberg Digits (Cramer et al. 2020): `spikes/times` (in seconds)
/// and `spikes/units` with one sequence per sample, `labels`, and optionally `extra/speaker` and `extra/keys` (the name
/// of each label).
public enum SpikeFile {
  /// Reads and bins a file. Times may be floats of any width, units and labels integers of any width.
  ///
  /// - Parameters:
  ///   - classes: labels must be below it; nil allows any label from 0 up.
  ///   - threads: the number of threads that bin while the calling thread reads.
  ///   - hash: the hash the file must have: the one from which the run's identity was computed. The open file is hashed
  ///     again after everything has been read, so that what was read is what was planned.
  ///   - memoryLimit: the most bytes that the events may take.
  ///   - shouldStop: called between blocks of samples; true cancels.
  ///   - progress: called on the calling thread with the fraction of the samples read so far.
  /// - Throws: `SpikeDataError` for faults in the data, `HDF5Error` for what can't be read, `BinningRangeError` if this
  ///   binning can't be computed in the precision of the times, `CancellationError` if `shouldStop` returned true.
  public static func load(
    path: String, binning: Binning, classes: Int?, threads: Int = 1, expecting hash: ContentHash? = nil,
    memoryLimit: Int = .max, shouldStop: () -> Bool = { false }, progress: ((Double) -> Void)? = nil
  ) throws -> SpikeDataset {
    let reader = try SpikeFileReader(path: path)
    let labels = try checkedLabels(reader.labels, file: path, classes: classes)
    try binning.check(times: reader.precision)
    let binner = TimeBinner(binning, halfPrecision: reader.precision == .half)
    let blockCount = (reader.count + EventBlock.samples - 1) / EventBlock.samples
    let blocks = BlockCollector<EventBlock>(count: blockCount, threads: min(threads, blockCount))
    let tally = SpikeTally(binning)
    // The library reads on one thread at a time; other threads bin what has been read.
    for index in 0..<blockCount where !blocks.hasFailed {
      if shouldStop() {
        _ = try? blocks.wait()
        throw CancellationError()
      }
      let range = index * EventBlock.samples..<min((index + 1) * EventBlock.samples, reader.count)
      do {
        let (times, units) = try reader.read(range)
        blocks.add(index) {
          let events = try block(reader, range, times, units, binner, binning, tally)
          let loaded = tally.addBytes(events.bytes, samples: range.count)
          guard loaded.bytes <= memoryLimit else {
            throw SpikeDataError(
              file: path,
              problem: "too large for memory: the events of \(loaded.samples) of its \(reader.count) samples take "
                + "\(loaded.bytes >> 20) MiB already, and only \(memoryLimit >> 20) MiB are available; use a file with "
                + "fewer samples, or fewer data.time_bins with duplicates: binary")
          }
          return events
        }
      } catch { blocks.add(index) { throw error } }
      progress?(Double(range.upperBound) / Double(reader.count))
    }
    let events = try blocks.wait()
    try reader.source.check(isStill: hash)
    return SpikeDataset(
      name: path, binning: binning, labels: labels, speakers: reader.speakers?.map { Int($0) },
      classNames: reader.classNames, facts: tally.facts, reachableBins: binner.reachableBins, contentHash: hash,
      blocks: events)
  }

  /// Checks, bins and sorts the spikes of the samples of `range`.
  private static func block(
    _ reader: SpikeFileReader, _ range: Range<Int>, _ times: HDF5SequenceBlock, _ units: HDF5SequenceBlock,
    _ binner: TimeBinner, _ binning: Binning, _ tally: SpikeTally
  ) throws -> EventBlock {
    var counted = SpikeTally.Counts(binning)
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
        throw problem("spikes", "\(CountText.count(count, "time")) but \(CountText.count(units.length(index), "unit"))")
      }
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
        counted.usedChannels[Int(unit)] = true
        if bin >= 0 {
          bins.append(UInt16(truncatingIfNeeded: bin))
          channels.append(UInt16(truncatingIfNeeded: unit))
        } else if bin == TimeBinner.late {
          counted.dropped += 1
        } else {
          var seconds: [Double] = []
          reader.seconds(times, index, into: &seconds)
          throw problem(
            "spikes/times",
            "time \(seconds[spike]) at spike \(spike), but times are seconds, finite and not negative")
        }
      }
      counted.add(reader.span(times, index), binning.alignment)
      counted.spikes += count
      if bins.count == ends.last ?? 0 { counted.emptySamples += 1 }
      ends.append(bins.count)
    }
    let events = EventBlock(bins: bins, channels: channels, ends: ends, binning: binning)
    counted.merged = bins.count - events.spikeCount
    tally.add(counted)
    return events
  }

  /// The hash of a file's bytes.
  /// - Throws: `SpikeDataError` if it can't be read.
  public static func fingerprint(path: String) throws -> ContentHash {
    try InputFile.open(path, kind: .spikes).spikeFileHash()
  }
}

extension RegularFile {
  /// - Throws: `SpikeDataError`.
  fileprivate func spikeFileHash() throws -> ContentHash {
    do { return try hash() } catch { throw SpikeDataError(file: path, problem: error.problem) }
  }

  /// Hashes the file again after everything has been read.
  ///
  /// - Parameter hash: that from which the run's identity was computed; nil: nothing is checked.
  /// - Throws: `SpikeDataError` if the file now has another.
  func check(isStill hash: ContentHash?) throws {
    guard let hash else { return }
    guard try spikeFileHash() == hash else { throw SpikeDataError.changed(path) }
  }
}

/// The labels of a file.
/// - Throws: `SpikeDataError` for the first that is not in `0..<classes`, or, with nil, in `0..<65536`.
func checkedLabels(_ labels: [Int64], file: String, classes: Int?) throws -> [Int] {
  try labels.enumerated().map { sample, label in
    guard label >= 0, label < Int64(classes ?? 65536) else {
      let limit = classes.map { "only labels 0..<\($0) exist (data.classes: \($0))" } ?? "labels are 0..<65536"
      throw SpikeDataError(file: file, sample: sample, field: "labels", problem: "label \(label), but \(limit)")
    }
    return Int(label)
  }
}
