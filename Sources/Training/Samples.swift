import Engine
import Networks
import SpikeData

/// A selection of samples from a dataset, in a given order.
public struct Samples: Sendable {
  public let dataset: SpikeDataset
  public let indices: [Int]

  public init(_ dataset: SpikeDataset, indices: [Int]? = nil) {
    self.dataset = dataset
    self.indices = indices ?? Array(0..<dataset.count)
  }

  public var count: Int { indices.count }
  public func label(_ i: Int) -> Int { dataset.labels[indices[i]] }

  /// The number of samples for each label in `0..<dataset.classes`.
  public var samplesPerClass: [Int] {
    indices.reduce(into: [Int](repeating: 0, count: dataset.classes)) { $0[dataset.labels[$1]] += 1 }
  }

  public func events(_ i: Int) -> SampleEvents { dataset.events(indices[i]) }

  /// What a network reads of the samples at these positions.
  public func input(_ positions: some Sequence<Int>) -> NetworkInput {
    guard dataset.isAnalog else { return .events(positions.map(events)[...]) }
    return .values(positions.compactMap { dataset.values(indices[$0]) }[...])
  }

  /// The same of samples that are changed at random, and what has to live as long as they are used.
  func input(
    _ positions: some Sequence<Int>, _ augmenter: Augmenter?, epoch: Int
  ) -> (input: NetworkInput, owner: AugmentedSamples?) {
    guard let augmenter else { return (input(positions), nil) }
    let changed = augmenter.samples(positions.map { indices[$0] }, epoch: epoch)
    return (.events(changed.events[...]), changed)
  }

  /// The first `count` analog values of a sample; empty for spikes.
  public func values(_ i: Int, count: Int) -> [Float] {
    dataset.values(indices[i]).map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
  }

  /// The mean number of spikes per input channel and step, repeats counted.
  public var spikesPerChannelAndStep: Double {
    let spikes = (0..<count).reduce(0) { $0 + events($1).spikeCount }
    return Double(spikes) / Double(max(1, count * dataset.binning.inputs * dataset.binning.timeBins))
  }
}
