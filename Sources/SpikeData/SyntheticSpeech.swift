import Engine

/// A seeded, SHD-like task that needs no file: 20 classes of formant-like tracks over the channels, 12 speakers.
///
/// Classes come in pairs: the second of a pair is the first played backwards, so both have the same spikes on each
/// channel, and only their order in time distinguishes them. A network has to remember what it heard, which is what
/// recurrence is for.
/// Speakers differ in pitch (channel shift) and tempo; onset, rate and noise differ from sample to sample.
public struct SyntheticSpeech: SpikeSource {
  public var trainSamples: Int
  public var testSamples: Int
  /// Seed of the data, independent of the seeds of the runs.
  public var seed: UInt64
  /// The average number of spikes per sample.
  public var meanSpikes = 7000.0

  public init(trainSamples: Int = 2000, testSamples: Int = 500, seed: UInt64 = 1) {
    self.trainSamples = trainSamples
    self.testSamples = testSamples
    self.seed = seed
  }

  private static let classes = 20
  private static let speakers = 12
  private static let tracksPerClass = 4
  private static let noiseShare = 0.25

  /// One moving band, in units of the whole utterance (time) and of all channels (frequency).
  private struct Track {
    var onset: Double
    var duration: Double
    var from: Double
    var to: Double
    var width: Double
    var weight: Double
  }

  private struct Speaker {
    var shift: Double
    var tempo: Double
  }

  public var identity: String { "synthetic \(trainSamples) \(testSamples) \(seed)" }

  public var provenance: [String: String] { ["source": "synthetic", "seed": "\(seed)"] }

  /// Words fade out at one second: a few of their spikes are always late.
  public var expectedLateShare: Double { 0.01 }

