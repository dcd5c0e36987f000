import SafeText

/// The tasks of the runs of an experiment, as far as they were submitted, with what Slurm says about them.
public struct SubmittedRuns: Sendable {
  /// The task that trains a run.
  public struct Job: Sendable, Equatable {
    /// The array job, and the task's index.
    public var job: String
    public var index: Int
    /// Slurm's word; nil if it has forgotten the task, or cannot be asked.
    public var state: String?
    public var reason: String?
    /// Why Slurm cannot be asked; nil if it can.
    public var problem: SlurmQueue.Problem?
    public var node: String?
    /// Whether the task waits or runs.
    public var isActive: Bool
    /// In the experiment's folder.
    public var log: String

    /// `101_3`.
    public var id: String { "\(job)_\(index)" }

    /// Whether the task is known to have ended.
    public var hasEnded: Bool { !isActive && (state != nil || problem == nil) }

    /// How a task ended, as the end of a sentence.
    public var ending: String {
      switch state {
      case "COMPLETED", nil: "ended"
      case "OUT_OF_MEMORY": "ended: out of memory"
      case "TIMEOUT": "ended at the time limit"
      case "NODE_FAIL": "ended: node failure"
      case "FAILED" where reason == JobState.killed: "ended: killed (by a signal, or for its memory)"
      default: text
      }
    }

    /// In words: `running`, `pending (Resources)`, `out of memory`.
    public var text: String {
      guard let state else { return problem.map { "unknown (\($0.text))" } ?? "ended" }
      return JobState.text(state, reason: reason)
    }
  }

  public let submissions: [(number: Int, submission: Submission)]
  public let queue: SlurmQueue
  private let folder: String
  /// By run, in its latest submission.
  private let places: [String: Place]
  /// A log may be that of many runs.
  private let endings = TaskEndings()

  private struct Place {
    var number: Int
    var job: String
    var cluster: String?
    var index: Int
  }

  /// - Parameter folder: `results/<experiment>`.
  public init(folder: String) {
    self.folder = folder
    submissions = Submission.all(in: folder)
    queue = SlurmQueue.read(submissions.map(\.submission))
    var places: [String: Place] = [:]
    for (number, submission) in submissions {
      for task in submission.tasks {
        for run in task.runs {
          places[run] = Place(number: number, job: submission.job, cluster: submission.cluster, index: task.index)
        }
      }
    }
    self.places = places
  }

  public var isEmpty: Bool { submissions.isEmpty }

  /// The array job that has a run, if it waits or runs; nil if not, or if that is not known.
  public func activeJob(of run: String) -> String? {
    guard let place = places[run], queue.task(place.job, place.index)?.isActive ?? false else { return nil }
    return place.job
  }

  /// The number of the submission that has a run, if it is not known whether its task waits or runs.
  public func unknownSubmission(of run: String) -> Int? {
    guard let place = places[run], !queue.isKnown(cluster: place.cluster),
      queue.task(place.job, place.index) == nil
    else { return nil }
    return place.number
  }

  /// The task of a run; nil if it was not submitted.
  public func job(of run: String) -> Job? {
    guard let place = places[run] else { return nil }
    let task = queue.task(place.job, place.index)
    let log = "\(JobScripts.folder)/array-\(place.number)-\(place.index).log"
    var (state, reason) = (task?.state, task?.reason)
    if !(task?.isActive ?? false), ["FAILED", "CANCELLED", nil].contains(state),
      let said = endings.ending(of: "\(folder)/\(log)")
    {
      // The log knows better why it failed.
      if said == TaskLog.killed {
        (state, reason) = (state ?? "FAILED", state == "CANCELLED" ? reason : JobState.killed)
      } else if state == nil || said == "OUT_OF_MEMORY" {
        state = said
      }
    }
    return Job(
      job: place.job, index: place.index, state: state, reason: reason,
      problem: queue.isKnown(cluster: place.cluster) ? nil : queue.problem, node: task?.node,
      isActive: task?.isActive ?? false, log: log)
  }

  /// `job 101: 4 tasks pending (Resources), 2 running on n1, n2`: the arrays of which something waits or runs.
  public var activeJobs: [String] {
    submissions.compactMap { _, submission in
      let tasks = queue.tasks(submission.job).values.filter(\.isActive)
      guard !tasks.isEmpty else { return nil }
      let groups = Dictionary(grouping: tasks) { JobState.text($0.state, reason: $0.reason) }
      let parts = groups.sorted { $0.key < $1.key }.map { name, tasks in
        let nodes = Set(tasks.compactMap(\.node)).sorted()
        return "\(tasks.count) \(name)" + (nodes.isEmpty ? "" : " on \(SafeText.list(nodes, most: 8))")
      }
      return "job \(submission.job): tasks: \(parts.joined(separator: ", "))"
    }
  }
}
