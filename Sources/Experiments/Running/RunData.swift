import Networks
import SpikeData
import Training

/// The samples of a run.
public struct RunData: Sendable {
  public var training: Samples
  public var validation: Samples?
  public var test: Samples
  public var classes: Int
}

/// Loads and bins data once for all runs that bin it alike, one binning at a time.
public final class DataLoader {
  private let experiment: Experiment
  private let threads: Int
  private let progress: (String, Double) -> Void
  private struct Key: Hashable {
    var source: DataSource
    var binning: Binning
    var classes: Int?
  }
  private var last: (key: Key, train: SpikeDataset, test: SpikeDataset)?

  /// - Parameter progress: called with a file and the share of it that is loaded.
  public init(experiment: Experiment, threads: Int, progress: @escaping (String, Double) -> Void = { _, _ in }) {
    self.experiment = experiment
    self.threads = threads
    self.progress = progress
  }

  /// - Throws: `InputError` with the place in the experiment file or the sample and field in the data.
  public func data(for run: RunSpecification) throws -> RunData {
    let key = Key(source: run.source, binning: run.binning, classes: run.classes)
    if last?.key != key {
      last = nil  // free the old before loading the new
      switch run.source {
      case .files(let train, let test):
        let trainSet = try load(train, "data.train", run)
        last = (key, trainSet, test == train ? trainSet : try load(test, "data.test", run))
      case .synthetic(let synthetic):
        last = (
          key, synthetic.makeTrain(binning: run.binning, threads: threads),
          synthetic.makeTest(binning: run.binning, threads: threads)
        )
      }
    }
    guard let last else { throw InputError("no data") }
    let classes = run.classes ?? max(last.train.classes, last.test.classes)
    var training = Samples(last.train)
    var validation: Samples?
    do {
      switch run.validation {
      case .none: break
      case .speakers(let speakers):
        let split = try SampleSplit.bySpeakers(last.train, speakers)
        (training, validation) = (
          Samples(last.train, indices: split.training), Samples(last.train, indices: split.validation)
        )
      case .fraction(let fraction):
        let split = try SampleSplit.stratified(last.train, fraction: fraction, seed: run.seed)
        (training, validation) = (
          Samples(last.train, indices: split.training), Samples(last.train, indices: split.validation)
        )
      }
    } catch {
      throw InputError(experiment.diagnostic(forKey: "data.validation", message: "\(error)"))
    }
    if run.training.epochs > 0 && run.training.batchSize > training.count {
      throw InputError(
        experiment.diagnostic(
          forKey: "training.batch_size",
          message: "a batch of \(run.training.batchSize) is larger than the training data: \(training.count) samples"))
    }
    return RunData(training: training, validation: validation, test: Samples(last.test), classes: classes)
  }

  private func load(_ path: String, _ key: String, _ run: RunSpecification) throws -> SpikeDataset {
    do {
      return try SpikeFile.load(
        path: path, binning: run.binning, classes: run.classes, threads: threads,
        progress: { [progress] in progress(path, $0) })
    } catch {
      throw InputError(experiment.diagnostic(forKey: key, message: "\(error)"))
    }
  }
}
