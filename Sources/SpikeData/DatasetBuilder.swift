import Engine
import Files

/// Builds a dataset from samples that are computed one by one, on several threads.
struct DatasetBuilder {
  /// The spikes of one block of samples.
  struct Block {
    fileprivate(set) var bins: [UInt16] = []
    fileprivate(set) var channels: [UInt16] = []
    fileprivate var ends: [Int] = []
    fileprivate var counts: SpikeTally.Counts
    private let binning: Binning
    private var span: ClosedRange<Double>?

    fileprivate init(_ binning: Binning) {
      self.binning = binning
      counts = SpikeTally.Counts(binning)
    }

    /// Adds a spike of the current sample.
    /// - Parameters:
    ///   - bin: nil if it comes after the last one.
    ///   - time: in seconds, for the dataset's facts.
    @inline(__always) mutating func add(bin: UInt16?, channel: Int, time: Double) {
      counts.spikes += 1
      counts.usedChannels[channel] = true
      span = span.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
      guard let bin else {
        counts.dropped += 1
        return
      }
      bins.append(bin)
      channels.append(UInt16(truncatingIfNeeded: channel))
    }

    fileprivate mutating func endSample() {
      counts.add(span, binning.alignment)
      span = nil
      if bins.count == ends.last ?? 0 { counts.emptySamples += 1 }
      ends.append(bins.count)
    }
  }

  /// The path of the file, or a description of the samples' other origin.
  var name: String
  var binning: Binning
  var labels: [Int]
  var speakers: [Int]?
  var classNames: [String]?
  var reachableBins: Int
  var contentHash: ContentHash?

  /// - Parameter fill: adds the spikes of a sample to a block; called on several threads.
  /// - Throws: what `fill` throws, `CancellationError`, `SpikeDataError` if the events do not fit into memory.
  func build(
    _ request: LoadingRequest, progress: (Double) -> Void = { _ in },
    fill: @escaping @Sendable (_ sample: Int, _ block: inout Block) throws -> Void
  ) throws -> SpikeDataset {
    let (binning, name, count, limit) = (binning, name, labels.count, request.memoryLimit)
    let blockCount = (count + EventBlock.samples - 1) / EventBlock.samples
    let blocks = BlockCollector<EventBlock>(count: blockCount, threads: min(request.threads, blockCount))
    let tally = SpikeTally(binning)
    for index in 0..<blockCount where !blocks.hasFailed {
      if request.shouldStop() {
        _ = try? blocks.wait()
        throw CancellationError()
      }
      let range = index * EventBlock.samples..<min((index + 1) * EventBlock.samples, count)
      blocks.add(index) {
        var block = Block(binning)
        for sample in range {
          try fill(sample, &block)
          block.endSample()
        }
        let events = EventBlock(bins: block.bins, channels: block.channels, ends: block.ends, binning: binning)
        block.counts.merged = block.bins.count - events.spikeCount
        tally.add(block.counts)
        let loaded = tally.addBytes(events.bytes, samples: range.count)
        guard loaded.bytes <= limit else {
          throw SpikeDataError(
            file: name,
            problem: "too large for memory: the events of \(loaded.samples) of its \(count) samples take "
              + "\(loaded.bytes >> 20) MiB already, and only \(limit >> 20) MiB are available; use fewer samples")
        }
        return events
      }
      progress(Double(range.upperBound) / Double(count))
    }
    // The facts are complete only when all threads are done.
    let events = try blocks.wait()
    return SpikeDataset(
      name: name, binning: binning, labels: labels, speakers: speakers, classNames: classNames, facts: tally.facts,
      reachableBins: reachableBins, contentHash: contentHash, blocks: events)
  }
}
