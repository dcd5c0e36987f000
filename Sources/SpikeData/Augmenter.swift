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

  /// - Parameter indices: the training samples.
  public init(_ augmentation: Augmentation, dataset: SpikeDataset, indices: [Int], seed: UInt64) {
    (self.augmentation, self.dataset, self.seed) = (augmentation, dataset, seed)
    var members = [[Int]](repeating: [], count: dataset.classes)
    for index in indices { members[dataset.labels[index]].append(index) }
    self.members = members
    var binning = dataset.binning
    (binning.channels, binning.channelGroup) = (dataset.binning.inputs, 1)
    self.binning = binning
  }

  /// The events of these samples of the dataset, as they are in an epoch.
  public func samples(_ indices: some Sequence<Int>, epoch: Int) -> AugmentedSamples {
    var (bins, channels, ends): ([UInt16], [UInt16], [Int]) = ([], [], [])
    for index in indices {
      var stream = RandomStream(seed: seed, stream: "augment/\(epoch)/\(index)")
      change(index, &stream) { bin, channel in
        bins.append(UInt16(truncatingIfNeeded: bin))
        channels.append(UInt16(truncatingIfNeeded: channel))
      }
      ends.append(bins.count)
    }
    return AugmentedSamples(EventBlock(bins: bins, channels: channels, ends: ends, binning: binning), count: ends.count)
  }

  /// Calls `keep` with each spike that a sample then has.
  private func change(_ index: Int, _ stream: inout RandomStream, keep: (_ bin: Int, _ channel: Int) -> Void) {
    let (steps, inputs, firstBin) = (binning.timeBins, binning.channels, binning.firstBin)
    let events = dataset.events(index)
    let blend =
      augmentation.blend > 0 && stream.uniform() < augmentation.blend ? partner(of: index, events, &stream) : nil
    let shift = augmentation.channelShift
    let move = shift > 0 ? stream.below(2 * shift + 1) - shift : 0
    let stretch = 1 + augmentation.timeStretch * (2 * stream.uniform() - 1)
    let jitter = augmentation.timeJitter / binning.binWidth
    let movesInTime = augmentation.timeStretch > 0 || jitter > 0
    func change(_ events: SampleEvents, bins: Int, channels: Int, isBlended: Bool) {
      events.byTime.forEachTerm { oldBin, oldChannel, count in
        for _ in 0..<count {
          if isBlended, stream.next() >> 63 == 1 { continue }
          var (bin, channel) = (oldBin + bins, oldChannel + channels)
          if augmentation.channelJitter > 0 {
            channel += whole((stream.normal() * augmentation.channelJitter).rounded())
          }
          if movesInTime {
            let time = (Double(bin - firstBin) + 0.5) * stretch + (jitter > 0 ? stream.normal() * jitter : 0)
            bin = firstBin + whole(time.rounded(.down))
          }
          if augmentation.dropEvents > 0, stream.uniform() < augmentation.dropEvents { continue }
          if bin >= firstBin, bin < steps, channel >= 0, channel < inputs { keep(bin, channel) }
        }
      }
    }
    guard let blend else { return change(events, bins: 0, channels: move, isBlended: false) }
    change(events, bins: blend.bins, channels: move + blend.channels, isBlended: true)
    change(blend.events, bins: -blend.bins, channels: move - blend.channels, isBlended: true)
  }

  /// A number that fits, also of jitters without measure.
  private func whole(_ number: Double) -> Int { Int(max(-1e9, min(1e9, number))) }

  /// Another sample of the class, drawn among the training samples, and how far the first has to move to the middle
  /// between them; nil if there is none.
  private func partner(
    of index: Int, _ events: SampleEvents, _ stream: inout RandomStream
  ) -> (events: SampleEvents, bins: Int, channels: Int)? {
    let others = members[dataset.labels[index]]
    guard others.count > 1, let own = others.firstIndex(of: index) else { return nil }
    let drawn = stream.below(others.count - 1)
    let partner = dataset.events(others[drawn < own ? drawn : drawn + 1])
    guard events.spikeCount > 0, partner.spikeCount > 0 else { return nil }
    func means(_ events: SampleEvents) -> (bin: Double, channel: Double) {
      var (bins, channels) = (0, 0)
      events.byTime.forEachTerm { bin, channel, count in
        bins += bin * count
        channels += channel * count
      }
      return (Double(bins) / Double(events.spikeCount), Double(channels) / Double(events.spikeCount))
    }
    let (first, second) = (means(events), means(partner))
    return (partner, Int((second.bin - first.bin) / 2), Int((second.channel - first.channel) / 2))
  }
}
