import Display
import Engine
import Experiments
import Foundation
import SpikeData

/// The unfinished runs of an experiment as tasks of a cluster: each is a shard of the plan, so that a task that is started
/// again has the same runs.
struct TaskPlan {
  /// Number of shards of the plan.
  let shards: Int
  /// Those with unfinished runs.
  let tasks: [(index: Int, runs: [PlannedRun])]
  /// Estimated time of the longest task; nil if nothing was measured.
  let seconds: Double?
  /// The most memory that a task may need, in bytes.
  let memory: Int
  /// What a reader of the results must know.
  let findings: [Finding]

  /// How many tasks, and how long the longest takes.
  var summary: String {
    let count = Format.count(tasks.count, "task")
    guard let seconds else { return count }
    return count + (tasks.count == 1 ? ", about " : "; the longest takes about ") + Format.duration(seconds)
  }

  /// How long a task should take, if nothing else is said, in seconds.
  private static let preferred = 1800.0
  /// Array indices end below Slurm's MaxArraySize, which is 1001 unless a site has changed it.
  private static let most = 1000

  /// Validates the whole sweep as `check` does, and estimates time and memory.
  ///
  /// - Parameters:
  ///   - tasks: at most so many; nil: so that a task takes about half an hour.
  ///   - jobs, threads: of each task.
  /// - Throws: `InputError` if a run can't be trained.
  init(
    _ runner: ExperimentRunner, of experiment: Experiment, tasks: Int?, jobs: Int, threads: Int, cache: EventCache?
  ) throws {
    let plan = runner.plan
    let loader = DataLoader(experiment: experiment, fingerprints: plan.fingerprints, threads: coreCount, cache: cache)
    let validation = try RunValidation(
      plan.runs.map(\.specification), plan: plan, experiment: experiment, loader: loader, threads: threads)
    findings = validation.findings + [Finding.slowProcessor].compactMap { $0 }
    let unfinished = runner.unfinished
    let hashes = Set(unfinished.map(\.hash))
    func values(_ run: RunSpecification) -> [String] { run.swept.map(\.value) }
    let needed = Set(unfinished.map { values($0.specification) })
    let points = experiment.points.compactMap(\.runs.first).filter { needed.contains(values($0)) }
    // On this machine one run at a time is measured: a node has the cores that its task asks for.
    let parallelism = Parallelism(jobs: 1, threads: min(threads, coreCount), runs: 1, cores: coreCount)
    let estimator = RunEstimator(parallelism, points: points.count, budget: 2)
    var seconds: [[String]: Double] = [:]
    var (data, own) = (0, 0)
    for point in points {
      let loaded = try loader.data(for: point)
      let memory = RunMemory(point, data: loaded, threads: threads)
      data = max(data, memory.data)
      own = max(own, memory.training.saturatingPlus(memory.recordings))
      seconds[values(point)] = estimator.seconds(point, data: loaded)
    }
    // Runs on different data have each their own.
    let sources = experiment.sweptKeys.contains { $0.hasPrefix("data") } ? min(jobs, points.count) : 1
    memory = data.saturatingTimes(max(1, sources)).saturatingPlus(own.saturatingTimes(jobs))
      .saturatingPlus(RunMemory.program)
    let each = unfinished.compactMap { seconds[values($0.specification)] }
    let isMeasured = each.count == unfinished.count && !each.isEmpty
    let all = each.reduce(0, +) / Double(jobs)
    let wanted = isMeasured ? min(max(1, Int(min(1e6, (all / Self.preferred).rounded(.up)))), Self.most) : Self.most
    let positions = runner.chosen.indices.filter { hashes.contains(runner.chosen[$0].hash) }
    let count = Shard.count(
      tasks: max(1, min(tasks ?? wanted, positions.count)), positions: positions,
      costs: isMeasured && each.count == positions.count ? each : positions.map { _ in 1 },
      total: runner.chosen.count, most: Self.most)
    var groups: [Int: [PlannedRun]] = [:]
    for position in positions {
      let run = runner.chosen[position]
      groups[Shard.index(at: position, of: count), default: []].append(run)
    }
    shards = count
    self.tasks = groups.keys.sorted().map { ($0, groups[$0] ?? []) }
    self.seconds =
      isMeasured
      ? self.tasks.map { task in
        SweepForecast.makespan(
          begun: [], pending: task.runs.compactMap { seconds[values($0.specification)] }, jobs: jobs)
      }.max() : nil
  }
}
