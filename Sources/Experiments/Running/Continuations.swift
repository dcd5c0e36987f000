import Foundation
import Networks
import SafeText
import Synchronization
import Training

/// Finds the finished runs that runs with more epochs can continue from: those whose hash is that of the longer run
/// with their own `training.epochs`.
///
/// Thread-safe: `run` adds the runs that it finishes.
public final class Continuations: Sendable {
  private let experiment: Experiment
  private let fingerprints: InputFingerprints
  private let finished: Mutex<[String: FinishedRun]>

  /// Why a run is trained from the start although a shorter one has finished.
  private enum Obstacle: Hashable {
    /// Its rates depend on the number of epochs.
    case schedule(LearningRateSchedule.Kind)
    case noState
    case damaged(String)
  }

  /// Of so many lengths of finished runs, at most, a run tries each: a folder may claim any number.
  private static let mostLengths = 100

  /// - Parameter runs: those that may start; if there are none, no folder is read.
  public init(_ runs: [PlannedRun], of plan: RunPlan, experiment: Experiment) {
    self.experiment = experiment
    fingerprints = plan.fingerprints
    var found: [String: FinishedRun] = [:]
    if runs.contains(where: { $0.specification.training.epochs > 1 }) {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: plan.folder + "/runs")) ?? []).sorted()
      let block = 16
      let blocks = DispatchQueue.concurrentMap((names.count + block - 1) / block) { number in
        names[number * block..<min((number + 1) * block, names.count)].compactMap {
          FinishedRun(id: $0, folder: "\(plan.folder)/runs/\($0)")
        }
      }
      for run in blocks.joined() {
        // Of copies, one that can be used.
        if let other = found[run.hash], other.state != nil, other.quickDamage == nil { continue }
        found[run.hash] = run
      }
    }
    finished = Mutex(found)
  }

  /// A run has finished.
  func add(_ run: PlannedRun) {
    guard let run = FinishedRun(id: run.id, folder: run.folder) else { return }
    finished.withLock { $0[run.hash] = run }
  }

  /// The finished runs of the same configuration with fewer epochs, the longest first.
  private func shorter(than run: PlannedRun) -> [FinishedRun] {
    let finished = finished.withLock { $0 }
    let lengths = Set(finished.values.lazy.map(\.epochs)).filter { $0 < run.specification.training.epochs }
    var fingerprints = fingerprints
    return lengths.sorted(by: >).prefix(Self.mostLengths).compactMap { epochs in
      var shorter = run.specification
      shorter.training.epochs = epochs
      let identity = try? RunIdentity(shorter, experiment: experiment, fingerprints: &fingerprints)
      return identity.flatMap { finished[$0.hash] }.flatMap { $0.epochs == epochs ? $0 : nil }
    }
  }

  /// The runs whose state a run can start from, the longest first.
  func sources(of run: PlannedRun) -> [FinishedRun] { shorter(than: run).filter { obstacle(to: run, from: $0) == nil } }

  private func obstacle(to run: PlannedRun, from shorter: FinishedRun) -> Obstacle? {
    let schedule = run.specification.training.schedule
    if schedule.dependsOnLength { return .schedule(schedule.kind) }
    if shorter.state == nil { return .noState }
    return shorter.quickDamage.map { .damaged($0) }
  }

  /// Where a run that has not begun will start, as far as can be told without reading all files: after which epoch of
  /// which finished run; nil: from the beginning.
  public func start(of run: PlannedRun) -> (run: String, epoch: Int)? {
    run.begins ? sources(of: run).first.map { ($0.id, $0.epochsDone) } : nil
  }

  /// Why runs that have not begun start from the beginning although shorter ones have finished.
  public func findings(_ runs: [PlannedRun]) -> [Finding] {
    var groups: [(obstacle: Obstacle, runs: [(run: PlannedRun, shorter: FinishedRun)])] = []
    for run in runs where run.begins {
      let shorter = shorter(than: run)
      let obstacles = shorter.map { obstacle(to: run, from: $0) }
      guard let first = shorter.first, !obstacles.contains(nil), let obstacle = obstacles.first ?? nil else { continue }
      if let index = groups.firstIndex(where: { $0.obstacle == obstacle }) {
        groups[index].runs.append((run, first))
      } else {
        groups.append((obstacle, [(run, first)]))
      }
    }
    return groups.map { finding($0.obstacle, $0.runs) }
  }

  private func finding(_ obstacle: Obstacle, _ runs: [(run: PlannedRun, shorter: FinishedRun)]) -> Finding {
    let (run, shorter) = runs[0]
    let (more, fewer) = (run.specification.training.epochs, shorter.epochs)
    let count = CountText.count(runs.count, "run") + CountText.verb(runs.count, " starts", " start")
    let example = runs.count == 1 ? shorter.id : "such as \(shorter.id)"
    let from =
      "\(count) over instead of continuing from a finished run of fewer epochs (\(example), "
      + "\(CountText.count(fewer, "epoch")))"
    switch obstacle {
    case .schedule(let kind):
      let (name, remedy) =
        switch kind {
        case .cosine: ("cosine", "a cosine schedule of a fixed length, set with training.schedule.epochs")
        case .oneCycle: ("one_cycle", "another schedule")
        case .constant, .step, .exponential, .plateau: ("learning-rate", "a constant one")
        }
      return Finding(
        "schedule_depends_on_epochs",
        "the \(name) schedule depends on training.epochs: the learning rates of the first \(fewer) of "
          + "\(CountText.count(more, "epoch")) are not those of \(CountText.count(fewer, "epoch"))",
        consequence: from, remedy: "for runs that may be trained further, use \(remedy)")
    case .noState:
      return Finding(
        "no_training_state",
        "\(TrainingState.name), from which a run can be trained further, was not kept (record.state: false, or an "
          + "earlier version)",
        consequence: from + ", which gives the same numbers later",
        remedy: "leave record.state at true for runs that may be trained further")
    case .damaged(let problem):
      return Finding(
        "damaged_training_state", "a finished run's files have changed (\(problem))",
        consequence: from + ", which gives the same numbers later",
        remedy: "restore the file, if there is a copy, before training")
    }
  }
}

extension PlannedRun {
  /// Whether its training has yet to begin: it is not finished, and has no checkpoint to resume from.
  fileprivate var begins: Bool {
    switch state {
    case .done, .running: false
    case .pending, .interrupted, .failed, .damaged:
      !FileManager.default.fileExists(atPath: Checkpoint.path(in: folder))
    }
  }
}
