import Engine
import SpikeData

/// Training samples as the network gets them: binned, grouped into inputs, and changed by `data.augment`.
public struct InputPreview: Sendable {
  /// The spikes of a sample, each in the middle of its time bin.
  public struct Sample: Sendable {
    public var title: String
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

  /// Nil for analog data, which have no spikes.
  public init?(_ run: RunSpecification, data: RunData) {
    guard !data.training.dataset.isAnalog else { return nil }
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

  /// A sample before any augmentation.
  public func sample(_ index: Int) -> Sample {
    let (label, name) = (dataset.labels[index], dataset.className(dataset.labels[index]))
    return spikes("\(index): \(name.isEmpty ? "\(label)" : name)", dataset.events(index))
  }

  /// A sample before, after each of the run's augmentations alone, and after all of them in the first epochs of
  /// training; empty if the run has none.
  public func augmented(_ index: Int) -> [Sample] {
    guard !augmentation.isNone else { return [] }
    func changed(_ title: String, _ augmentation: Augmentation, epoch: Int) -> Sample {
      let augmenter = Augmenter(augmentation, dataset: dataset, indices: indices, seed: seed)
      let samples = augmenter.samples([index], epoch: epoch)
      return withExtendedLifetime(samples) { spikes(title, samples.events[0]) }
    }
    let parts = augmentation.parts
    let alone = parts.count > 1 ? parts.map { changed("\($0.key) \($0.value)", $0.augmentation, epoch: 1) } : []
    let name = parts.count > 1 ? "all" : "\(parts[0].key) \(parts[0].value)"
    var before = sample(index)
    before.title += ", unchanged"
    return [before] + alone + (1...3).map { changed("\(name), epoch \($0)", augmentation, epoch: $0) }
  }

  private func spikes(_ title: String, _ events: SampleEvents) -> Sample {
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
