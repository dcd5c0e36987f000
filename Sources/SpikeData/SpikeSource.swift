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
  public var identity: String { "" }
  public var expectedLateShare: Double { 0 }
  public var testFraction: Double? { nil }
  public func sameSamples(hash: (String) -> ContentHash?) -> (samples: String, remedy: String)? { nil }
}

/// How samples are to be loaded.
public struct LoadingRequest {
  public var binning: Binning
  /// Duration of a step of the network in seconds.
  public var timeStep: Double
  /// Labels must be below it; nil allows any label from 0 up.
  public var classes: Int?
  public var threads: Int
  /// The most bytes that the events of each dataset may take.
  public var memoryLimit: Int
  /// Where binned samples are looked for, and kept.
  public var cache: EventCache?
  /// The hash of the file at a path when the runs were planned: only a file that still has it is loaded.
  public var hash: (String) -> ContentHash?
  /// Asked from time to time; true cancels.
  public var shouldStop: () -> Bool
  /// Called with a file and the fraction of it that is loaded.
  public var progress: (String, Double) -> Void

  public init(
    binning: Binning, timeStep: Double, classes: Int?, threads: Int, memoryLimit: Int = .max,
    cache: EventCache? = nil, hash: @escaping (String) -> ContentHash? = { _ in nil },
    shouldStop: @escaping () -> Bool = { false },
    progress: @escaping (String, Double) -> Void = { _, _ in }
  ) {
    (self.binning, self.classes, self.threads, self.memoryLimit) = (binning, classes, threads, memoryLimit)
    self.cache = cache
    (self.hash, self.shouldStop, self.progress) = (hash, shouldStop, progress)
    self.timeStep = timeStep
  }

  /// Compares a file's hash, taken while it was read, with the planned one.
  /// - Throws: `SpikeDataError`.
  func check(_ found: ContentHash?, of path: String) throws {
    guard let planned = hash(path), planned != found else { return }
    throw SpikeDataError.changed(path)
  }
}

/// Why a source has no samples, and the key of the experiment file that is to blame.
public struct SpikeSourceError: Error, CustomStringConvertible {
  public var key: String
  public var problem: String

  public init(key: String, _ problem: String) { (self.key, self.problem) = (key, problem) }

  public var description: String { "\(key): \(problem)" }
}
