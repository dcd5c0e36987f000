import Engine
import Foundation
import Networks
import SpikeData
import Training

/// How `snnexp run` goes about it.
public struct RunOptions: Sendable {
  public var threads: Int
  /// Train finished runs again.
  public var force: Bool
  public var command: [String]

  public init(threads: Int, force: Bool, command: [String]) {
    self.threads = threads
    self.force = force
    self.command = command
  }
}

/// What the runner tells whoever shows it.
public enum RunEvent: Sendable {
  case loading(file: String, share: Double)
  case skipped(PlannedRun)
  case started(PlannedRun, samples: Int, parameters: Int)
  case progress(PlannedRun, RunProgress)
  case finished(PlannedRun, RunResult, bySpeaker: [(speaker: Int, right: Int, count: Int)])
  case failed(PlannedRun, message: String)
}

/// Runs an experiment's runs one after another. Sweeps that run several at once take the place of the loop in `run`.
public final class ExperimentRunner {
  private let experiment: Experiment
  public let plan: RunPlan
  private let options: RunOptions
  private let shouldStop: () -> Bool
  private let notify: (RunEvent) -> Void
  private let pool: WorkerPool
  private let loader: DataLoader

  /// - Throws: `InputError` if data files can't be read.
  public init(
    experiment: Experiment, resultsFolder: String, options: RunOptions, shouldStop: @escaping () -> Bool = { false },
    notify: @escaping (RunEvent) -> Void = { _ in }
  ) throws {
    self.experiment = experiment
    self.options = options
    self.shouldStop = shouldStop
    self.notify = notify
    pool = WorkerPool(threads: options.threads)
    loader = DataLoader(experiment: experiment, threads: options.threads) { notify(.loading(file: $0, share: $1)) }
    plan = try RunPlan(experiment: experiment, resultsFolder: resultsFolder)
  }

  public struct Outcome: Sendable {
    public var done = 0
    public var skipped = 0
    public var failed = 0
    public var interrupted = false
  }

  /// Trains what is not finished yet and writes all tables.
  ///
  /// - Throws: `InputError` before anything started; `ResultsError` if the tables can't be written.
  public func run() throws -> Outcome {
    var outcome = Outcome()
    let wanted = plan.runs.filter { options.force || $0.state != .done }
    // Everything is checked before the first run starts.
    for run in wanted {
      let data = try loader.data(for: run.specification)
      if case .file = run.specification.initialization {
        _ = try RunExecution.initialNetwork(
          run.specification, classes: data.classes, experiment: experiment, pool: pool)
      }
    }
    try AtomicFile.createFolder(plan.folder + "/runs")
    let host = HostDescription.current(folder: (experiment.path as NSString).deletingLastPathComponent)
    for run in plan.runs {
      if !wanted.contains(where: { $0.id == run.id }) {
        outcome.skipped += 1
        notify(.skipped(run))
        continue
      }
      let data = try loader.data(for: run.specification)
      var report = RunReport(
        state: .pending, version: SnnexpVersion.current, gitCommit: host.commit, gitDirty: host.dirty,
        command: options.command, host: host.name, cpu: host.cpu, instructionSet: Kernels.current.name,
        threads: pool.threads, data: describe(run.specification.source), seed: run.specification.seed,
        seedStreams: ["weights/<tensor>", "shuffle/<epoch>", "validation"], epochsDone: 0, wallSeconds: 0,
        started: Date().ISO8601Format())
      notify(
        .started(
          run, samples: data.training.count,
          parameters: run.specification.network(classes: data.classes).parameterCount))
      do {
        let execution = RunExecution(
          run: run, experiment: experiment, data: data, pool: pool, shouldStop: shouldStop,
          progress: { [notify] in notify(.progress(run, $0)) })
        let result = try execution.execute(report: &report)
        outcome.done += 1
        notify(.finished(run, result, bySpeaker: Predictions.bySpeaker(result.test, on: data.test)))
      } catch is RunExecution.Interrupted {
        report.state = .interrupted
        try report.write(folder: run.folder)
        outcome.interrupted = true
        break
      } catch {
        outcome.failed += 1
        report.state = .failed
        report.error = "\(error)"
        notify(.failed(run, message: "\(error)"))
        // The folder may be what can't be written; the message above has told.
        try? report.write(folder: run.folder)
      }
    }
    try ResultTables(plan: plan, experiment: experiment).write()
    return outcome
  }

  private func describe(_ source: DataSource) -> [String: String] {
    switch source {
    case .files(let train, let test): ["train": train, "test": test]
    case .synthetic(let synthetic): ["source": "synthetic", "seed": "\(synthetic.seed)"]
    }
  }
}

/// The program's version.
public enum SnnexpVersion {
  public static let current = "0.1.0"
}
