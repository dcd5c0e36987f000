import Synchronization

/// Adds up facts and memory use of blocks built by several threads. The order does not matter.
final class SpikeTally: Sendable {
  struct Counts {
    var (spikes, dropped, merged, emptySamples) = (0, 0, 0, 0)
    var times: ClosedRange<Double>?
    /// Per channel of the file, before grouping.
    var usedChannels: [Bool]

    init(_ binning: Binning) { usedChannels = [Bool](repeating: false, count: binning.channels) }

    /// Adds the first and last time of a sample, as in the file.
    mutating func add(_ span: ClosedRange<Double>?, _ alignment: Binning.Alignment) {
      switch alignment {
      case .none: widen(span)
      case .firstSpike: widen(span.map { 0...$0.upperBound - $0.lowerBound })
      }
    }

    /// Includes these times, counted as the binning counts them.
    mutating func widen(_ span: ClosedRange<Double>?) {
      guard let span else { return }
      times =
        min(
          times?.lowerBound ?? span.lowerBound, span.lowerBound)...max(
          times?.upperBound ?? span.upperBound, span.upperBound)
    }
  }

  private struct Total {
    var counts: Counts
    var bytes = 0
    var samples = 0
  }

  private let total: Mutex<Total>
  private let binning: Binning

  init(_ binning: Binning) {
    self.binning = binning
    total = Mutex(Total(counts: Counts(binning)))
  }

  func add(_ block: Counts) {
    total.withLock { total in
      total.counts.spikes += block.spikes
      total.counts.dropped += block.dropped
      total.counts.merged += block.merged
      total.counts.emptySamples += block.emptySamples
      total.counts.widen(block.times)
      for (channel, isUsed) in block.usedChannels.enumerated() where isUsed {
        total.counts.usedChannels[channel] = true
      }
    }
  }

  /// Adds a block's memory; returns the totals so far.
  func addBytes(_ bytes: Int, samples: Int) -> (bytes: Int, samples: Int) {
    total.withLock { total in
      total.bytes += bytes
      total.samples += samples
      return (total.bytes, total.samples)
    }
  }

  var facts: SpikeFacts {
    total.withLock { total in
      let counts = total.counts
      let usedInputs = Set(counts.usedChannels.indices.filter { counts.usedChannels[$0] }.map(binning.input))
      return SpikeFacts(
        spikes: counts.spikes, droppedSpikes: counts.dropped, mergedSpikes: counts.merged,
        emptySamples: counts.emptySamples, times: counts.times,
        usedChannels: counts.usedChannels.count { $0 }, usedInputs: usedInputs.count,
        highestChannel: counts.usedChannels.lastIndex(of: true))
    }
  }
}
