import Files

/// Where the training and test samples of an experiment come from.
public protocol SpikeSource: Hashable, Sendable {
  /// The files it reads. Their content is part of a run's identity, their paths are not.
  var files: [InputFile] { get }

  /// All else that the samples depend on, as a line of text; empty if files and keys of the experiment say it all.
  var identity: String { get }

  /// Where the samples come from, for `run.json`.
  var provenance: [String: String] { get }

  /// The fraction of spikes that the source itself puts after the last time bin: no more than that need be reported.
  var expectedLateShare: Double { get }

  /// The fraction of the samples that tests, drawn with the run's seed: training and test samples are then the same
  /// dataset. Nil if the source itself tells them apart.
  var testFraction: Double? { get }

  /// If the test samples are the training samples: which, and what to do about it.
  /// - Parameter hash: the hash of the file at a path.
  func sameSamples(hash: (String) -> ContentHash?) -> (samples: String, remedy: String)?

  /// The samples, binned. Both are the same dataset if one serves as both.
  /// - Throws: `SpikeSourceError` for faults in the data, `CancellationError` if `request.shouldStop` returned true.
  func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset)
}

extension SpikeSource {
  public var files: [InputFile] { [] }

  /// Whether it draws its samples itself, so that there is no file to mend.
  public var isDrawn: Bool { files.isEmpty }

  public var identity: String { "" }
  public var expectedLateShare: Double { 0 }
  public var testFraction: Double? { nil }
  public func sameSamples(hash: (String) -> ContentHash?) -> (samples: String, remedy: String)? { nil }

  /// Whether two paths lead to the same content.
  /// - Parameter hash: the hash of the file at a path; nil if it is not known.
  func isSame(_ first: String, _ second: String, hash: (String) -> ContentHash?) -> Bool {
    first == second || (hash(first) != nil && hash(first) == hash(second))
  }
}
