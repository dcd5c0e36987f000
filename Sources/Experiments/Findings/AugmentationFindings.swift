import SafeText
import SpikeData

/// Warnings about `data.augment` that loses much of the data, or makes something else of them.
struct AugmentationFindings {
  private let run: RunSpecification
  private let dataset: SpikeDataset
  private let duration: Double

  init(_ data: RunData) {
    (run, dataset) = (data.run, data.training.dataset)
    duration = Double(data.shape.timeBins) * dataset.binning.binWidth
  }

  var all: [Finding] {
    guard !dataset.isAnalog else { return [] }
    return run.training.augmentation.parts.compactMap(losses) + [wrappedRows].compactMap { $0 }
  }

  /// Samples that are looked at, the first ones: the same for all runs, so that each finding is told once.
  private static let looked = 64

  /// The fraction of the spikes that an augmentation loses in some samples; nil if they have none.
  private func lostShare(_ augmentation: Augmentation) -> Double? {
    let indices = Array(0..<min(dataset.count, Self.looked))
    let before = indices.reduce(0) { $0 + dataset.events($1).spikeCount }
    guard before > 0 else { return nil }
    let augmenter = Augmenter(augmentation, dataset: dataset, indices: indices, seed: 0)
    // Few samples are changed several times: what becomes of one is chance.
    let epochs = max(1, Self.looked / indices.count)
    let after = (1...epochs).reduce(0) { sum, epoch in
      let changed = augmenter.samples(indices, epoch: epoch)
      return withExtendedLifetime(changed) { changed.events.reduce(sum) { $0 + $1.spikeCount } }
    }
    return max(0, 1 - Double(after) / Double(before * epochs))
  }

  /// An augmentation whose size makes no sense, or that loses a good part of the spikes.
  private func losses(_ key: String, _ value: String, _ part: Augmentation) -> Finding? {
    // Half of the spikes are lost with each blend, by design.
    guard part.blend == 0, let lost = lostShare(part) else { return nil }
    let inputs = dataset.binning.inputs
    let (isLarge, extent): (Bool, String) =
      switch key {
      case "channel_shift": (2 * part.channelShift >= inputs, "with \(CountText.count(inputs, "network input"))")
      case "channel_jitter":
        (2 * part.channelJitter >= Double(inputs), "with \(CountText.count(inputs, "network input"))")
      case "time_jitter":
        (2 * part.timeJitter >= duration, "in samples of \(NumberText.time(NumberText.rounded(duration)))")
      default: (false, "in samples of \(NumberText.time(NumberText.rounded(duration)))")
      }
    // What is asked for is no surprise.
    guard isLarge || lost >= (key == "drop_events" ? 0.9 : 0.25) else { return nil }
    let (samples, percent) = (min(dataset.count, Self.looked), Int((100 * lost).rounded()))
    return Finding(
      "strong_augmentation",
      key == "drop_events"
        ? "data.augment.drop_events is \(value)"
        : "data.augment.\(key) is \(value) \(extent)",
      consequence: "\(percent == 0 ? "few" : "\(percent) %") of the spikes are lost (measured on "
        + "\(samples == 1 ? "the first sample" : "the first \(samples) samples"))"
        + (isLarge ? ", and the others move far" : ""),
      remedy: "use a smaller data.augment.\(key)")
  }

  /// The channels of images are pixels, row after row.
  private var wrappedRows: Finding? {
    let shift = run.training.augmentation.channelShift
    guard case .images = run.source, shift > 0 else { return nil }
    return Finding(
      "wrapped_rows",
      "data.augment.channel_shift is \(shift), but the channels of images are pixels, row after row",
      consequence:
        "up to \(CountText.count(shift, "pixel")) of each row \(CountText.verb(shift, "moves", "move")) to the "
        + "other side of the row above or below",
      remedy: "leave it out: images are not augmented by shifting channels")
  }
}
