import Engine

/// Training and held-out samples, as ascending indices.
public struct SampleSplit: Sendable {
  /// What samples are held out for.
  public enum Purpose: String, Sendable {
    case validation, test
  }

  public var training: [Int]
  public var validation: [Int]
  /// The requested held-out fraction, if one was given.
  public var wantedShare: Double?
  /// Classes with samples, none of which is held out.
  public var classesWithoutValidation: [Int] = []
  /// Classes whose samples are all held out.
  public var classesWithoutTraining: [Int] = []

  /// The fraction that is held out.
  public var share: Double { Double(validation.count) / Double(training.count + validation.count) }

  private init(
    _ dataset: SpikeDataset, _ samples: [Int]?, for purpose: Purpose = .validation, heldOut: (Int) -> Bool
  ) throws {
    let samples = samples ?? Array(dataset.labels.indices)
    training = samples.filter { !heldOut($0) }
    validation = samples.filter(heldOut)
    if training.isEmpty { throw SampleSplitError(description: "no sample is left for training") }
    if validation.isEmpty { throw SampleSplitError(description: "no sample is left for \(purpose.rawValue)") }
    let trained = Set(training.map { dataset.labels[$0] })
    let validated = Set(validation.map { dataset.labels[$0] })
    classesWithoutValidation = trained.subtracting(validated).sorted()
    classesWithoutTraining = validated.subtracting(trained).sorted()
  }

  /// Holds out all samples of the given speakers.
  /// - Parameter samples: ascending indices of the samples to divide; nil: all.
  /// - Throws: `SampleSplitError` if a speaker does not occur or a side is empty.
  public static func bySpeakers(
    _ dataset: SpikeDataset, _ held: [Int], among samples: [Int]? = nil
  ) throws -> SampleSplit {
    guard let speakers = dataset.speakers else {
      throw SampleSplitError(description: "\(dataset.name) has no extra/speaker")
    }
    let there = samples.map { samples in Set(samples.map { speakers[$0] }) } ?? Set(speakers)
    for speaker in held where !there.contains(speaker) {
      throw SampleSplitError(
        description: "speaker \(speaker) is not in \(dataset.name), which has "
          + there.sorted().map(String.init).joined(separator: ", "))
    }
    let out = Set(held)
    return try SampleSplit(dataset, samples) { out.contains(speakers[$0]) }
  }

  /// Holds out a fraction of the samples, from each class in proportion to its size, drawn with `seed`.
  ///
  /// Holds out the nearest whole number of samples, but never all of them. Each class contributes the integer part of
  /// its quota, and the classes with the largest remainders one more (Hare quota); ties are broken by drawing with the
  /// seed.
  /// - Parameters:
  ///   - purpose: what the samples are held out for; each purpose has its own random streams.
  ///   - samples: ascending indices of the samples to divide; nil: all.
  /// - Throws: `SampleSplitError` if a side is empty.
  public static func stratified(
    _ dataset: SpikeDataset, fraction: Double, seed: UInt64, for purpose: Purpose = .validation,
    among samples: [Int]? = nil
  ) throws -> SampleSplit {
    var members = [[Int]](repeating: [], count: dataset.classes)
    for sample in samples ?? Array(dataset.labels.indices) { members[dataset.labels[sample]].append(sample) }
    let counts = heldOutCounts(members.map(\.count), fraction: fraction, seed: seed, stream: purpose.rawValue)
    var random = RandomStream(seed: seed, stream: purpose.rawValue)
    var held = Set<Int>()
    for (members, count) in zip(members, counts) {
      held.formUnion(random.permutation(members.count).prefix(count).map { members[$0] })
    }
    var split = try SampleSplit(dataset, samples, for: purpose) { held.contains($0) }
    split.wantedShare = fraction
    return split
  }

  /// How many samples to hold out from each class.
  private static func heldOutCounts(_ sizes: [Int], fraction: Double, seed: UInt64, stream: String) -> [Int] {
    let samples = sizes.reduce(0, +)
    let nearest = Int((Double(samples) * fraction).rounded())
    let total = fraction < 1 ? min(nearest, max(0, samples - 1)) : samples
    let quotas = sizes.map { Double($0) * fraction }
    var counts = zip(quotas, sizes).map { min(Int($0.rounded(.down)), $1) }
    // A separate stream, so that the draws within classes do not depend on ties.
    var random = RandomStream(seed: seed, stream: stream + "/ties")
    let lots = random.permutation(sizes.count)
    let order = sizes.indices.sorted {
      (quotas[$1] - Double(counts[$1]), lots[$0]) < (quotas[$0] - Double(counts[$0]), lots[$1])
    }
    var missing = total - counts.reduce(0, +)
    for label in order where missing > 0 && counts[label] < sizes[label] {
      counts[label] += 1
      missing -= 1
    }
    return counts
  }
}
