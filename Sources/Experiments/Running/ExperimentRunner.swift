import Engine
import Files
import Foundation
import MonotonicClock
import Networks
import SafeText
import SpikeData
import Training

/// Trains the runs of an experiment, several at once, alongside other processes working in the same folder.
///
/// Every run is one operation: claim its folder, check its state again, train it, release it.
public final class ExperimentRunner: @unchecked Sendable {
  public let plan: RunPlan
  public let parallelism: Parallelism
  private let experiment: Experiment
  private let options: RunOptions
  private let signalled: @Sendable () -> Bool
  private let events: EventSender
  private let loader: DataLoader
  private let schedule = CheckpointSchedule()
  private let tables: TableWriter
  /// Selected runs that will not be trained.
  private let ended: [Candidate]
  private let wanted: [Candidate]
  private let queue: RunQueue
  private let placement: RunPlacement
  /// Finds nothing with `force`.
  public let continuations: Continuations

  /// The runs selected by the options, in plan order.
  public let chosen: [PlannedRun]

  /// Those of them that are to be trained, in plan order.
  public var unfinished: [PlannedRun] {
    let hashes = Set(wanted.map(\.run.hash))
    return chosen.filter { hashes.contains($0.hash) }
  }

  public struct Outcome: Sendable {
    public var done = 0
    /// Done before.
    public var skipped = 0
    public var failed = 0
    /// Failed before and not retried.
    public var failedBefore = 0
    /// Done by another process meanwhile.
    public var doneElsewhere = 0
    /// A signal left runs unfinished.
    public var interrupted = false
  }

