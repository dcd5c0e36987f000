import Engine

/// Changes training samples at random (`Augmentation`). What becomes of a sample depends only on the seed, the epoch
/// and the sample, so on no number of threads.
public struct Augmenter: Sendable {
  private let augmentation: Augmentation
  private let dataset: SpikeDataset
  private let seed: UInt64
  /// The training samples of each class, from which partners are drawn.
  private let members: [[Int]]
  /// How the changed spikes, whose channels are grouped already, become events.
  private let binning: Binning
  /// What `Binning.Rule.spytorch` adds to every bin.
  private let firstBin: Int

  /// - Parameter indices: the training samples.
  public init(_ augmentation: Augmentation, dataset: SpikeDataset, indices: [Int], seed: UInt64) {
    (self.augmentation, self.dataset, self.seed) = (augmentation, dataset, seed)
    var members = [[Int]](repeating: [], count: dataset.classes)
    for index in indices { members[dataset.labels[index]].append(index) }
    self.members = members
    var binning = dataset.binning
    (binning.channels, binning.channelGroup) = (dataset.binning.inputs, 1)
    self.binning = binning
    firstBin = binning.rule == .spytorch ? 1 : 0
  }

  /// The events of these samples of the dataset, as they are in an epoch.
  public func samples(_ indices: some Sequence<Int>, epoch: Int) -> AugmentedSamples {
    var (bins, channels, ends): ([UInt16], [UInt16], [Int]) = ([], [], [])
    for index in indices {
      var stream = RandomStream(seed: seed, stream: "augment/\(epoch)/\(index)")
      for spike in changed(index, &stream) {
        bins.append(UInt16(truncatingIfNeeded: spike.bin))
        channels.append(UInt16(truncatingIfNeeded: spike.channel))
      }
      ends.append(bins.count)
    }
    return AugmentedSamples(EventBlock(bins: bins, channels: channels, ends: ends, binning: binning), count: ends.count)
  }

  private struct Spike {
    var bin: Int
    var channel: Int
  }

  private func changed(_ index: Int, _ stream: inout RandomStream) -> [Spike] {
    let (steps, inputs) = (binning.timeBins, binning.channels)
    var spikes = spikes(of: index)
    if augmentation.blend > 0, stream.uniform() < augmentation.blend {
      spikes = blended(index, spikes, &stream)
    }
    let shift = augmentation.channelShift
    let move = shift > 0 ? stream.below(2 * shift + 1) - shift : 0
    let stretch = 1 + augmentation.timeStretch * (2 * stream.uniform() - 1)
    let jitter = augmentation.timeJitter / binning.binWidth
    let movesInTime = augmentation.timeStretch > 0 || jitter > 0
    var kept: [Spike] = []
    kept.reserveCapacity(spikes.count)
    for var spike in spikes {
      spike.channel += move
      if augmentation.channelJitter > 0 {
        spike.channel += whole((stream.normal() * augmentation.channelJitter).rounded())
      }
      if movesInTime {
        let time = (Double(spike.bin - firstBin) + 0.5) * stretch + (jitter > 0 ? stream.normal() * jitter : 0)
        spike.bin = firstBin + whole(time.rounded(.down))
      }
      if augmentation.dropEvents > 0, stream.uniform() < augmentation.dropEvents { continue }
      if (firstBin..<steps).contains(spike.bin), (0..<inputs).contains(spike.channel) { kept.append(spike) }
    }
    return kept
  }

  /// A number that fits, also of jitters without measure.
  private func whole(_ number: Double) -> Int { Int(max(-1e9, min(1e9, number))) }

  private func spikes(of index: Int) -> [Spike] {
    var spikes: [Spike] = []
    dataset.events(index).byTime.forEachTerm { bin, channel, count in
      spikes += repeatElement(Spike(bin: bin, channel: channel), count: count)
    }
    return spikes
  }

  /// A sample with another of its class, drawn among the training samples.
  private func blended(_ index: Int, _ spikes: [Spike], _ stream: inout RandomStream) -> [Spike] {
    let others = members[dataset.labels[index]]
    guard others.count > 1, let own = others.firstIndex(of: index) else { return spikes }
    let drawn = stream.below(others.count - 1)
    let partner = self.spikes(of: others[drawn < own ? drawn : drawn + 1])
    guard !spikes.isEmpty, !partner.isEmpty else { return spikes }
    func mean(_ spikes: [Spike], _ part: KeyPath<Spike, Int>) -> Double {
      Double(spikes.reduce(0) { $0 + $1[keyPath: part] }) / Double(spikes.count)
    }
    let channels = Int((mean(partner, \.channel) - mean(spikes, \.channel)) / 2)
    let bins = Int((mean(partner, \.bin) - mean(spikes, \.bin)) / 2)
    var both: [Spike] = []
    for (spikes, sign) in [(spikes, 1), (partner, -1)] {
      for spike in spikes where stream.next() >> 63 == 0 {
        both.append(Spike(bin: spike.bin + sign * bins, channel: spike.channel + sign * channels))
      }
    }
    return both
  }
}

/// Samples that an `Augmenter` made.
public final class AugmentedSamples: Sendable {
  private let block: EventBlock
  private let count: Int

  init(_ block: EventBlock, count: Int) { (self.block, self.count) = (block, count) }

  /// Valid as long as this object lives.
  public var events: [SampleEvents] { (0..<count).map(block.events) }
}
