import Files

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

  /// The samples of files: from the cache, or else computed and kept. They are computed if there is no cache, or the
  /// planned hash of a file is not known.
  ///
  /// - Parameters:
  ///   - rule: how they are computed from the files, apart from the binning: the layout, and all parameters.
  ///   - files: paths; the first one names the samples.
  /// - Throws: what `compute` throws; `CancellationError`.
  func cached(_ rule: String, of files: [String], compute: () throws -> SpikeDataset) throws -> SpikeDataset {
    let hashes = files.compactMap(hash)
    guard let cache, let name = files.first, hashes.count == files.count else { return try compute() }
    let demand = EventCache.Demand(
      origin: ([rule] + hashes.map { "\($0)" }).joined(separator: ", "), binning: binning, name: name,
      hash: hashes.first, classes: classes, memoryLimit: memoryLimit, threads: threads)
    return try cache.dataset(demand, shouldStop: shouldStop, compute: compute)
  }

  /// Compares a file's hash, taken while it was read, with the planned one.
  /// - Throws: `SpikeDataError`.
  func check(_ found: ContentHash?, of path: String) throws {
    guard let planned = hash(path), planned != found else { return }
    throw SpikeDataError.changed(path)
  }
}
