import Engine
import Files
import Foundation
import Networks
import SafeText
import SpikeData
import Training

/// Loads and bins data once for all runs with the same binning. Data that no run needs any more is freed.
public final class DataLoader: @unchecked Sendable {
  private let experiment: Experiment
  /// Hashes of the files when the runs were planned; only matching files are loaded.
  private let fingerprints: InputFingerprints
  private let threads: Int
  private let cache: EventCache?
  private let shouldStop: @Sendable () -> Bool
  private let progress: (String, Double) -> Void

  private struct Key: Hashable {
    var source: DataSource
    var binning: Binning
    /// Nil if the samples do not depend on it.
    var timeStep: Double?
    var classes: Int?

    init(_ run: RunSpecification) {
      (source, binning, classes) = (run.source, run.binning, run.classes)
      switch run.source.timing {
      case .recorded, .values: break
      case .steps: timeStep = run.timeStepSeconds
      }
    }
  }

  private let lock = NSLock()
  // Guarded by `lock`, which is also held while loading: HDF5 reads one file at a time anyway.
  private var loaded: [Key: (train: SpikeDataset, test: SpikeDataset)] = [:]
  /// Runs that have yet to request data.
  private var waiting: [Key: Int] = [:]

  /// - Parameters:
  ///   - cache: where binned data are looked for, and kept.
  ///   - shouldStop: asked while loading, which then throws `CancellationError`.
  ///   - progress: called with a file and the fraction of it that is loaded.
  public init(
    experiment: Experiment, fingerprints: InputFingerprints, threads: Int, cache: EventCache?,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    progress: @escaping (String, Double) -> Void = { _, _ in }
  ) {
    self.experiment = experiment
    self.fingerprints = fingerprints
    self.threads = threads
    self.cache = cache
    self.shouldStop = shouldStop
    self.progress = progress
  }

  /// Why data could not be cached, if so.
  public var cacheFinding: Finding? {
    cache?.problem.map {
      Finding(
        "no_cache", "binned data are not cached: \($0)",
        consequence: "results are the same, but the next start reads "
          + "and bins the files again",
        remedy: "set SNNEXP_CACHE to a folder that can be written, or to off")
    }
  }

  /// The runs ordered so that those with the same data are adjacent, to keep little in memory at once.
  static func ordered(_ candidates: [Candidate]) -> [Candidate] {
    var first: [Key: Int] = [:]
    for (index, candidate) in candidates.enumerated() where first[Key(candidate.run.specification)] == nil {
      first[Key(candidate.run.specification)] = index
    }
    let ranks = candidates.map { first[Key($0.run.specification)] ?? 0 }
    return candidates.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { candidates[$0] }
  }

  /// Keeps what these runs need in memory once loaded, until `release` is called for each.
  func retain(for runs: some Sequence<RunSpecification>) {
    lock.withLock { for run in runs { waiting[Key(run), default: 0] += 1 } }
  }

  /// A run no longer needs its data.
  func release(_ run: RunSpecification) {
    lock.withLock {
      let key = Key(run)
      waiting[key, default: 1] -= 1
      if waiting[key, default: 0] <= 0 { (waiting[key], loaded[key]) = (nil, nil) }
    }
  }

  /// The samples of a run; loads them if they are not in memory.
  ///
  /// - Throws: `InputError` with the location in the experiment file, or the sample and field in the data.
  public func data(for run: RunSpecification) throws -> RunData {
    let (train, test) = try lock.withLock {
      let key = Key(run)
      if let found = loaded[key] { return found }
      // Free old data before loading new.
      for other in Array(loaded.keys) where waiting[other] == nil { loaded[other] = nil }
      let new = try load(run)
      loaded[key] = new
      return new
    }
    return try data(for: run, train: train, test: test)
  }

  /// The samples of a run, taken from its data.
  private func data(for run: RunSpecification, train: SpikeDataset, test: SpikeDataset) throws -> RunData {
    var (training, tested) = (Samples(train), Samples(test))
    var validation: Samples?
    let split: SampleSplit?
    if let fraction = run.source.content.testFraction {
      do {
        let parts = try SampleSplit.stratified(train, fraction: fraction, seed: run.seed, for: .test)
        (training, tested) = (Samples(train, indices: parts.training), Samples(train, indices: parts.validation))
      } catch {
        throw InputError(experiment.diagnostic(forKey: "data.test_fraction", message: "\(error)"))
      }
    }
    do {
      let all = training.indices
      split =
        switch run.validation {
        case .none: nil
        case .speakers(let speakers): try SampleSplit.bySpeakers(train, speakers, among: all)
        case .fraction(let fraction):
          try SampleSplit.stratified(train, fraction: fraction, seed: run.seed, among: all)
        }
      if let split {
        training = Samples(train, indices: split.training)
        validation = Samples(train, indices: split.validation)
      }
    } catch {
      throw InputError(experiment.diagnostic(forKey: "data.validation", message: "\(error)"))
    }
    let shape = DataShape(run, train: train, test: test)
    try check(run, shape)
    if run.training.epochs > 0 && run.training.batchSize > training.count {
      throw InputError(
        experiment.diagnostic(
          forKey: "training.batch_size",
          message: "a batch of \(run.training.batchSize) is larger than the training data: "
            + CountText.count(training.count, "sample")))
    }
    return RunData(
      training: training, validation: validation, test: tested,
      shape: shape, split: split, run: run, fingerprints: fingerprints)
  }

