import CSV
import Engine
import Foundation
import Plotting
import SpikeData
import Training

/// `snnexp bench --growth`: time as a function of one quantity at a time, with all others as in a base network
/// (recurrent, 700-128-20, 100 time bins, synthetic input as sparse as SHD).
struct GrowthBench {
  /// For the base network; slower points train on fewer samples, but at least one batch.
  var samples: Int
  var batch: Int
  var epochs: Int
  var threads: Int

  /// What varies. The raw value is its name in `growth.csv`.
  enum Quantity: String, CaseIterable {
    /// Units of the hidden layer.
    case hidden
    /// Time bins.
    case steps
    /// Measured input events per sample.
    case events
    /// Samples per epoch. Time is per epoch here, per sample for all others.
    case samples
  }

  private static let units = (base: 128, varied: [16, 32, 64, 128, 256, 512, 1024, 2048])
  private static let timeBins = (base: 100, varied: [25, 50, 100, 200, 400, 800])
  private static let spikes = (
    base: SyntheticSpeech().meanSpikes, varied: [500.0, 1000, 2000, 4000, 8000, 16000, 32000, 64000]
  )
  private static let shareOfSamples = [0.25, 0.5, 1, 2, 4, 8]
  private static let rounds = 3

  /// Measures all points in rounds and keeps each point's fastest: other activity on a machine may last seconds and
  /// would distort a curve locally.
  ///
  /// - Parameter progress: called at the start of each round.
  /// - Throws: `ExitCode` after printing the error.
  func measure(progress: (_ round: Int, _ rounds: Int) -> Void) throws -> Growth {
    var best: [GrowthCurve] = []
    for round in 1...Self.rounds {
      progress(round, Self.rounds)
      let curves = try Quantity.allCases.map { GrowthCurve(quantity: $0, points: try measure($0)) }
      best = best.isEmpty ? curves : zip(best, curves).map { $0.fastest($1) }
    }
    return Growth(curves: best)
  }

  private func measure(_ quantity: Quantity) throws -> [GrowthCurve.Point] {
    switch quantity {
    case .hidden:
      let dataset = dataset(count(1))
      return try Self.units.varied.map { units in
        let count = count(Double(units) / Double(Self.units.base))
        return (Double(units), try measure(dataset, count, units: units))
      }
    case .steps:
      return try Self.timeBins.varied.map { bins in
        let count = count(Double(bins) / Double(Self.timeBins.base))
        return (Double(bins), try measure(dataset(count, timeBins: bins), count))
      }
    case .events:
      return try Self.spikes.varied.map { spikes in
        let factor = spikes / Self.spikes.base
        let count = count(factor)
        let measurement = try measure(dataset(count, spikes: spikes), count, gain: 1 / factor.squareRoot())
        return (measurement.events, measurement)
      }
    case .samples:
      let counts = Set(Self.shareOfSamples.map { Int(Double(samples) * $0) / batch * batch }).subtracting([0]).sorted()
      let dataset = dataset(counts[counts.count - 1])
      return try counts.map { (Double($0), try measure(dataset, $0)) }
    }
  }

  /// Number of samples for a point that takes `factor` times as long as the base network.
  private func count(_ factor: Double) -> Int { max(1, Int(Double(samples) / max(1, factor)) / batch) * batch }

  private func dataset(_ count: Int, timeBins: Int = timeBins.base, spikes: Double = spikes.base) -> SpikeDataset {
    var task = SyntheticSpeech(trainSamples: count)
    task.meanSpikes = spikes
    return task.makeTrain(binning: Binning(timeBins: timeBins), threads: coreCount)
  }

  private func measure(
    _ dataset: SpikeDataset, _ count: Int, units: Int = units.base, gain: Double = 1
  ) throws -> TrainingMeasurement {
    try TrainingMeasurement(
      of: Samples(dataset, indices: Array(0..<count)), neuron: .lif, delays: .none, hidden: units, gain: gain,
      batch: batch, epochs: epochs, threads: threads)
  }

  /// Measures all points, prints them, and writes `growth.csv` and its figure.
  ///
  /// - Throws: `ExitCode` after printing the error.
  func write(to folder: String) throws {
    let growth = try measure { print("round \($0) of \($1)") }
    for curve in growth.curves { print("\n" + curve.text) }
    try Bench.write([("growth.csv", growth.table)], to: folder, figure: { try GrowthFigure(folder: $0).write() })
  }
}
