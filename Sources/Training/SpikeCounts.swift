import Engine
import Networks

/// Counts of input spikes and of each hidden unit's spikes, kept by one thread.
final class SpikeCounts: @unchecked Sendable {
  private(set) var input = 0
  /// `[units]` per hidden layer.
  let layers: [AlignedBuffer<Int>]

  init(_ network: NetworkSpecification) {
    layers = network.hidden.map { AlignedBuffer(count: $0.units) }
  }

  func clear() {
    input = 0
    for counts in layers { counts.pointer.update(repeating: 0, count: counts.count) }
  }

  /// Adds the spikes of a slot.
  func add(_ record: NetworkRecord, _ slot: Int, input: Int) {
    self.input += input
    for (counts, layer) in zip(layers, record.layers) {
      let spikes = layer.spikes.unitCounts(slot)
      for unit in 0..<counts.count { counts.pointer[unit] &+= Int(spikes[unit]) }
    }
  }
}
