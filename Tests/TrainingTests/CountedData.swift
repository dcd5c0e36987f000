import HDF5
import SpikeData
import TestSupport

/// Counts per step and input as a dataset.
enum CountedData {
  /// - Parameters:
  ///   - counts: `[sample][step][input]`.
  ///   - classes: more than any label.
  static func dataset(_ counts: [[[Double]]], labels: [Int], classes: Int) throws -> SpikeDataset {
    let file = try HDF5File.inMemory()
    // Each spike is in the middle of its one-second bin.
    var (times, units): ([[Double]], [[UInt16]]) = ([], [])
    for sample in counts {
      let spikes = sample.enumerated().flatMap { step, counts in
        counts.enumerated().flatMap { unit, count in repeatElement((step, unit), count: Int(count)) }
      }
      times.append(spikes.map { Double($0.0) + 0.5 })
      units.append(spikes.map { UInt16($0.1) })
    }
    try file.writeSequences(times, to: "spikes/times")
    try file.writeSequences(units, to: "spikes/units")
    try file.write(labels.map { Int32($0) }, shape: [labels.count], to: "labels")
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let steps = counts[0].count
    return try SpikeFile.load(
      path: folder.write(file.image(), "data.h5"),
      binning: Binning(channels: counts[0][0].count, timeBins: steps, maxTime: Double(steps), rule: .uniform),
      classes: classes)
  }
}
