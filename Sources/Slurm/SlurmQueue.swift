import Foundation
import SafeText

/// What Slurm says about the tasks of array jobs, and about other jobs: those that wait or run, and for some minutes those
/// that have ended.
public struct SlurmQueue: Sendable {
  /// A task of an array job.
  public struct Task: Sendable, Equatable {
    /// Slurm's word, such as `RUNNING`, `PENDING`, `OUT_OF_MEMORY`.
    public var state: String
    public var node: String?
    public var reason: String?

    /// Whether it waits, runs, or is about to do so again.
    public var isActive: Bool { JobState.isActive(state) }
  }

  /// Why something is not known.
  public enum Problem: Sendable, Equatable {
    /// There is no `squeue` on this machine.
    case noProgram
    /// It has failed, and said this.
    case failed(String)

    /// In a few words.
    public var text: String {
      switch self {
      case .noProgram: "no squeue"
      case .failed: "squeue failed"
      }
    }
  }

  /// nil if all is known.
  public private(set) var problem: Problem?
  /// The clusters about which something is not known; nil in it: the one that has no name.
  private var silent: Set<String?> = []

  private var tasks: [String: [Int: Task]] = [:]
  private var jobs: [String: Task] = [:]

  /// Asks for the jobs of submissions.
  public static func read(_ submissions: [Submission]) -> SlurmQueue {
    var queue = SlurmQueue()
    guard !submissions.isEmpty else { return queue }
    guard let squeue = SlurmProgram("squeue") else {
      (queue.problem, queue.silent) = (.noProgram, Set(submissions.map(\.cluster)))
      return queue
    }
    for (cluster, members) in Dictionary(grouping: submissions, by: \.cluster) {
      let ids = members.flatMap { [$0.job] + ($0.collectJob.map { [$0] } ?? []) }
      let names = Set(members.flatMap { [$0.name, $0.collectName] }).sorted()
      let options =
        [
          "--array", "--noheader", "--states=all", "--jobs=" + ids.joined(separator: ","),
          "--name=" + names.joined(separator: ","), "--format=\(format)",
        ]
        + (cluster.map { ["--clusters=\($0)"] } ?? [])
      do {
        let text = try squeue.output(options)
        guard !queue.add(text) else { continue }
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        queue.problem = .failed(
          "squeue printed something that is no list of jobs: \(SafeText.excerpt(line, limit: 200))")
      } catch {
        // It fails if it has forgotten all of them.
        if "\(error)".contains("Invalid job id") { continue }
        queue.problem = .failed("\(error)")
      }
      queue.silent.insert(cluster)
    }
    return queue
  }

  /// Whether Slurm has told of all jobs of a cluster that it still knows.
  public func isKnown(cluster: String?) -> Bool { !silent.contains(cluster) }

  /// Array, index, state, node, reason; the last may contain anything.
  private static let format = "%F|%K|%T|%N|%r"

  /// Empty.
  public init() {}

  /// - Parameter text: what `squeue` prints in our format.
  /// - Returns: whether it can be that: no line of a job is malformed, and other lines stand only beside those of jobs.
  @discardableResult public mutating func add(_ text: String) -> Bool {
    var (jobLines, others, isWhole) = (0, 0, true)
    // Above the jobs of each of several clusters.
    for line in text.split(separator: "\n") where !line.hasPrefix("CLUSTER: ") {
      let fields = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard fields.count == 5, Submission.isJob(fields[0]), (1...32).contains(fields[2].utf8.count),
        fields[2].utf8.allSatisfy({ (0x41...0x5a).contains($0) || $0 == UInt8(ascii: "_") })
      else {
        if fields.count > 1, Submission.isJob(fields[0]) { isWhole = false }
        others += 1
        continue
      }
      jobLines += 1
      func known(_ text: String) -> String? {
        text.isEmpty || text == "None" || text == "(null)" ? nil : SafeText.excerpt(text)
      }
      let task = Task(state: fields[2], node: known(fields[3]), reason: known(fields[4]))
      if let indices = ArrayList.indices(fields[1], most: 100_000) {
        for index in indices { tasks[fields[0], default: [:]][index] = task }
      } else {
        jobs[fields[0]] = task
      }
    }
    return isWhole && (jobLines > 0 || others == 0)
  }

  /// nil if Slurm knows nothing of it (any more).
  public func task(_ job: String, _ index: Int) -> Task? { tasks[job]?[index] }

  /// The tasks of an array job that are known, by index.
  public func tasks(_ job: String) -> [Int: Task] { tasks[job] ?? [:] }

  /// A job without tasks.
  public func job(_ job: String) -> Task? { jobs[job] }
}
