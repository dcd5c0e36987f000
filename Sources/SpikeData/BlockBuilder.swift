/// Turns spikes into blocks of sorted events; shared by files and synthetic data.
struct BlockBuilder: Sendable {
  let binning: Binning
  let binner: TimeBinner
  /// Bins of all half-precision times; empty if there are none.
  let halfTable: [UInt16]

  init(_ binning: Binning, halfPrecision: Bool) {
    self.binning = binning
    binner = TimeBinner(binning)
    halfTable = halfPrecision ? binner.halfTable() : []
  }

  /// Checks, bins and sorts the spikes of some samples of a file.
  ///
  /// - Throws: `SpikeDataError` for the first sample that is wrong.
  func block(_ columns: SpikeColumns) throws -> EventBlock {
    try block(samples: columns.count, capacity: columns.spikeCount) { sample, bins, channels in
      let length = try columns.length(sample)
      if let (spike, value) = columns.copyUnits(sample, below: binning.channels, to: channels) {
        throw columns.problem(
          sample, "spikes/units",
          "unit \(value) at spike \(spike), but only channels 0..\(binning.channels - 1) exist "
            + "(data.channels: \(binning.channels))")
      }
      if let spike = columns.copyBins(sample, binner: binner, halfTable: halfTable, to: bins) {
        throw columns.problem(
          sample, "spikes/times",
          "time \(columns.seconds(sample)[spike]) at spike \(spike), expected a finite time of 0 s or later")
      }
      return length
    }
  }

  /// Sorts the spikes that `fill` writes for each sample: bins (or `TimeBinner.late`) and channels, and returns how many.
  func block(
    samples: Int, capacity: Int,
    fill: (Int, UnsafeMutablePointer<UInt16>, UnsafeMutablePointer<UInt16>) throws -> Int
  ) throws -> EventBlock {
    let bins = UnsafeMutablePointer<UInt16>.allocate(capacity: max(1, capacity))
    let channels = UnsafeMutablePointer<UInt16>.allocate(capacity: max(1, capacity))
    defer {
      bins.deallocate()
      channels.deallocate()
    }
    var bounds = [0]
    var dropped = 0
    var end = 0
    for sample in 0..<samples {
      let length = try fill(sample, bins + end, channels + end)
      var kept = end
      for index in end..<(end + length) {
        bins[kept] = bins[index]
        channels[kept] = channels[index]
        kept += bins[index] == TimeBinner.late ? 0 : 1
      }
      dropped += end + length - kept
      end = kept
      bounds.append(end)
    }
    return EventBlock(binning: binning, bins: bins, channels: channels, bounds: bounds, droppedSpikes: dropped)
  }
}
