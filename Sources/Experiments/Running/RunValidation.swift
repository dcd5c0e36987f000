import Engine
import Networks

/// Checks runs against their data before anything starts: what `check` accepts, `run` trains.
public struct RunValidation: Sendable {
  /// Findings a reader of the results must know, without duplicates.
  public private(set) var findings: [Finding]
  /// Bytes that a run may use in addition to the data.
  public private(set) var mostMemory = 0
  /// Predicted cost of each run.
  public private(set) var costs: [RunCost]

  /// - Throws: `InputError` if the data cannot be read or a run cannot be trained on them; `CancellationError`.
  public init(
    _ runs: [RunSpecification], plan: RunPlan, experiment: Experiment, loader: DataLoader, threads: Int
  ) throws {
    var collected = plan.findings
    var (seen, most) = (Set(collected), 0)
    func add(_ findings: [Finding]) {
      for finding in findings where seen.insert(finding).inserted { collected.append(finding) }
    }
    let pool = WorkerPool(threads: 1)
    let sizes = try loader.validate(runs) { run, data in
      let memory = RunMemory(run, data: data, threads: threads)
      do { try memory.check(limit: RunMemory.total) } catch {
        throw InputError(experiment.diagnostic(forKey: memory.decisiveKey, message: "\(error)"))
      }
      most = max(most, memory.training.saturatingPlus(memory.recordings))
      add(run.findings(data.shape) + data.findings)
      if case .file(let path) = run.initialization {
        add(
          try InitialNetwork.make(
            run, data: data, expecting: plan.fingerprints[path], experiment: experiment, pool: pool
          ).findings)
      }
    }
    (findings, mostMemory) = (collected, most)
    costs = zip(runs, sizes).map { RunCost($0, size: $1) }
  }
}
