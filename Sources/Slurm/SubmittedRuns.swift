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
    /// Whether Slurm was asked.
    public var isKnown: Bool
    public var node: String?
    /// Whether the task waits or runs.
    public var isActive: Bool
    /// In the experiment's folder.
    public var log: String

    /// `101_3`.
    public var id: String { "\(job)_\(index)" }

    /// How a task ended, as the end of a sentence.
    public var ending: String {
      switch state {
      case "COMPLETED", nil: "ended"
      case "OUT_OF_MEMORY": "ended: out of memory"
      case "TIMEOUT": "ended at the time limit"
      case "NODE_FAIL": "ended: node failure"
      case "FAILED" where reason == Self.killed: "ended: killed (by a signal, or for its memory)"
      default: text
      }
    }

    /// The reason of a task whose step was killed.
    static let killed = "Killed"

    /// In words: `running`, `pending (Resources)`, `out of memory`.
    public var text: String {
      guard let state else { return isKnown ? "ended" : "unknown (no squeue)" }
      let words =
        switch state {
        case "OUT_OF_MEMORY": "out of memory"
        case "TIMEOUT": "time limit"
        case "NODE_FAIL": "node failure"
        case "COMPLETED": "ended"
        case "PENDING" where reason == "BeginTime": "requeued"
        case "FAILED" where reason == Self.killed: "killed"
        default: state.lowercased().replacing("_", with: " ")
        }
      guard let reason, state == "PENDING", reason != "BeginTime" else { return words }
      return "\(words) (\(reason))"
    }
  }

  public let submissions: [(number: Int, submission: Submission)]
  /// nil if Slurm can't be asked.
  public let queue: SlurmQueue?
  private let folder: String
  /// By run, in its latest submission.
  private let places: [String: (number: Int, job: String, index: Int)]

  /// - Parameter folder: `results/<experiment>`.
  public init(folder: String) {
    self.folder = folder
    submissions = Submission.all(in: folder)
    queue = SlurmQueue.read(submissions.map(\.submission))
    var places: [String: (number: Int, job: String, index: Int)] = [:]
    for (number, submission) in submissions {
      for task in submission.tasks {
        for run in task.runs { places[run] = (number, submission.job, task.index) }
      }
    }
    self.places = places
  }

  public var isEmpty: Bool { submissions.isEmpty }

  /// The task of a run; nil if it was not submitted.
  public func job(of run: String) -> Job? {
    guard let (number, job, index) = places[run] else { return nil }
    let task = queue?.task(job, index)
    let log = "\(JobScripts.folder)/array-\(number)-\(index).log"
    var (state, reason) = (task?.state, task?.reason)
    if !(task?.isActive ?? false), ["FAILED", "CANCELLED", nil].contains(state),
      let said = TaskLog.ending("\(folder)/\(log)")
    {
      // The log knows better why it failed.
      if said == TaskLog.killed {
        (state, reason) = (state ?? "FAILED", state == "CANCELLED" ? reason : Job.killed)
      } else if state == nil || said == "OUT_OF_MEMORY" {
        state = said
      }
    }
    return Job(
      job: job, index: index, state: state, reason: reason, isKnown: queue != nil, node: task?.node,
      isActive: task?.isActive ?? false, log: log)
  }

  /// `job 101: 4 tasks pending (Resources), 2 running on n1, n2`: the arrays of which something waits or runs.
  public var activeJobs: [String] {
    submissions.compactMap { _, submission in
      let tasks = (queue?.tasks(submission.job) ?? [:]).values.filter(\.isActive)
      guard !tasks.isEmpty else { return nil }
      let groups = Dictionary(grouping: tasks) { task in
        task.state.lowercased() + (task.state == "PENDING" ? task.reason.map { " (\($0))" } ?? "" : "")
      }
      let parts = groups.sorted { $0.key < $1.key }.map { name, tasks in
        let nodes = Set(tasks.compactMap(\.node)).sorted()
        return "\(tasks.count) \(name)" + (nodes.isEmpty ? "" : " on \(SafeText.list(nodes, most: 8))")
      }
      return "job \(submission.job): tasks: \(parts.joined(separator: ", "))"
    }
  }
}