  /// - Parameters:
  ///   - cache: of binned data.
  ///   - shouldStop: asked after every batch, on any thread.
  ///   - notify: called with events, on any thread, one at a time.
  /// - Throws: `InputError` if data files cannot be read or the options select no run.
  public init(
    experiment: Experiment, resultsFolder: String, options: RunOptions, cache: EventCache? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }, notify: @escaping (RunEvent) -> Void = { _ in }
  ) throws {
    self.experiment = experiment
    self.options = options
    signalled = shouldStop
    let events = EventSender(notify)
    self.events = events
    plan = try RunPlan(experiment: experiment, resultsFolder: resultsFolder, cache: cache)
    tables = TableWriter(plan: plan, experiment: experiment)
    placement = RunPlacement(folder: plan.folder)
    chosen = try options.choice.runs(of: plan)
    let candidates = Candidate.all(chosen)
    func isWanted(_ candidate: Candidate) -> Bool {
      switch candidate.condition {
      case .whole, .unfinished(.done): options.force
      case .incomplete, .damaged: true
      case .unfinished(.failed): options.force || options.retryFailed
      case .unfinished: true
      }
    }
    ended = candidates.filter { !isWanted($0) }
    wanted = DataLoader.ordered(candidates.filter(isWanted))
    parallelism = Parallelism(jobs: options.jobs, threads: options.threads, runs: wanted.count, cores: coreCount)
    loader = DataLoader(
      experiment: experiment, fingerprints: plan.fingerprints, threads: max(coreCount, parallelism.threads),
      cache: cache, shouldStop: shouldStop
    ) { events.send(.loading(file: $0, share: $1)) }
    queue = RunQueue(wanted)
    continuations = Continuations(options.force ? [] : wanted.map(\.run), of: plan, experiment: experiment)
  }

  /// Trains unfinished runs and writes all tables.
  ///
  /// - Throws: `InputError` before anything starts; `FileWriteError` if the tables cannot be written.
  public func run() throws -> Outcome {
    for candidate in ended { tellEnded(candidate) }
    let validation: RunValidation
    do {
      validation = try RunValidation(
        wanted.map(\.run.specification), plan: plan, experiment: experiment, loader: loader,
        threads: parallelism.threads)
    } catch is CancellationError {
      queue.count { $0.interrupted = true }
      return queue.outcome
    }
    // Results of earlier calls are shown too, so their findings still apply.
    var told: Set<Finding> = []
    let starts = continuations.findings(wanted.map(\.run))
    for finding in validation.findings + starts + ended.flatMap(\.findings) where told.insert(finding).inserted {
      events.send(.finding(finding))
    }
    // Not statements about the results.
    if let finding = loader.cacheFinding { events.send(.finding(finding)) }
    if !wanted.isEmpty, let finding = Finding.slowProcessor { events.send(.finding(finding)) }
    let jobs =
      options.jobs == nil
      ? max(1, min(parallelism.jobs, RunMemory.available / max(1, validation.mostMemory))) : parallelism.jobs
    events.send(.queued(zip(wanted, validation.costs).map { ($0.run, cost(of: $0, training: $1)) }, jobs: jobs))
    try AtomicFile.createFolder(plan.folder + "/runs")
    // Shards have no runs in common.
    if !wanted.isEmpty, options.choice.shard.map({ $0.count == 1 }) ?? true,
      let finding = LockReach.of(plan.folder + "/runs").finding
    {
      events.send(.finding(finding))
    }
    if options.writesTables {
      AtomicFile.removeLeftovers(in: plan.folder)
      if tables.replacesPlan { events.send(.planReplaced) }
    }
    if !wanted.isEmpty {
      if options.writesTables { try tables.writePlan() }
      loader.retain(for: wanted.map(\.run.specification))
      let host = HostDescription.current(folder: (experiment.path as NSString).deletingLastPathComponent)
      // Counts threads that have started: if the system allows no more, others never start.
      let workers = DispatchGroup()
      for _ in 1..<jobs {
        let thread = Thread {
          workers.enter()
          self.work(host)
          workers.leave()
        }
        thread.stackSize = 8 << 20
        thread.start()
      }
      work(host)
      workers.wait()
      if signalled() && !queue.isEmpty { queue.count { $0.interrupted = true } }
    }
    if options.writesTables { try tables.write() }
    return queue.outcome
  }

  /// Whether the folder's plan is of other runs, whose figures do not fit ours.
  public var replacesPlan: Bool { tables.replacesPlan }

  /// Writes what processes need that train parts of the plan without writing tables: `plan.csv`, `experiment.yaml`,
  /// and a folder for each unfinished run, so that none of them has to choose a name.
  /// - Throws: `FileWriteError`.
  public func prepare() throws {
    try AtomicFile.createFolder(plan.folder + "/runs")
    AtomicFile.removeLeftovers(in: plan.folder)
    if tables.replacesPlan { events.send(.planReplaced) }
    for candidate in wanted where candidate.condition == .unfinished(.pending) {
      _ = try placement.settle(candidate.run)
    }
    try tables.writePlan(settled: true)
  }

  /// Cost of the work: for a run whose files are rebuilt from its weights, one evaluation.
  private func cost(of candidate: Candidate, training cost: RunCost) -> RunCost {
    guard case .incomplete = candidate.condition, !options.force else { return cost }
    return RunCost(epochs: 1, evaluateEvery: 1, training: 0, evaluation: cost.evaluation)
  }

  private func tellEnded(_ candidate: Candidate) {
    if candidate.condition == .unfinished(.failed) {
      queue.count { $0.failedBefore += 1 }
      events.send(.failedBefore(candidate.run, message: candidate.error ?? ""))
    } else {
      queue.count { $0.skipped += 1 }
      events.send(.skipped(candidate.run))
    }
    RunLeftovers.tidy(folder: candidate.run.folder)
  }

  /// One of the threads that train runs.
  private func work(_ host: HostDescription) {
    let pool = WorkerPool(threads: parallelism.threads)
    while !signalled() {
      switch queue.next() {
      case .run(let candidate): process(candidate, pool: pool, host: host)
      case .wait: Thread.sleep(forTimeInterval: 0.05)
      case .end: return
      }
    }
  }

  private func process(_ candidate: Candidate, pool: WorkerPool, host: HostDescription) {
    var run = candidate.run
    do {
      // A damaged report is left as it is, to be reported below.
      if candidate.condition == .unfinished(.pending) { run = try placement.settle(run) }
      guard let claim = try RunClaim.take(folder: run.folder) else {
        if !candidate.isDeferred {
          loader.release(run.specification)
          events.send(.claimedElsewhere(run, holder: RunClaim.holder(folder: run.folder) ?? ""))
        }
        var postponed = candidate
        postponed.run = run
        return queue.postpone(postponed)
      }
      defer { claim.release() }
      if candidate.isDeferred { loader.retain(for: [run.specification]) }
      defer { loader.release(run.specification) }
      // Another process may have trained the run since the folder was checked.
      let found = run.report
      let condition = RunCondition(found, of: run)
      let isChanged = found?.started != candidate.started || condition != candidate.condition
      RunLeftovers.remove(folder: run.folder)
      if isChanged, let found, condition == .whole || found.state == .failed { return tellElsewhere(run, found) }
      let log = RunLog(folder: run.folder)
      switch condition {
      case .incomplete(let reason) where !options.force:
        guard let found else { break }
        events.send(.damaged(run, reason: reason, retrains: false))
        log.write("incomplete: \(reason)")
        return try rebuild(run, found, claim: claim, log: log, pool: pool)
      case .damaged(let reason) where !options.force:
        events.send(.damaged(run, reason: reason, retrains: true))
        log.write("damaged: \(reason); retraining")
      default: if options.force && !isChanged { Checkpoint.remove(folder: run.folder) }
      }
      log.write(
        "started: \(host.name), process \(getpid()), \(CountText.count(pool.threads, "thread")), "
          + "\(Kernels.current.name) kernels")
      try train(run, claim: claim, log: log, pool: pool, host: host)
    } catch is RunClaim.Lost {
      events.send(.claimedElsewhere(run, holder: RunClaim.holder(folder: run.folder) ?? ""))
      var postponed = candidate
      postponed.run = run
      queue.postpone(postponed)
    } catch is CancellationError {
      if signalled() { queue.count { $0.interrupted = true } }
      events.send(.interrupted(run))
    } catch {
      end(run, failure: "\(error)")
    }
    if options.writesTables { tables.writeIfDue() }
  }

  private func tellElsewhere(_ run: PlannedRun, _ report: RunReport) {
    queue.count { if report.state == .done { $0.doneElsewhere += 1 } else { $0.failed += 1 } }
    events.send(.endedElsewhere(run, report.state, message: report.error))
  }

  private func end(_ run: PlannedRun, failure message: String) {
    queue.count { $0.failed += 1 }
    events.send(.failed(run, message: message))
    if options.failFast { queue.stop() }
  }

  /// Trains a claimed run and writes the outcome.
  private func train(_ run: PlannedRun, claim: RunClaim, log: RunLog, pool: WorkerPool, host: HostDescription) throws {
    let specification = run.specification
    var report = RunReport(
      state: .interrupted, hash: run.hash, version: SnnexpVersion.current, gitCommit: host.commit, gitDirty: host.dirty,
      command: options.command, host: host.name, cpu: host.cpu, instructionSet: Kernels.current.name,
      threads: pool.threads, data: specification.source.content.provenance,
      dataFingerprint: plan.fingerprints.byRole(specification), seed: specification.seed,
      seedStreams: ["weights/<tensor>", "shuffle/<epoch>", "validation"]
        + (specification.training.augmentation.isNone ? [] : ["augment/<epoch>/<sample>"]), findings: [], epochsDone: 0,
      wallSeconds: 0,
      started: Date().ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true)))
    do {
      let data = try loader.data(for: specification)
      let execution = try execution(of: run, claim: claim, data: data, log: log, pool: pool)
      report.findings = specification.findings(data.shape) + data.findings + execution.findings
      events.send(
        .started(
          run, samples: data.training.count, inputs: data.shape.inputs,
          parameters: specification.network(data.shape).parameterCount))
      let result = try execution.execute(report: &report)
      if !options.force { continuations.add(run) }
      queue.count { $0.done += 1 }
      events.send(.finished(run, result))
    } catch  where error is RunExecution.Interrupted || error is CancellationError {
      report.state = .interrupted
      try report.write(folder: run.folder)
      if signalled() { queue.count { $0.interrupted = true } }
      events.send(.interrupted(run))
    } catch let error as RunClaim.Lost {
      log.write("another process has taken over")
      throw error
    } catch {
      report.state = .failed
      report.error = "\(error)"
      log.write("failed: \(error)")
      // The folder itself may be unwritable; the failure is reported to the observer anyway.
      try? report.write(folder: run.folder)
      throw error
    }
  }

  private func execution(
    of run: PlannedRun, claim: RunClaim, data: RunData, log: RunLog, pool: WorkerPool
  ) throws -> RunExecution {
    var weights: ContentHash?
    if case .file(let path) = run.specification.initialization { weights = plan.fingerprints[path] }
    return try RunExecution(
      run: run, claim: claim, experiment: experiment, data: data, weights: weights,
      sources: continuations.sources(of: run),
      pool: pool, schedule: schedule, log: log,
      shouldStop: { [signalled, queue] in signalled() || queue.stopped }, notify: events.send)
  }

  /// Rebuilds the files of a finished, claimed run that derive from its weights.
  private func rebuild(
    _ run: PlannedRun, _ found: RunReport, claim: RunClaim, log: RunLog, pool: WorkerPool
  ) throws {
    var report = found
    let data = try loader.data(for: run.specification)
    let result = try execution(of: run, claim: claim, data: data, log: log, pool: pool).rebuild(report: &report)
    queue.count { $0.done += 1 }
    events.send(.finished(run, result))
    if options.writesTables { tables.writeIfDue() }
  }
}