  /// Nothing is generated if the samples would not fit into memory.
  public func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset) {
    let bytes = estimatedBytes(binning: request.binning)
    guard bytes <= request.memoryLimit else {
      let problem = OutOfMemoryError(needed: bytes, available: request.memoryLimit, remedy: "use fewer samples")
      throw SpikeSourceError(key: "data.synthetic", "\(problem)")
    }
    return (
      makeTrain(binning: request.binning, threads: request.threads),
      makeTest(binning: request.binning, threads: request.threads)
    )
  }

  /// Training samples.
  public func makeTrain(binning: Binning, threads: Int = 1) -> SpikeDataset {
    make("train", trainSamples, binning, threads)
  }

  /// Test samples, from the same speakers.
  public func makeTest(binning: Binning, threads: Int = 1) -> SpikeDataset {
    make("test", testSamples, binning, threads)
  }

  /// The words' tracks and the speakers.
  private func prototypes() -> ([[Track]], [Speaker]) {
    var random = RandomStream(seed: seed, stream: "synthetic/prototypes")
    let words = (0..<Self.classes / 2).map { _ in
      (0..<Self.tracksPerClass).map { _ in
        Track(
          onset: random.uniform() * 0.7, duration: 0.15 + 0.2 * random.uniform(), from: 0.08 + 0.84 * random.uniform(),
          to: 0.08 + 0.84 * random.uniform(), width: 0.02 + 0.03 * random.uniform(),
          weight: 0.5 + random.uniform())
      }
    }
    let speakers = (0..<Self.speakers).map { _ in
      Speaker(shift: 0.03 * random.normal(), tempo: 0.8 + 0.2 * random.uniform())
    }
    return (words, speakers)
  }

  private func make(_ part: String, _ count: Int, _ binning: Binning, _ threads: Int) -> SpikeDataset {
    let (words, speakers) = prototypes()
    let blockCount = (count + EventBlock.samples - 1) / EventBlock.samples
    let blocks = BlockResults(count: blockCount)
    let tally = SpikeTally(binning)
    WorkerPool(threads: threads).run(tasks: blockCount) { _, number in
      var (bins, channels, ends): ([UInt16], [UInt16], [Int]) = ([], [], [])
      var counts = SpikeTally.Counts(binning)
      let range = number * EventBlock.samples..<min((number + 1) * EventBlock.samples, count)
      for sample in range {
        addSample(
          sample, part, words: words, speakers: speakers, binner: TimeScale(binning), bins: &bins, channels: &channels,
          counts: &counts)
        if bins.count == ends.last ?? 0 { counts.emptySamples += 1 }
        ends.append(bins.count)
      }
      let events = EventBlock(bins: bins, channels: channels, ends: ends, binning: binning)
      counts.merged = bins.count - events.spikeCount
      tally.add(counts)
      blocks.pointer[number] = Unmanaged.passRetained(events)
    }
    return SpikeDataset(
      name: "synthetic \(part)", binning: binning, labels: (0..<count).map { $0 % Self.classes },
      speakers: (0..<count).map { $0 / Self.classes % Self.speakers },
      classNames: (0..<Self.classes).map {
        "\("abcdefghij".map(String.init)[$0 / 2])\($0 % 2 == 0 ? "" : " reversed")"
      },
      facts: tally.facts, reachableBins: binning.timeBins, blocks: blocks.take())
  }

  /// Blocks built by several threads, each stored at its own index.
  private final class BlockResults: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Unmanaged<EventBlock>?>
    private let count: Int

    init(count: Int) {
      self.count = count
      pointer = .allocate(capacity: count)
      pointer.initialize(repeating: nil, count: count)
    }

    deinit { pointer.deallocate() }

    func take() -> [EventBlock] { (0..<count).compactMap { pointer[$0]?.takeRetainedValue() } }
  }

  /// Binning of exact times: the rounding of file formats does not apply here.
  private struct TimeScale {
    let binsPerSecond: Double
    let first: Int
    let binning: Binning

    init(_ binning: Binning) {
      self.binning = binning
      binsPerSecond = 1 / binning.binWidth
      first = binning.firstBin
    }
  }

  private func addSample(
    _ sample: Int, _ part: String, words: [[Track]], speakers: [Speaker], binner: TimeScale, bins: inout [UInt16],
    channels: inout [UInt16], counts: inout SpikeTally.Counts
  ) {
    var random = RandomStream(seed: seed, stream: "synthetic/\(part)/\(sample)")
    let label = sample % Self.classes
    let speaker = speakers[sample / Self.classes % Self.speakers]
    let tracks = words[label / 2]
    let backwards = label % 2 == 1
    let length = speaker.tempo * (0.92 + 0.08 * random.uniform())
    let start = (1 - length) * random.uniform()
    let rate = max(0.4, 1 + 0.3 * random.normal())
    let shift = speaker.shift + 0.008 * random.normal()
    // Each band has its own loudness and moves a little on its own.
    let jitter = tracks.map { _ in (0.03 * random.normal(), 0.015 * random.normal(), 0.6 + 0.8 * random.uniform()) }
    let loudness = zip(tracks, jitter).map { $0.weight * $1.2 }
    let total = loudness.reduce(0, +)
    let count = Int(meanSpikes * rate)
    var spikes: [(time: Double, channel: UInt16)] = []
    spikes.reserveCapacity(count)
    func add(_ time: Double, _ channel: Double) {
      let line = (channel * Double(binner.binning.channels)).rounded(.down)
      guard time >= 0, line >= 0, line < Double(binner.binning.channels) else { return }
      spikes.append((time, UInt16(line)))
    }
    for _ in 0..<count {
      if random.uniform() < Self.noiseShare {
        add(random.uniform(), random.uniform())
        continue
      }
      var choice = random.uniform() * total
      var index = 0
      while index < tracks.count - 1 && choice >= loudness[index] {
        choice -= loudness[index]
        index += 1
      }
      let track = tracks[index]
      let along = random.uniform()
      var time = track.onset + track.duration * along + jitter[index].0
      if backwards { time = 1 - time }
      let channel = track.from + (track.to - track.from) * along + jitter[index].1 + track.width * random.normal()
      add(start + length * time, channel + shift)
    }
    guard let first = spikes.map(\.time).min(), let last = spikes.map(\.time).max() else { return }
    counts.add(first...last, binner.binning.alignment)
    counts.spikes += spikes.count
    let zero =
      switch binner.binning.alignment {
      case .none: 0.0
      case .firstSpike: first
      }
    for (time, channel) in spikes {
      counts.usedChannels[Int(channel)] = true
      let bin = ((time - zero) * binner.binsPerSecond).rounded(.down) + Double(binner.first)
      guard bin < Double(binner.binning.timeBins) else {
        counts.dropped += 1
        continue
      }
      bins.append(UInt16(bin))
      channels.append(channel)
    }
  }

  /// An estimate of `SpikeDataset.bytes` for the training and test samples together, from a few generated samples.
  public func estimatedBytes(binning: Binning) -> Int {
    let (words, speakers) = prototypes()
    // The same number from each class, so that loud and soft ones are represented as in the whole.
    let drawn = min(max(trainSamples, testSamples), 8 * Self.classes)
    guard drawn > 0 else { return 0 }
    var bytes = 0
    for sample in 0..<drawn {
      var (bins, channels): ([UInt16], [UInt16]) = ([], [])
      var counts = SpikeTally.Counts(binning)
      addSample(
        sample, "train", words: words, speakers: speakers, binner: TimeScale(binning), bins: &bins, channels: &channels,
        counts: &counts)
      bytes += EventBlock.estimatedBytes(bins: bins, channels: channels, binning: binning)
    }
    let samples = trainSamples + testSamples
    return bytes * samples / drawn
  }
}