  /// - Throws: `InputError` for a network that analog data of this shape, unknown before, can't have.
  private func check(_ run: RunSpecification, _ shape: DataShape) throws {
    guard run.isAnalog else { return }
    let network = run.network(shape)
    let most = run.hidden.first?.inputDelays == nil ? 65536 : RunSpecification.mostDelayedSenders
    if let encoder = run.encoder, let units = network.encoderUnits, units > most {
      throw InputError(
        experiment.diagnostic(
          forKey: "network.encoder.fan_out",
          message:
            "\(CountText.count(shape.inputs, "channel")) with \(CountText.count(encoder.fanOut, "unit")) each are \(units) "
            + "units, at most \(most) can be"))
    }
    if run.readout.fromStep >= shape.timeBins {
      throw InputError(
        experiment.diagnostic(
          forKey: "network.readout.from_step",
          message: "\(run.readout.fromStep) leaves no step: the data have \(shape.timeBins)"))
    }
  }

  private func load(_ run: RunSpecification) throws -> (train: SpikeDataset, test: SpikeDataset) {
    let request = LoadingRequest(
      binning: run.binning, timeStep: run.timeStepSeconds, classes: run.classes, threads: threads,
      memoryLimit: Self.memoryLimit, cache: cache,
      hash: { [fingerprints] in fingerprints[$0] }, shouldStop: shouldStop, progress: progress)
    let sets: (train: SpikeDataset, test: SpikeDataset)
    do { sets = try run.source.content.load(request) } catch let error as SpikeSourceError {
      throw InputError(experiment.diagnostic(forKey: error.key, message: error.problem))
    }
    for dataset in [sets.train, sets.test] where dataset.facts.emptySamples == dataset.count {
      let (key, problem) = SourceAdvice(run).noSpikes(dataset)
      throw InputError(experiment.diagnostic(forKey: key, message: problem))
    }
    return sets
  }

  /// Maximum bytes for the events of a dataset.
  private static let memoryLimit = max(0, RunMemory.total - RunMemory.program)

  /// The parts of a run that may not fit its data, except the seed.
  private struct Demand: Hashable {
    var validation: ValidationSplit
    var batchSize: Int
    var trains: Bool
    var shuffles: Bool
    var dropsLast: Bool
    var augmentation: Augmentation
    var initialization: Initialization
    var network: NetworkSpecification
  }

  /// Loads the data of each distinct binning once and checks all runs against it: which spikes are lost depends on it.
  /// The data of the first run stay in memory.
  ///
  /// - Parameter check: called with one run per distinct binning, network, split and batch size.
  /// - Returns: the data size of each run.
  /// - Throws: `InputError`, and what `check` throws.
  func validate(
    _ runs: [RunSpecification], check: (RunSpecification, RunData) throws -> Void
  ) throws -> [DataSize] {
    var order: [Key] = []
    var groups: [Key: [Int]] = [:]
    for (index, run) in runs.enumerated() {
      let key = Key(run)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(index)
    }
    var sizes: [DataSize?] = Array(repeating: nil, count: runs.count)
    for key in order.reversed() {
      guard let group = groups[key], let first = group.first else { continue }
      let data = try data(for: runs[first])
      let (train, test) = (data.training.dataset, data.test.dataset)
      var known: [Demand: DataSize] = [:]
      for index in group {
        let run = runs[index]
        let demand = Demand(
          validation: run.validation, batchSize: run.training.batchSize, trains: run.training.epochs > 0,
          shuffles: run.training.shuffle, dropsLast: run.training.dropLast, augmentation: run.training.augmentation,
          initialization: run.initialization,
          network: run.network(DataShape(run, train: train, test: test)))
        if known[demand] == nil {
          let own = try self.data(for: run, train: train, test: test)
          try check(run, own)
          known[demand] = DataSize(own)
        }
        sizes[index] = known[demand]
      }
    }
    return sizes.compactMap { $0 }
  }
}

extension DataShape {
  fileprivate init(_ run: RunSpecification, train: SpikeDataset, test: SpikeDataset) {
    self.init(
      inputs: train.binning.inputs, timeBins: train.binning.timeBins,
      classes: run.classes ?? max(train.classes, test.classes))
  }
}
