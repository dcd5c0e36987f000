import Engine
import Networks

/// The penalties of `RegularizerSpecification` on a batch: their value and what they add to dL/ds_btj:
///
///     totalSpikes + neuronSpikesSquared * 2 / units * sum_bt s_j + meanSpikes / (units * samples)
///       - 2 / units * lower.strength * max(0, lower.bound - rate_j) / (samples * duration)
///       + 2 / units * upper.strength * max(0, rate_j - upper.bound) / (samples * duration)
final class Regularizer {
  private let specification: RegularizerSpecification
  private let units: [Int]
  /// Of a sample, in seconds of network time.
  private let duration: Double
  /// What is added to dL/ds: `[padded units]` per layer, as `Network.backward` takes it.
  let pull: [AlignedBuffer<Float>]

  init(_ specification: RegularizerSpecification, network: NetworkSpecification) {
    self.specification = specification
    units = network.hidden.map(\.units)
    duration = Double(network.timeBins) * network.timeStep
    pull = units.map { AlignedBuffer(count: padded($0)) }
  }

  /// Sets `pull` for a batch.
  /// - Parameter counts: the batch's spikes by layer and unit.
  /// - Returns: the regularizer's part of the loss.
  func update(counts: [[Int]], samples: Int) -> Double {
    var value = 0.0
    let seconds = Double(samples) * duration
    for (layer, counts) in counts.enumerated() {
      let units = Double(units[layer])
      let mean = specification.meanSpikes / (units * Double(samples))
      var (total, squares, below, above) = (0.0, 0.0, 0.0, 0.0)
      for (unit, count) in counts.enumerated() {
        let spikes = Double(count)
        total += spikes
        squares += spikes * spikes
        var slope = specification.totalSpikes + specification.neuronSpikesSquared * 2 / units * spikes
        if mean != 0 { slope += mean }
        if let lower = specification.lower {
          let lack = max(0, lower.bound - spikes / seconds)
          below += lack * lack
          slope -= lower.strength * 2 / units * lack / seconds
        }
        if let upper = specification.upper {
          let excess = max(0, spikes / seconds - upper.bound)
          above += excess * excess
          slope += upper.strength * 2 / units * excess / seconds
        }
        pull[layer].pointer[unit] = Float(slope)
      }
      value += specification.totalSpikes * total + specification.neuronSpikesSquared * squares / units
      if mean != 0 { value += mean * total }
      if let lower = specification.lower { value += lower.strength * below / units }
      if let upper = specification.upper { value += upper.strength * above / units }
    }
    return value
  }
}
