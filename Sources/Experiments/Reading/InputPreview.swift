import Engine
import SpikeData

/// Training samples as the network gets them: binned, grouped into inputs, and changed by `data.augment`.
public struct InputPreview: Sendable {
  /// The spikes of a sample, each in the middle of its time bin.
  public struct Sample: Sendable {
    /// What it is, in parts.
    public var title: [String]
    /// Stimulus time; one per spike.
    public var seconds: [Double]
    /// Network inputs; one per spike.
    public var inputs: [Int]
  }

  private let dataset: SpikeDataset
  /// The training samples, as positions in their data set.
  public let indices: [Int]
  private let augmentation: Augmentation
  private let seed: UInt64

  public init(_ run: RunSpecification, data: RunData) {
    (dataset, indices) = (data.training.dataset, data.training.indices)
    (augmentation, seed) = (run.training.augmentation, run.seed)
  }

  /// The run of a sweep that there is most to see of: the first of those with the most kinds of augmentation.
  public static func run(of plan: RunPlan) -> RunSpecification? {
    let kinds = plan.runs.map(\.specification.training.augmentation.parts.count)
    return kinds.firstIndex(of: kinds.max() ?? 0).map { plan.runs[$0].specification }
  }

  public var inputs: Int { dataset.binning.inputs }

  /// The first sample of each class that is trained on, in the order of the classes.
  public func firstOfEachClass(most: Int) -> [Int] {
    SpikeFile.firstOfEachClass(indices, most: most) { dataset.labels[$0] }
  }

  /// Whether the samples are analog values rather than spikes.
  public var isAnalog: Bool { dataset.isAnalog }

  /// Analog samples, and the mean of each class; nil for spikes.
  public func analogProfile(of samples: [Int]) -> AnalogProfile? {
    AnalogProfile(dataset, shown: samples, all: indices)
  }

  /// The mean activity of each class over all training samples, before any augmentation.
  public var profile: SpikeProfile {
    let binning = dataset.binning
    let bins = binning.timeBins - binning.firstBin
    // Whole time bins, so that all parts have as many.
    let together = (bins + SpikeProfile.mostBins - 1) / SpikeProfile.mostBins
    var profile = SpikeProfile(
      labels: indices.map { dataset.labels[$0] }, name: { dataset.className($0) }, channels: inputs,
      duration: Double(bins) * binning.binWidth, binWidth: Double(together) * binning.binWidth)
    for index in indices {
      let sample = spikes([], dataset.events(index))
      profile.add(label: dataset.labels[index], zip(sample.seconds, sample.inputs))
    }
    return profile
  }

  /// A sample before any augmentation.
  public func sample(_ index: Int) -> Sample {
    let label = dataset.labels[index]
    return spikes(SpikeProfile.title(index, label, dataset.className(label)), dataset.events(index))
  }

  /// A sample before, after each of the run's augmentations alone, and after all of them in the first epochs of
  /// training; empty if the run has none.
  public func augmented(_ index: Int) -> [Sample] {
    guard !augmentation.isNone else { return [] }
    func changed(_ title: [String], _ augmentation: Augmentation, epoch: Int) -> Sample {
      let augmenter = Augmenter(augmentation, dataset: dataset, indices: indices, seed: seed)
      let samples = augmenter.samples([index], epoch: epoch)
      return withExtendedLifetime(samples) { spikes(title, samples.events[0]) }
    }
    let parts = augmentation.parts
    let alone: [Sample] = parts.map { part in
      guard part.augmentation.blend > 0 else {
        return changed(["\(part.key) \(part.value)"], part.augmentation, epoch: 1)
      }
      // Blending happens with a probability; the figure is to show what it does.
      var always = part.augmentation
      always.blend = 1
      let isPossible = indices.count { dataset.labels[$0] == dataset.labels[index] } > 1
      let title = ["\(part.key) \(part.value)", isPossible ? "blended" : "no partner"]
      return changed(title, always, epoch: 1)
    }
    let name = parts.count > 1 ? "all" : "\(parts[0].key) \(parts[0].value)"
    var before = sample(index)
    before.title = [before.title.joined(separator: ", "), "unchanged"]
    return [before] + (parts.count > 1 || augmentation.blend > 0 ? alone : [])
      + (1...3).map { changed([name, "epoch \($0)"], augmentation, epoch: $0) }
  }

  private func spikes(_ title: [String], _ events: SampleEvents) -> Sample {
    var sample = Sample(title: title, seconds: [], inputs: [])
    let binning = dataset.binning
    events.byTime.forEachTerm { bin, input, count in
      for _ in 0..<count {
        sample.seconds.append((Double(bin - binning.firstBin) + 0.5) * binning.binWidth)
        sample.inputs.append(input)
      }
    }
    return sample
  }
}
