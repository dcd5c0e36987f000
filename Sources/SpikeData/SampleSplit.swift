import Engine

/// Why a split can't be made.
public struct SampleSplitError: Error, CustomStringConvertible {
  public var description: String
}

/// Training samples and those held out, as ascending indices.
public struct SampleSplit: Sendable {
  public var training: [Int]
  public var validation: [Int]

  /// Holds out all samples of some speakers.
  /// - Throws: `SampleSplitError` if a speaker does not occur or a side is empty.
  public static func bySpeakers(_ dataset: SpikeDataset, _ held: [Int]) throws -> SampleSplit {
    guard let speakers = dataset.speakers else {
      throw SampleSplitError(description: "\(dataset.name) has no extra/speaker")
    }
    let there = Set(speakers)
    for speaker in held where !there.contains(speaker) {
      throw SampleSplitError(
        description: "speaker \(speaker) is not in \(dataset.name): there are "
          + there.sorted().map(String.init).joined(separator: ", "))
    }
    let out = Set(held)
    return try SampleSplit(
      training: speakers.indices.filter { !out.contains(speakers[$0]) },
      validation: speakers.indices.filter { out.contains(speakers[$0]) }
    ).checked()
  }

  /// Holds out a share of each class (rounded to the nearest number of samples), drawn from `seed`.
  /// - Throws: `SampleSplitError` if a side is empty.
  public static func stratified(_ dataset: SpikeDataset, fraction: Double, seed: UInt64) throws -> SampleSplit {
    var random = RandomStream(seed: seed, stream: "validation")
    var held = Set<Int>()
    for label in 0..<dataset.classes {
      let members = dataset.labels.indices.filter { dataset.labels[$0] == label }
      let count = Int((Double(members.count) * fraction).rounded())
      held.formUnion(random.permutation(members.count).prefix(count).map { members[$0] })
    }
    return try SampleSplit(
      training: dataset.labels.indices.filter { !held.contains($0) }, validation: held.sorted()
    ).checked()
  }

  private func checked() throws -> SampleSplit {
    if training.isEmpty { throw SampleSplitError(description: "no sample is left for training") }
    if validation.isEmpty { throw SampleSplitError(description: "no sample is left for validation") }
    return self
  }
}
