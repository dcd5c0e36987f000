import Engine
import Networks

/// Penalties on the total number of spikes and on the spikes of each unit in a batch: their value and what they add to
/// dL/ds.
///
///     value   = totalSpikes * sum_btj s  +  neuronSpikesSquared * mean_j (sum_bt s)^2     (each hidden layer)
///     dL/ds_j = totalSpikes + neuronSpikesSquared * 2 / units * sum_bt s_j
final class Regularizer {
  private let specification: RegularizerSpecification
  private let units: [Int]
  /// What is added to dL/ds: `[padded units]` per layer, as `Network.backward` takes it.
  let pull: [AlignedBuffer<Float>]

  init(_ specification: RegularizerSpecification, units: [Int]) {
    self.specification = specification
    self.units = units
    pull = units.map { AlignedBuffer(count: padded($0)) }
  }

  /// Sets `pull` for a batch.
  /// - Parameter counts: the batch's spikes by layer and unit.
  /// - Returns: the regularizer's part of the loss.
  func update(counts: [[Int]]) -> Double {
    var value = 0.0
    for (layer, counts) in counts.enumerated() {
      var (total, squares) = (0.0, 0.0)
      for (unit, count) in counts.enumerated() {
        let spikes = Double(count)
        total += spikes
        squares += spikes * spikes
        let slope = specification.neuronSpikesSquared * 2 / Double(units[layer]) * spikes
        pull[layer].pointer[unit] = Float(specification.totalSpikes + slope)
      }
      value += specification.totalSpikes * total + specification.neuronSpikesSquared * squares / Double(units[layer])
    }
    return value
  }
}
